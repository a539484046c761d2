"""What all routes of this version share: their address, who is counted, how a body is read and an answer written."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Response, abort, current_app, request
from flask_limiter.util import get_remote_address
from flask_login import current_user
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel

from app.config import Config
from app.extensions import csrf, limiter
from app.web.api.v1.problems import problem

LARGEST_BODY_BYTES = 256 * 1024

blueprint = APIBlueprint(
    "api_v1",
    __name__,
    url_prefix="/api/v1",
    abp_security=[{"key": []}],
    abp_responses={
        401: problem("No key, or one that does not work.", "unauthorized", "Send a key that works.", status=401),
        403: problem(
            "The key or its person may not do this.", "forbidden", "Your role does not allow this.", status=403
        ),
        422: problem(
            "The input cannot be used.",
            "invalid",
            "Some of the input cannot be used.",
            fields={"limit": "This must be at least 1."},
        ),
        429: problem(
            "Too many requests; `Retry-After` says in how many seconds to go on.",
            "throttled",
            "Too many attempts in a short time. Wait a minute, then try again.",
            status=429,
        ),
    },
)

# Cookies are never looked at for an address of the API (`web/identity/session.py` reads the key alone there), so there
# is nothing a browser could be made to add on behalf of another site: a token against that would protect nothing.
csrf.exempt(blueprint)


def _limit() -> str:
    config: Config = current_app.extensions["config"]
    return config.api_limit


def _who_asks() -> str:
    """A key, wherever it is used from; without one that works, the address."""
    key_id = getattr(current_user, "api_key_id", None)
    return f"key:{key_id}" if key_id is not None else get_remote_address()


limiter.shared_limit(_limit, scope="api", key_func=_who_asks)(blueprint)


@blueprint.before_request
def read_body() -> None:
    """Refuse a body that is too large, not JSON or not readable, before anything is made of it."""
    request.max_content_length = LARGEST_BODY_BYTES
    if request.method == "POST" and request.get_data():
        try:
            request.get_json()
        except RecursionError:
            abort(400)


def answer(body: BaseModel | dict[str, Any], status: int = 200) -> Response:
    """A body as JSON; what was made names its own address."""
    text = body.model_dump_json() if isinstance(body, BaseModel) else current_app.json.dumps(body)
    response = Response(text, status, content_type="application/json")
    if status == HTTPStatus.CREATED:
        response.headers["Location"] = response.get_json()["url"]
    return response

"""The document of the API (OpenAPI 3.1), made from the routes and their models."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from flask import Response, current_app
from flask_openapi3 import Info, OpenAPI
from flask_openapi3.models import SecurityScheme

from app.web.access import public
from app.web.api.v1.blueprint import answer, blueprint
from app.web.api.v1.problems import Problem, refuse_input
from app.web.api.v1.repeats import HEADER

DESCRIPTION = """Partners read their board, claim and decline; manufacturers bring leads in; both read their leads.

A key acts as its person: what the person may see and do on the pages, it may here, within the key's permissions.
Times are ISO 8601 in UTC, amounts a decimal text with an ISO 4217 currency. Whatever is refused is problem+json."""
KEY = SecurityScheme(type="http", scheme="bearer", description="A key from “My account” or `flask api-keys create`.")
REPEAT = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": (
        "Any text of your own for this one request. The same request sent again within 24 hours is answered as the "
        "first time (`Idempotency-Replayed: true`) and does nothing more; another request with it is refused with 422, "
        "one sent while the first still runs with 409."
    ),
    "schema": {"type": "string", "maxLength": 255},
    "example": "0f8fad5b-d9cb-469f-a165-70867728950e",
}


def describe(app: OpenAPI) -> None:
    """Tell the application what the document says beside its routes, and how input is refused."""
    app.info = Info(title="Pullboard", version="1", description=DESCRIPTION)
    app.security_schemes = {"key": KEY}
    app.validation_error_model = Problem
    app.validation_error_callback = refuse_input


@blueprint.get("/openapi.json", operation_id="readDocument", summary="This document", doc_ui=False)
@public
def document() -> Response:
    """The document, for anybody."""
    return answer(api_document(current_app))  # type: ignore[arg-type]


def api_document(app: OpenAPI) -> dict[str, Any]:
    """The whole document; every write takes the header that makes a repeat harmless."""
    made = deepcopy(app.api_doc)
    for operations in made["paths"].values():
        if "post" in operations:
            operations["post"].setdefault("parameters", []).append(REPEAT)
    return made

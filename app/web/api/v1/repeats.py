"""The `Idempotency-Key` header: a program that does not know whether its request arrived sends it again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from flask import Response, request

from app.domain.errors import Invalid
from app.domain.phrases import N_, Phrase
from app.services import idempotency
from app.web.access import current_viewer
from app.web.api.v1.blueprint import answer

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEY = re.compile(r"[\x21-\x7e]{1,255}")

View = Callable[..., Response]


def idempotent(view: View) -> View:
    """Carry a request with the header out once; what succeeded is answered again as it was, for 24 hours.

    A refusal changes nothing and is not kept: the same key may be sent again when its reason is gone.
    """

    @wraps(view)
    def once(**arguments: Any) -> Response:
        key = request.headers.get(HEADER)
        carry_out = partial(view, **arguments)
        return carry_out() if key is None else _once(key, carry_out)

    return once


def _once(key: str, carry_out: Callable[[], Response]) -> Response:
    if not KEY.fullmatch(key):
        problem = Phrase(N_("The Idempotency-Key must be 1 to 255 visible ASCII characters without spaces."))
        raise Invalid(problem, fields={HEADER: problem})
    actor = current_viewer()
    stored = idempotency.begin_request(actor=actor, key=key, request_hash=_request_hash())
    if stored is not None:
        replayed = answer(stored.body, stored.status)
        replayed.headers[REPLAYED] = "true"
        return replayed
    try:
        response = carry_out()
    except BaseException:
        idempotency.forget_request(actor=actor, key=key)
        raise
    idempotency.keep_answer(actor=actor, key=key, status=response.status_code, body=response.get_json())
    return response


def _request_hash() -> str:
    """What was asked: the address and the body, as they came."""
    return hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.get_data()).hexdigest()

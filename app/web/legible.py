"""What a request may hold at all: text that can be kept, ids that a row can have. The rest is refused at the door."""

from __future__ import annotations

from typing import Any
from urllib.parse import SplitResult, urlsplit

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter

from app.domain.errors import Invalid, NotFound
from app.domain.phrases import N_, Phrase
from app.web.errors import API_PREFIX
from app.web.security import SAFE_METHODS

LARGEST_ID = 2**63 - 1
"""What a bigint column holds."""
_NUL = "\x00"


class RowIdConverter(IntegerConverter):
    """A whole number in an address that a row can have as its id: with any larger one there is no such address."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **{"max": LARGEST_ID, **options})


def init_legible(app: Flask) -> None:
    """Hold every address and every request to it; belongs before the first route."""
    app.url_map.converters["int"] = RowIdConverter
    app.before_request(refuse_illegible)


def refuse_illegible() -> None:
    """Refuse NUL characters, which no text of the database can hold, and JSON where a form is read."""
    if _NUL in request.path:
        raise NotFound
    is_api = request.path.startswith(API_PREFIX)
    if request.method not in SAFE_METHODS and request.is_json and not is_api:
        abort(415)
    sent = [request.args] if is_api else [request.args, request.form]
    if any(_NUL in text for values in sent for pair in values.items(multi=True) for text in pair):
        raise Invalid(Phrase(N_("This text holds characters that cannot be kept.")))


def split_address(text: str | None) -> SplitResult:
    """The parts of an address that somebody sent; of one that is none, nothing."""
    try:
        return urlsplit(text or "")
    except ValueError:
        return urlsplit("")

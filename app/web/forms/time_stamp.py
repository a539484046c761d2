"""When a form was drawn, signed, so that whoever sends it back in no time is noticed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.domain.phrases import N_

FASTEST_PERSON = timedelta(seconds=3)
TOO_FAST = N_("It was filled in within three seconds: perhaps by a program.")
NO_STAMP = N_("It was sent without having been drawn by us: perhaps by a program.")


def drawn_now() -> str:
    """The stamp a form carries from the moment it is drawn."""
    return str(_serializer().dumps("form"))


def suspicion_of(stamp: str) -> str:
    """Why a person should look at what was sent first; empty when nothing speaks against a human sender."""
    try:
        _, drawn_at = _serializer().loads(stamp, return_timestamp=True)
    except BadSignature:
        return NO_STAMP
    return TOO_FAST if datetime.now(UTC) - drawn_at < FASTEST_PERSON else ""


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="prospect-form")

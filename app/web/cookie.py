"""The cookie of a signed-in browser: it carries a random token and nothing else."""

from __future__ import annotations

from flask import session

TOKEN = "auth_token"


def sign_in(token: str) -> None:
    """Put a fresh token into a fresh cookie: nothing of what the anonymous browser carried goes on."""
    session.clear()
    session[TOKEN] = token
    session.permanent = True


def sign_out() -> None:
    """Empty the cookie. What makes it worthless is the ended row."""
    session.clear()

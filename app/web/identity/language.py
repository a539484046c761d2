"""The language pages are read in: with the person when somebody is signed in, else with the browser."""

from __future__ import annotations

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.domain.people import check_language
from app.services import identity
from app.web.access import current_viewer, public
from app.web.identity.blueprint import blueprint
from app.web.identity.session import own_path
from app.web.legible import split_address

COOKIE = "language"
ONE_YEAR_SECONDS = 365 * 24 * 3600


@blueprint.post("/language")
@public
def choose_language() -> ResponseReturnValue:
    """Keep the chosen language and go back to the page the choice was made on."""
    language = request.form.get("language", "")
    check_language(language)
    response = redirect(_page_before(), code=303)
    if current_user.is_authenticated:
        identity.change_language(language=language, actor=current_viewer())
    response.set_cookie(
        COOKIE, language, max_age=ONE_YEAR_SECONDS, samesite="Lax", secure=request.is_secure, httponly=True
    )
    return response


def _page_before() -> str:
    """The path of the page the form stood on."""
    before = split_address(request.referrer)
    if before.netloc != request.host:
        return "/"
    return own_path(before.path + (f"?{before.query}" if before.query else ""))

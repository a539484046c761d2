"""The theme switch: one POST, one cookie, no script."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.web.access import public
from app.web.legible import split_address

COOKIE = "theme"
ONE_YEAR_SECONDS = 365 * 24 * 3600

blueprint = Blueprint("appearance", __name__)


@blueprint.app_context_processor
def appearance() -> dict[str, str | None]:
    """What `base.html` needs to draw the page in the chosen theme and to offer the others."""
    chosen = request.cookies.get(COOKIE) if request else None
    return {"theme": chosen if chosen in ("light", "dark") else None, "theme_url": url_for("appearance.choose")}


@blueprint.post("/theme")
@public
def choose() -> ResponseReturnValue:
    """Keep the chosen theme for this browser and go back to the page the choice was made on."""
    theme = request.form.get("theme", "system")
    response = redirect(_page_before(), code=303)
    if theme in ("light", "dark"):
        response.set_cookie(
            COOKIE, theme, max_age=ONE_YEAR_SECONDS, samesite="Lax", secure=request.is_secure, httponly=True
        )
    else:
        response.delete_cookie(COOKIE)
    return response


def _page_before() -> str:
    """The path of the page the form stood on; another site's address is never followed."""
    before = split_address(request.referrer)
    if before.netloc != request.host or not before.path.startswith("/") or before.path.startswith("//"):
        return "/"
    return before.path + (f"?{before.query}" if before.query else "")

"""The start page is each person's first page: a partner's board, a manufacturer's leads."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from app.web.access import EVERYBODY, allowed
from app.web.navigation import navigation_items

blueprint = Blueprint("start", __name__)


@blueprint.get("/")
@allowed(*EVERYBODY)
def index() -> ResponseReturnValue:
    """Go to the first entry of the person's navigation."""
    entries = navigation_items()
    return redirect(entries[0].url if entries else url_for("identity.profile"), code=303)

"""The screen of the leads that are about to be lost."""

from __future__ import annotations

from flask import render_template

from app.domain.slipping import WATCHER_ROLES
from app.queries.slipping import slipping_view
from app.web.access import allowed, current_viewer
from app.web.slipping.blueprint import blueprint


@blueprint.get("/slipping")
@allowed(*WATCHER_ROLES)
def index() -> str:
    """Which leads are about to be lost, why, and what can be done now."""
    return render_template("slipping/index.html", view=slipping_view(viewer=current_viewer()))

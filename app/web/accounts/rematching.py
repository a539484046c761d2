"""Matching the open leads again: asking for it, and how far it has come."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.identity import MANUFACTURER_ROLES
from app.queries.accounts.rematches import RematchState, rematch_state
from app.services.accounts.rematching import ask_for_rematch
from app.web.access import allowed, current_viewer
from app.web.accounts.blueprint import blueprint
from app.web.htmx import polled, redrawn_or_redirect
from app.web.markup import reader_language
from app.web.partner_pages import NETWORK_WRITERS


@blueprint.get("/rematch-progress")
@allowed(*MANUFACTURER_ROLES)
def rematch_progress() -> ResponseReturnValue:
    """How far the latest run has come; polled while it goes on."""
    state = rematch_state(viewer=current_viewer())
    version = f"{state.version if state else 0}-{reader_language()}"
    return polled(version, lambda: draw_rematch(state))


@blueprint.post("/rematch")
@allowed(*NETWORK_WRITERS)
def rematch() -> ResponseReturnValue:
    """Have the open leads matched again."""
    viewer = current_viewer()
    ask_for_rematch(actor=viewer)
    return redrawn_or_redirect(
        lambda: draw_rematch(rematch_state(viewer=viewer)),
        url_for("accounts.index"),
        _("The open leads are about to be matched again."),
    )


def draw_rematch(state: RematchState | None) -> str:
    """The fragment alone."""
    may_write = current_viewer().has_role(*NETWORK_WRITERS)
    return render_template("accounts/_rematch.html", rematch=state, may_write=may_write)

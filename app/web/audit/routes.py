"""The audit trail on screen: a manufacturer's, and a partner's own people and log-ins."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for

from app.domain.identity import Role
from app.queries.audit.trail import TrailFilters, list_actors, list_events
from app.web.access import allowed, current_viewer
from app.web.audit.forms import TrailForm

blueprint = Blueprint("audit", __name__, url_prefix="/audit")

LONGEST_ID = 18


@blueprint.get("")
@allowed(Role.ADMIN, Role.CHANNEL_MANAGER, Role.ARBITER, Role.PARTNER_ADMIN)
def index() -> str:
    """What happened, newest first."""
    viewer = current_viewer()
    form = TrailForm(request.args, list_actors(viewer=viewer), is_manufacturer=viewer.is_manufacturer)
    form.validate()
    filters = TrailFilters(
        feature=form.feature.data or "",
        kind=request.args.get("kind", ""),
        user_id=_number(form.person.data or ""),
        lead=(form.lead.data or "").strip(),
        first_on=form.first_on.data,
        last_on=form.last_on.data,
    )
    trail = list_events(viewer=viewer, filters=filters, before=_number(request.args.get("before", "")))
    wanted: dict[str, Any] = {name: value for name, value in request.args.to_dict().items() if value}
    next_url = url_for("audit.index", **{**wanted, "before": trail.next_before}) if trail.next_before else None
    return render_template("audit/index.html", trail=trail, form=form, viewer=viewer, next_url=next_url, wanted=wanted)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_ID else None

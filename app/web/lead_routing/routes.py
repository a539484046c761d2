"""Why a lead went where it went, and letting a waiting one go."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import Refused
from app.domain.identity import MANUFACTURER_ROLES
from app.domain.leads import LeadState
from app.queries.distribution import assignment_choice
from app.queries.routing_traces import lead_trace
from app.services.distribution.reviewing import DIRECT_ROLES
from app.services.lead_routing import release_lead
from app.web.access import allowed, current_viewer
from app.web.htmx import go_to
from app.web.lead_routing.forms import ReleaseForm

blueprint = Blueprint("lead_routing", __name__, url_prefix="/leads")


@blueprint.get("/<uuid:lead_id>/routing")
@allowed(*MANUFACTURER_ROLES)
def detail(lead_id: uuid.UUID) -> str:
    """When, to whom, why: each decision, each partnership considered, each round."""
    show, search = request.args.get("show", "all"), request.args.get("search", "")
    trace = lead_trace(
        viewer=current_viewer(),
        lead_id=lead_id,
        decision_id=request.args.get("decision", type=int),
        show=show,
        search=search,
        page=request.args.get("page", 1, type=int),
    )
    return render_template("lead_routing/detail.html", trace=trace, show=show, search=search)


@blueprint.get("/<uuid:lead_id>/release")
@allowed(*DIRECT_ROLES)
def release(lead_id: uuid.UUID) -> str:
    """Ask why a lead that waits may go to partners."""
    return _release_page(lead_id, ReleaseForm())


@blueprint.post("/<uuid:lead_id>/release")
@allowed(*DIRECT_ROLES)
def let_go(lead_id: uuid.UUID) -> ResponseReturnValue:
    """Start the plan of a lead that waits, with the reason."""
    form = ReleaseForm()
    if not form.validate():
        return _release_page(lead_id, form), 422
    try:
        state = release_lead(lead_id=lead_id, actor=current_viewer(), reason=form.reason.data or "")
    except Refused as refusal:
        return _release_page(lead_id, form, refusal), 409
    if state is LeadState.IN_REVIEW:
        flash(_("Released, but no partner may have it: it waits in the reviews."), "warning")
    else:
        flash(_("Released: below is where it went."), "success")
    return go_to(url_for("lead_routing.detail", lead_id=lead_id))


def _release_page(lead_id: uuid.UUID, form: ReleaseForm, refusal: Refused | None = None) -> str:
    choice = assignment_choice(viewer=current_viewer(), lead_id=lead_id)
    return render_template("lead_routing/release.html", choice=choice, form=form, refusal=refusal)

"""The direct queue, and giving a lead to somebody by hand."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import Invalid, Refused
from app.domain.identity import Role
from app.localisation import phrase_text
from app.queries.distribution import AssignmentChoice, assignment_choice, direct_queue
from app.services.distribution.assigning import assign_lead
from app.services.distribution.reviewing import DIRECT_ROLES
from app.web.access import allowed, current_viewer
from app.web.distribution.forms import AssignForm
from app.web.htmx import go_to

blueprint = Blueprint("distribution", __name__)


@blueprint.get("/direct-queue")
@allowed(*DIRECT_ROLES, Role.VIEWER)
def direct() -> str:
    """The leads that wait for a person of the manufacturer, oldest first."""
    viewer = current_viewer()
    return render_template(
        "distribution/direct.html", queue=direct_queue(viewer=viewer), may_act=viewer.has_role(*DIRECT_ROLES)
    )


@blueprint.get("/leads/<uuid:lead_id>/assign")
@allowed(*DIRECT_ROLES)
def assign(lead_id: uuid.UUID) -> str:
    """Ask who takes the lead, and why; `partner` is chosen already, where a page has proposed it."""
    choice = _choice(lead_id)
    form = AssignForm(choice)
    if partner := request.args.get("partner"):
        form.assignee.data = f"partner-{partner}"
    return _page(choice, form)


@blueprint.post("/leads/<uuid:lead_id>/assign")
@allowed(*DIRECT_ROLES)
def give(lead_id: uuid.UUID) -> ResponseReturnValue:
    """Give the lead to a partner or a colleague, whoever has it now."""
    choice = _choice(lead_id)
    form = AssignForm(choice)
    if not form.validate():
        return _page(choice, form), 422
    try:
        assign_lead(lead_id=lead_id, actor=current_viewer(), reason=form.reason.data or "", **form.chosen())
    except Invalid as error:
        form.assignee.errors = [phrase_text(error.phrase)]
        return _page(choice, form), 422
    except Refused as refusal:
        return _page(choice, form, refusal), 409
    flash(_("Assigned. Who takes it has been told by mail."), "success")
    return go_to(url_for("cockpit.detail", lead_id=lead_id))


def _choice(lead_id: uuid.UUID) -> AssignmentChoice:
    return assignment_choice(viewer=current_viewer(), lead_id=lead_id, search=request.args.get("search", ""))


def _page(choice: AssignmentChoice, form: AssignForm, refusal: Refused | None = None) -> str:
    search = request.args.get("search", "")
    return render_template("distribution/assign.html", choice=choice, form=form, refusal=refusal, search=search)

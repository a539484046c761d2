"""Handing a lead back, and taking that back."""

from __future__ import annotations

import uuid

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import Invalid, NotFound, Refused
from app.domain.identity import Viewer
from app.domain.returns import NOT_THIS_REASON, ReturnReason
from app.localisation import phrase_text
from app.queries.cockpit import lead_page
from app.queries.returns import returned_lead
from app.services.cockpit import WORKING_ROLES
from app.services.returning import return_lead, undo_return
from app.web.access import allowed, current_viewer
from app.web.cockpit.answering import redrawn, redrawn_refused, show_problems
from app.web.cockpit.blueprint import blueprint
from app.web.cockpit.forms import ReturnForm
from app.web.htmx import go_to, is_htmx


@blueprint.post("/<uuid:lead_id>/return")
@allowed(*WORKING_ROLES)
def hand_back(lead_id: uuid.UUID) -> ResponseReturnValue:
    """Hand the lead back, with the reason and how good it was; whoever sends it twice reads that it is returned."""
    viewer = current_viewer()
    try:
        page = lead_page(viewer=viewer, lead_id=lead_id)
    except NotFound:
        return go_to(url_for("cockpit.returned", lead_id=returned_lead(viewer=viewer, lead_id=lead_id).lead_id))
    form = ReturnForm()
    if not form.validate():
        return redrawn(page, viewer, 422, back=form)
    try:
        return_lead(
            lead_id=lead_id,
            actor=viewer,
            reason=ReturnReason(form.reason.data),
            note=form.text.data or "",
            quality=int(form.quality.data) if form.quality.data else None,
        )
    except Invalid as invalid:
        show_problems(form, invalid)
        return redrawn(page, viewer, 422, back=form)
    except Refused as refused:
        if refused.code not in NOT_THIS_REASON:
            return redrawn_refused(lead_id, viewer, refused, back=form)
        form.reason.errors = [" ".join(phrase_text(one) for one in (refused.phrase, refused.remedy) if one)]
        return redrawn(lead_page(viewer=viewer, lead_id=lead_id), viewer, 409, back=form)
    flash(_("The lead is returned."), "success")
    return go_to(url_for("cockpit.returned", lead_id=lead_id))


@blueprint.get("/<uuid:lead_id>/returned")
@allowed(*WORKING_ROLES)
def returned(lead_id: uuid.UUID) -> str:
    """What becomes of a lead that was handed back; it can be taken back from here for some minutes."""
    return _draw_returned(lead_id, current_viewer(), "cockpit/returned.html")


@blueprint.post("/<uuid:lead_id>/return/undo")
@allowed(*WORKING_ROLES)
def take_back(lead_id: uuid.UUID) -> ResponseReturnValue:
    """Take the return back, and go on with the lead."""
    viewer = current_viewer()
    try:
        undo_return(lead_id=lead_id, actor=viewer)
    except Refused as refused:
        return _still_returned(lead_id, viewer, refused)
    flash(_("The return is taken back: the lead is worked as before."), "success")
    return go_to(url_for("cockpit.detail", lead_id=lead_id))


def _still_returned(lead_id: uuid.UUID, viewer: Viewer, refused: Refused) -> ResponseReturnValue:
    """What was refused, on the page of the return; on the lead's where somebody has taken the return back before."""
    template = "cockpit/_returned.html" if is_htmx() else "cockpit/returned.html"
    try:
        return _draw_returned(lead_id, viewer, template, refused), 409
    except NotFound:
        return redrawn_refused(lead_id, viewer, refused)


def _draw_returned(lead_id: uuid.UUID, viewer: Viewer, template: str, refused: Refused | None = None) -> str:
    lead = returned_lead(viewer=viewer, lead_id=lead_id)
    return render_template(template, lead=lead, viewer=viewer, refused=refused)

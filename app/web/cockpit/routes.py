"""The list of leads, the page of one, and what may be done there."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.cockpit import ActivityKind, ContactOutcome, StaleEdit
from app.domain.errors import Invalid, NotFound, Refused
from app.domain.leads import LeadState, LostReason, Stage
from app.domain.reassigning import REASSIGNER_ROLES
from app.queries.cockpit import EXPORT_CAP, filter_choices, lead_page, list_leads
from app.queries.returns import may_take_back, undoable_returns
from app.services import cockpit
from app.services.cockpit import WORKING_ROLES, LeadEdit
from app.web.access import EVERYBODY, allowed, current_viewer
from app.web.cockpit import returning
from app.web.cockpit.answering import answered, redrawn, redrawn_refused, show_problems
from app.web.cockpit.blueprint import blueprint
from app.web.cockpit.drawing import close_form, draw_lead, edit_form, qualification_form, take_out_form
from app.web.cockpit.exporting import FORMATS, written
from app.web.cockpit.forms import ActivityForm, FilterForm, read_amount, to_utc
from app.web.cockpit.narrowing import lead_filters, list_links, sort_labels
from app.web.htmx import go_to

__all__ = ["blueprint", "returning"]


@blueprint.get("")
@allowed(*EVERYBODY)
def index() -> str:
    """The leads the viewer owns or works."""
    viewer = current_viewer()
    form = FilterForm(request.args, filter_choices(viewer=viewer), sort_labels())
    found = list_leads(
        viewer=viewer,
        filters=lead_filters(form),
        sort=request.args.get("sort", ""),
        place=request.args.get("place", ""),
    )
    return render_template(
        "cockpit/index.html",
        leads=found,
        form=form,
        viewer=viewer,
        links=list_links(found),
        may_move=viewer.has_role(*REASSIGNER_ROLES),
        returns=undoable_returns(viewer=viewer),
    )


@blueprint.post("/export")
@allowed(*EVERYBODY)
def export() -> Response:
    """The filtered list as a file; that it was taken is kept."""
    viewer = current_viewer()
    form = FilterForm(request.args, filter_choices(viewer=viewer), sort_labels())
    found = list_leads(viewer=viewer, filters=lead_filters(form), sort=request.args.get("sort", ""), limit=EXPORT_CAP)
    file_format = request.form.get("format", "")
    if file_format not in FORMATS:
        file_format = FORMATS[0]
    cockpit.record_export(actor=viewer, file_format=file_format, count=len(found.rows))
    return written(found.rows, file_format, viewer)


@blueprint.get("/<uuid:lead_id>")
@allowed(*EVERYBODY)
def detail(lead_id: uuid.UUID) -> ResponseReturnValue:
    """One lead. A partner's person who sees the contact data for the first time is kept as having been shown it.

    A lead that was returned leads to its return, as long as that can be taken back.
    """
    viewer = current_viewer()
    try:
        page = lead_page(viewer=viewer, lead_id=lead_id)
    except NotFound:
        if may_take_back(viewer=viewer, lead_id=lead_id):
            return go_to(url_for("cockpit.returned", lead_id=lead_id))
        raise
    if viewer.is_partner and not page.is_reveal_logged:
        cockpit.record_reveal(lead_id=lead_id, actor=viewer)
    return draw_lead(page, viewer, "cockpit/detail.html")


@blueprint.post("/<uuid:lead_id>/activities")
@allowed(*WORKING_ROLES)
def log(lead_id: uuid.UUID) -> ResponseReturnValue:
    """Log a contact, a quote or a note: how by the form, what came of it by the button."""
    viewer = current_viewer()
    form = ActivityForm()
    page = lead_page(viewer=viewer, lead_id=lead_id)
    outcome = request.form.get("outcome", "")
    if outcome not in ("", *ContactOutcome) or not form.validate():
        return redrawn(page, viewer, 422, activity=form)
    try:
        cockpit.log_activity(
            lead_id=lead_id,
            actor=viewer,
            kind=_kind(form, outcome),
            outcome=ContactOutcome(outcome) if outcome else None,
            note=form.note.data or "",
            happened_at=to_utc(form.happened_at.data, viewer),
            submitted_key=form.submitted_key.data,
        )
    except Invalid as invalid:
        show_problems(form, invalid)
        return redrawn(page, viewer, 422, activity=form)
    except Refused as refused:
        return redrawn_refused(lead_id, viewer, refused)
    return answered(lead_id, viewer, _("Contact logged."))


@blueprint.post("/<uuid:lead_id>/edit")
@allowed(*WORKING_ROLES)
def edit(lead_id: uuid.UUID) -> ResponseReturnValue:
    """Change stage, forecast and follow-up."""
    viewer = current_viewer()
    page = lead_page(viewer=viewer, lead_id=lead_id)
    form = edit_form(page, viewer, is_sent=True)
    amount = read_amount(form, viewer) if form.validate() else None
    if form.errors:
        return redrawn(page, viewer, 422, edit=form)
    wanted = LeadEdit(Stage(form.stage.data), amount, form.close_on.data, to_utc(form.follow_up_at.data, viewer))
    try:
        changed = cockpit.edit_lead(lead_id=lead_id, actor=viewer, version=form.version.data or 0, edit=wanted)
    except Invalid as invalid:
        show_problems(form, invalid)
        return redrawn(page, viewer, 422, edit=form)
    except StaleEdit as stale:
        form.version.raw_data, form.version.data = None, stale.current_version
        return redrawn_refused(lead_id, viewer, stale, edit=form)
    except Refused as refused:
        return redrawn_refused(lead_id, viewer, refused)
    return answered(lead_id, viewer, _("Saved.") if changed else _("Nothing was changed."))


@blueprint.post("/<uuid:lead_id>/qualification")
@allowed(*WORKING_ROLES)
def qualify(lead_id: uuid.UUID) -> ResponseReturnValue:
    """Note who the contact is in the decision, and what is known of the deal."""
    viewer = current_viewer()
    page = lead_page(viewer=viewer, lead_id=lead_id)
    form = qualification_form(page, is_sent=True)
    if not form.validate():
        return redrawn(page, viewer, 422, qualify=form)
    try:
        changed = cockpit.record_qualification(
            lead_id=lead_id, actor=viewer, version=form.version.data or 0, known=form.known()
        )
    except StaleEdit as stale:
        form.version.raw_data, form.version.data = None, stale.current_version
        return redrawn_refused(lead_id, viewer, stale, qualify=form)
    except Refused as refused:
        return redrawn_refused(lead_id, viewer, refused)
    return answered(lead_id, viewer, _("Saved.") if changed else _("Nothing was changed."))


@blueprint.post("/<uuid:lead_id>/close")
@allowed(*WORKING_ROLES)
def close(lead_id: uuid.UUID) -> ResponseReturnValue:
    """Close the lead as won or lost."""
    viewer = current_viewer()
    page = lead_page(viewer=viewer, lead_id=lead_id)
    form = close_form(page, is_sent=True)
    is_won = form.result.data == Stage.WON.value
    amount = read_amount(form, viewer) if form.validate() and is_won else None
    if form.errors:
        return redrawn(page, viewer, 422, close=form)
    given: dict[str, Any] = {
        "lead_id": lead_id,
        "actor": viewer,
        "version": form.version.data,
        "quality": int(form.quality.data) if form.quality.data else None,
        "note": form.text.data or "",
    }
    try:
        if is_won:
            cockpit.close_won(**given, revenue=amount)
        else:
            reason = LostReason(form.lost_reason.data) if form.lost_reason.data else None
            cockpit.close_lost(**given, reason=reason, competitor=form.lost_to.data or "")
    except Invalid as invalid:
        show_problems(form, invalid)
        return redrawn(page, viewer, 422, close=form)
    except StaleEdit as stale:
        form.version.raw_data, form.version.data = None, stale.current_version
        return redrawn_refused(lead_id, viewer, stale, close=form)
    except Refused as refused:
        return redrawn_refused(lead_id, viewer, refused)
    return answered(lead_id, viewer, _("The lead is closed."))


@blueprint.post("/<uuid:lead_id>/take-out")
@allowed(*cockpit.MANUFACTURERS_WORKERS)
def take_out(lead_id: uuid.UUID) -> ResponseReturnValue:
    """Disqualify or withdraw the lead."""
    viewer = current_viewer()
    page = lead_page(viewer=viewer, lead_id=lead_id)
    form = take_out_form(viewer)
    if not form.validate():
        return redrawn(page, viewer, 422, take_out=form)
    write = cockpit.withdraw_lead if form.state.data == LeadState.WITHDRAWN.value else cockpit.disqualify_lead
    try:
        write(lead_id=lead_id, actor=viewer, reason=form.reason.data or "")
    except Refused as refused:
        return redrawn_refused(lead_id, viewer, refused)
    return answered(lead_id, viewer, _("The lead was taken out."))


def _kind(form: ActivityForm, outcome: str) -> ActivityKind:
    """The chosen kind; without an outcome only a quote or a note can be meant."""
    kind = ActivityKind(form.kind.data)
    return kind if outcome or kind is ActivityKind.QUOTE else ActivityKind.NOTE

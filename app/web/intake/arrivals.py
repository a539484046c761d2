"""What arrived: the list, quarantine, one arrival with its correction, and a lead entered by hand."""

from __future__ import annotations

from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import Invalid
from app.domain.identity import MANUFACTURER_ROLES, Role
from app.domain.intake.arrival import Arrival
from app.domain.intake.fields import LeadField
from app.domain.labels import label_of
from app.domain.leads import SourceKind
from app.domain.submissions import Channel, SubmissionState
from app.queries.intake.likely_duplicates import LikelyDuplicate, list_likely_duplicates
from app.queries.intake.submissions import (
    SubmissionFilter,
    count_by_state,
    list_submissions,
    next_in_quarantine,
    submission_detail,
)
from app.queries.intake.web_forms import list_product_choices
from app.services import intake
from app.web.access import allowed, current_viewer
from app.web.htmx import go_to
from app.web.intake.blueprint import blueprint
from app.web.intake.forms import FilterForm, LeadForm, RejectForm, correction_form
from app.web.problems import show_problems

DESK = (Role.ADMIN, Role.CHANNEL_MANAGER, Role.INSIDE_SALES)


@blueprint.get("")
@allowed(*MANUFACTURER_ROLES)
def index() -> str:
    """Everything that arrived, whatever became of it."""
    viewer = current_viewer()
    form = FilterForm(request.args)
    form.offer()
    form.validate()
    wanted = SubmissionFilter(
        channel=Channel(form.channel.data) if form.channel.data in set(Channel) else None,
        state=SubmissionState(form.state.data) if form.state.data in set(SubmissionState) else None,
        since=form.since.data,
        until=form.until.data,
        import_id=request.args.get("import", type=int),
    )
    page = list_submissions(viewer=viewer, wanted=wanted, before=request.args.get("before", type=int))
    return render_template(
        "intake/index.html",
        page=page,
        form=form,
        counts=count_by_state(viewer=viewer),
        is_narrowed=wanted != SubmissionFilter(),
        next_url=_next_url(page.next_before),
    )


@blueprint.get("/quarantine")
@allowed(*MANUFACTURER_ROLES)
def quarantine() -> str:
    """What could not be read and waits for a person."""
    page = list_submissions(
        viewer=current_viewer(),
        wanted=SubmissionFilter(state=SubmissionState.QUARANTINED),
        before=request.args.get("before", type=int),
    )
    return render_template("intake/quarantine.html", page=page, next_url=_next_url(page.next_before))


@blueprint.get("/<int:submission_id>")
@allowed(*MANUFACTURER_ROLES)
def submission(submission_id: int) -> str:
    """One arrival: what was received, what is wrong with it, and the way to mend it."""
    return _submission_page(submission_id)


@blueprint.post("/<int:submission_id>/correct")
@allowed(*DESK)
def correct(submission_id: int) -> ResponseReturnValue:
    """Try again with what the person wrote over the received cells."""
    viewer = current_viewer()
    before = submission_detail(viewer=viewer, submission_id=submission_id)
    received = {field.value: cell for field, cell in before.cells.items()}
    written = {field.value: request.form.get(field.value, "").strip() for field in LeadField}
    changed = {name: text for name, text in written.items() if text != received.get(name, "").strip()}
    outcome = intake.correct_submission(actor=viewer, submission_id=submission_id, corrections=changed)
    if outcome.lead_id is None:
        return _submission_page(submission_id), 422
    flash(_told(outcome.state), "success")
    return go_to(url_for("intake.submission", submission_id=submission_id))


@blueprint.post("/<int:submission_id>/reject")
@allowed(*DESK)
def reject(submission_id: int) -> ResponseReturnValue:
    """Decide that it is no lead."""
    form = RejectForm()
    try:
        intake.reject_submission(
            actor=current_viewer(), submission_id=submission_id, reason=(form.reason.data or "").strip()
        )
    except Invalid as error:
        show_problems(form, error)
        return _submission_page(submission_id, reject_form=form), 422
    flash(_("It is kept as rejected, with your reason."), "success")
    return go_to(url_for("intake.quarantine"))


@blueprint.get("/new")
@allowed(*DESK)
def new() -> str:
    """The form for one lead by hand."""
    return _entry_page(_lead_form())


@blueprint.post("/new")
@allowed(*DESK)
def enter() -> ResponseReturnValue:
    """Take a lead in; before, show those it may repeat, unless the person has looked at them."""
    viewer = current_viewer()
    form = _lead_form()
    if not form.validate():
        return _entry_page(form), 422
    alike = [] if form.confirmed.data else _alike(form)
    if alike:
        return _entry_page(form, alike), 409
    arrival = Arrival(source_kind=SourceKind(form.source_kind.data), source_name=form.source.data or "")
    try:
        outcome = intake.take_in_lead(
            actor=viewer, raw=form.cells(), channel=Channel.MANUAL, arrival=arrival, is_quarantine_refused=True
        )
    except Invalid as error:
        status = show_problems(form, error)
        return _entry_page(form), status
    flash(_told(outcome.state), "success")
    return go_to(url_for("cockpit.detail", lead_id=outcome.lead_id))


def _told(state: SubmissionState) -> str:
    if state is SubmissionState.MERGED:
        return _("The same person has asked for this before: it was added to that lead.")
    return _("It is a lead now, on its way to whoever may see it.")


def _lead_form() -> LeadForm:
    form = LeadForm()
    form.offer(list_product_choices(viewer=current_viewer()))
    return form


def _alike(form: LeadForm) -> list[LikelyDuplicate]:
    return list_likely_duplicates(
        viewer=current_viewer(),
        email=form.email.data or "",
        phone=form.phone.data or "",
        company=form.company.data or "",
        country=form.country.data or "",
    )


def _entry_page(form: LeadForm, alike: list[LikelyDuplicate] | None = None) -> str:
    return render_template("intake/new.html", form=form, alike=alike or [], label_of=label_of)


def _submission_page(submission_id: int, reject_form: RejectForm | None = None) -> str:
    viewer = current_viewer()
    detail = submission_detail(viewer=viewer, submission_id=submission_id)
    return render_template(
        "intake/submission.html",
        detail=detail,
        form=correction_form(detail),
        hints={LeadField.PRODUCTS.value: _catalogue_hint()},
        reject_form=reject_form or RejectForm(formdata=None),
        next_id=next_in_quarantine(viewer=viewer, submission_id=submission_id) if detail.corrected else None,
        may_correct=viewer.role in DESK and detail.row.state is SubmissionState.QUARANTINED,
    )


def _catalogue_hint() -> str:
    """What the door knows as products."""
    known = ", ".join(product.code for product in list_product_choices(viewer=current_viewer()))
    return _("In the catalogue: %(codes)s", codes=known)


def _next_url(before: int | None) -> str | None:
    if before is None:
        return None
    kept: dict[str, Any] = {name: value for name, value in request.args.items() if name != "before"}
    return url_for(request.endpoint or "intake.index", **kept, before=before)

"""What the lead's page is drawn from: the lead, fresh or refused forms, and what was refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import current_app, render_template, url_for
from flask_babel import gettext as _

from app.domain.cockpit import OPEN_STAGES, DutyOf, StaleEdit
from app.domain.distribution import RoundKind
from app.domain.errors import NotFound, Refused
from app.domain.identity import Role, Viewer
from app.domain.labels import label_of
from app.domain.leads import CLOSED_STATES, LeadState, Stage
from app.domain.phrases import Phrase
from app.domain.qualification import ContactRole, QualificationField
from app.domain.returns import DEFAULT_RETURN_RULES, ReturnReason
from app.localisation import phrase_text
from app.queries.cockpit import LeadPage
from app.queries.profiles import company_of_lead
from app.queries.returns import ReturnedLead, goes_to_person_anyway, returned_lead
from app.services.cockpit import WORKING_ROLES
from app.services.distribution.reviewing import DIRECT_ROLES
from app.web.cockpit.forms import (
    ActivityForm,
    CloseForm,
    EditForm,
    QualificationForm,
    ReturnForm,
    TakeOutForm,
    amount_text,
    offer_currencies,
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that somebody else changed meanwhile: what the lead says now, what the reader wanted."""

    label: str
    theirs: object
    mine: object


@dataclass(frozen=True, slots=True)
class StageStep:
    """One step of the stage bar."""

    label: Phrase
    is_done: bool
    is_current: bool


def draw_lead(
    page: LeadPage,
    viewer: Viewer,
    template: str,
    *,
    activity: ActivityForm | None = None,
    edit: EditForm | None = None,
    close: CloseForm | None = None,
    take_out: TakeOutForm | None = None,
    qualify: QualificationForm | None = None,
    back: ReturnForm | None = None,
    refused: Refused | None = None,
) -> str:
    """The lead's page or its fragment; a form that is given is drawn as it was sent, with its errors."""
    may_work = viewer.has_role(*WORKING_ROLES)
    is_worked, is_open = may_work and page.state is LeadState.ASSIGNED, page.state not in CLOSED_STATES
    return render_template(
        template,
        lead=page,
        now=page.now,
        steps=_steps(page),
        acts=_who_acts(page),
        is_worked=is_worked,
        may_take_out=may_work and is_open and viewer.is_manufacturer,
        is_handed_out=_is_handed_out(page, viewer),
        on_behalf_of=page.work.partner if viewer.is_manufacturer and page.work else None,
        may_qualify=may_work and is_open,
        what_follows=_what_follows(page) if is_worked else {},
        company=company_of_lead(viewer=viewer, lead_id=page.id),
        refused=refused,
        differences=_differences(refused) if isinstance(refused, StaleEdit) else [],
        routing_url=_routing_url(page, viewer),
        returned=_returned(page, viewer),
        opened=_opened(edit=edit, close=close, out=take_out, qualify=qualify, back=back),
        activity=activity or ActivityForm(formdata=None),
        back=back or ReturnForm(formdata=None),
        **_filled_forms(page, viewer, edit, close, take_out, qualify),
    )


def _filled_forms(
    page: LeadPage,
    viewer: Viewer,
    edit: EditForm | None,
    close: CloseForm | None,
    take_out: TakeOutForm | None,
    qualify: QualificationForm | None,
) -> dict[str, object]:
    """The forms that begin with what the lead says: each as it was sent, else fresh."""
    return {
        "edit": edit or edit_form(page, viewer),
        "close": close or close_form(page),
        "take_out": take_out or take_out_form(viewer, is_fresh=True),
        "qualify": qualify or qualification_form(page),
    }


def edit_form(page: LeadPage, viewer: Viewer, *, is_sent: bool = False) -> EditForm:
    """The form of an edit, filled from the lead, or read from the request."""
    values = {
        "version": page.version,
        "stage": page.stage.value,
        "expected_revenue": amount_text(page.expected_revenue),
        "currency": page.currency,
        "close_on": page.close_on,
        "follow_up_at": _local(page.follow_up_at, viewer),
    }
    form = EditForm() if is_sent else EditForm(formdata=None, data=values)
    offer_currencies(form, page)
    return form


def close_form(page: LeadPage, *, is_sent: bool = False) -> CloseForm:
    """The form of closing, filled from the lead, or read from the request."""
    values = {
        "version": page.version,
        "expected_revenue": amount_text(page.expected_revenue),
        "currency": page.currency,
    }
    form = CloseForm() if is_sent else CloseForm(formdata=None, data=values)
    offer_currencies(form, page)
    return form


def qualification_form(page: LeadPage, *, is_sent: bool = False) -> QualificationForm:
    """The form of what is known of the contact and the deal, filled from the lead, or read from the request."""
    if is_sent:
        return QualificationForm()
    answers = {one.value: text for one, text in page.qualification.items()}
    role = page.contact_role.value if page.contact_role else ""
    values = {"version": page.version, "contact_role": role, "department": page.prospect.department, **answers}
    return QualificationForm(formdata=None, data=values)


def take_out_form(viewer: Viewer, *, is_fresh: bool = False) -> TakeOutForm:
    """The form of disqualifying and, for those who decide it, withdrawing."""
    may_withdraw = viewer.has_role(Role.ADMIN, Role.CHANNEL_MANAGER)
    if is_fresh:
        return TakeOutForm(formdata=None, may_withdraw=may_withdraw)
    return TakeOutForm(may_withdraw=may_withdraw)


def _what_follows(page: LeadPage) -> dict[str, str]:
    """What becomes of a returned lead, over the first reason of those it follows from."""
    person = _("A person at %(name)s decides what becomes of it:", name=page.manufacturer)
    reviewed = DEFAULT_RETURN_RULES.reviewed
    first_asked, first_reviewed = (
        next(reason.value for reason in ReturnReason if (reason in reviewed) is is_reviewed)
        for is_reviewed in (False, True)
    )
    if page.work is not None and goes_to_person_anyway(assignment_id=page.work.assignment_id):
        return {first_asked: person}
    return {first_asked: _("The next partner is asked at once:"), first_reviewed: person}


def _returned(page: LeadPage, viewer: Viewer) -> ReturnedLead | None:
    """The return that a manufacturer's lead on its way came from, if it came from one."""
    if page.work is not None or not viewer.is_manufacturer:
        return None
    try:
        return returned_lead(viewer=viewer, lead_id=page.id)
    except NotFound:
        return None


def _opened(**forms: object) -> str:
    """Which form was sent and stands open: the first that was given."""
    return next((name for name, form in forms.items() if form), "")


def _local(moment: datetime | None, viewer: Viewer) -> datetime | None:
    return moment.astimezone(ZoneInfo(viewer.time_zone)).replace(tzinfo=None) if moment else None


def _is_handed_out(page: LeadPage, viewer: Viewer) -> bool:
    """Whether the lead waits for one of its manufacturer's people to give it to somebody, and the viewer may."""
    is_waiting = page.may_be_released or page.round_kind is RoundKind.DIRECT
    return is_waiting and viewer.is_manufacturer and viewer.has_role(*DIRECT_ROLES)


def _steps(page: LeadPage) -> list[StageStep]:
    is_closed = page.stage in (Stage.WON, Stage.LOST)
    reached = len(OPEN_STAGES) if is_closed else OPEN_STAGES.index(page.stage)
    last = label_of(page.stage) if is_closed else Phrase("%(won)s / %(lost)s", _ends())
    steps = [StageStep(label_of(stage), place < reached, place == reached) for place, stage in enumerate(OPEN_STAGES)]
    return [*steps, StageStep(last, False, is_closed)]


def _ends() -> dict[str, object]:
    return {"won": label_of(Stage.WON), "lost": label_of(Stage.LOST)}


def _who_acts(page: LeadPage) -> str:
    names = {
        DutyOf.MANUFACTURER: page.manufacturer,
        DutyOf.PARTNERS: _("Partners"),
        DutyOf.PARTNER: page.work.name if page.work else "",
        DutyOf.NOBODY: "",
    }
    return names[page.duty.who]


def _differences(stale: StaleEdit) -> list[Difference]:
    labels = {
        "stage": _("Stage"),
        "expected_revenue": _("Expected revenue"),
        "close_on": _("Close in sight"),
        "follow_up_at": _("Follow-up"),
        "contact_role": _("Role of the contact"),
        "department": _("Department"),
    }
    labels |= {one.value: phrase_text(label_of(one)) for one in QualificationField}
    return [
        Difference(labels.get(name, name), _shown(stale.theirs.get(name)), _shown(mine))
        for name, mine in stale.mine.items()
    ]


def _shown(value: object) -> object:
    return label_of(value) if isinstance(value, Stage | ContactRole) else value


def _routing_url(page: LeadPage, viewer: Viewer) -> str | None:
    is_there = "lead_routing.detail" in current_app.view_functions
    return url_for("lead_routing.detail", lead_id=page.id) if viewer.is_manufacturer and is_there else None

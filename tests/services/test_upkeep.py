"""After the first contact: leads that fall asleep, follow-ups that come, long deals that are kept warm."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.audit import EventKind
from app.domain.cockpit import ActivityKind, ContactOutcome
from app.domain.deadlines import DeadlineKind
from app.domain.distribution import AssignmentEnd
from app.domain.leads import LeadState, Stage
from app.domain.notifications import MailKind
from app.domain.stalling import StallAction
from app.models import Assignment, Deadline, Event, Lead, ManufacturerSettings, OutboxMessage
from app.queries.network.settings import manufacturer_settings
from app.services.cockpit import LeadEdit, edit_lead, log_activity
from app.services.deadlines import enforce_deadlines
from app.services.distribution.assigning import assign_lead
from app.services.network.settings import change_settings
from tests.boards import put_on_board
from tests.cast import Cast
from tests.conftest import TimeMachine
from tests.silences import claimed, pass_until, pending

QUIET = (StallAction.REMIND_PARTNER, StallAction.TELL_CHANNEL_MANAGER, StallAction.RETURN_TO_DISTRIBUTION)


def call(lead: Lead, cast: Cast, name: str = "nils") -> None:
    log_activity(lead_id=lead.id, actor=cast.viewer(name), kind=ActivityKind.CALL, outcome=ContactOutcome.REACHED)


def told(session: Session, kind: MailKind) -> list[int | None]:
    return list(session.scalars(select(OutboxMessage.user_id).where(OutboxMessage.kind == kind)))


def promised(session: Session, lead: Lead, kind: DeadlineKind) -> list[Deadline]:
    return [one for one in pending(session, lead) if one.kind is kind]


@pytest.mark.covers("K-13", "W-08")
def test_a_quiet_lead_is_reminded_of_then_escalated_then_offered_to_others(
    session: Session, cast: Cast, clock: TimeMachine
) -> None:
    cast.partnerships["nordwind"].channel_manager_id = cast.people["carl"].id
    lead = claimed(session, cast)
    call(lead, cast)
    steps = promised(session, lead, DeadlineKind.ACTIVITY_DUE)
    assert [step.stall for step in steps] == list(QUIET)

    clock.pass_time(days=13, hours=23)
    assert enforce_deadlines() == 0
    clock.pass_time(hours=2)
    assert enforce_deadlines() == 1
    assert told(session, MailKind.STALLED_TO_PARTNER) == [cast.people["nils"].id]
    work = session.scalars(select(Assignment).where(Assignment.lead_id == lead.id)).one()
    assert work.stalled_at is not None
    clock.pass_time(days=7)
    enforce_deadlines()
    assert told(session, MailKind.STALLED_TO_CHANNEL_MANAGER) == [cast.people["carl"].id]
    clock.pass_time(days=9)
    enforce_deadlines()
    session.refresh(work)
    session.refresh(lead)
    assert (work.end, lead.state) == (AssignmentEnd.RE_ROUTED, LeadState.DISTRIBUTING)
    assert not [one for one in pending(session, lead) if one.assignment_id == work.id]
    kinds = session.scalars(select(Event.data["what"].astext).where(Event.kind == EventKind.LEAD_STALLED)).all()
    assert kinds == [action.value for action in QUIET]


@pytest.mark.covers("K-13")
def test_each_activity_begins_the_silence_anew(session: Session, cast: Cast, clock: TimeMachine) -> None:
    lead = claimed(session, cast)
    call(lead, cast)
    clock.pass_time(days=15)
    enforce_deadlines()
    log_activity(lead_id=lead.id, actor=cast.viewer("nils"), kind=ActivityKind.NOTE, note="Waits for the budget")
    work = session.scalars(select(Assignment).where(Assignment.lead_id == lead.id)).one()
    session.refresh(work)
    assert work.stalled_at is None
    first = promised(session, lead, DeadlineKind.ACTIVITY_DUE)[0]
    assert timedelta(days=13) < first.due_at - read_clock(session) <= timedelta(days=14)


@pytest.mark.covers("K-12")
def test_a_long_deal_is_kept_warm_until_day_180(session: Session, cast: Cast, clock: TimeMachine) -> None:
    lead = claimed(session, cast)
    for _month in range(7):
        for _half in range(2):
            call(lead, cast)
            clock.pass_time(days=15, minutes=2)
            enforce_deadlines()
    touches = session.scalars(select(Event).where(Event.kind == EventKind.LEAD_NURTURE_TOUCH)).all()
    assert len(touches) == 6
    assert told(session, MailKind.NURTURE_TO_WORKER) == [cast.people["nils"].id] * 6
    assert promised(session, lead, DeadlineKind.NURTURE_DUE) == []


@pytest.mark.covers("K-05", "K-12", "K-13")
def test_a_follow_up_holds_silence_and_touches_off_and_its_worker_is_told_when_it_has_come(
    session: Session, cast: Cast, clock: TimeMachine
) -> None:
    lead = claimed(session, cast)
    call(lead, cast)
    session.refresh(lead)
    date = read_clock(session) + timedelta(days=45)
    edit_lead(
        lead_id=lead.id,
        actor=cast.viewer("nils"),
        version=lead.version,
        edit=LeadEdit(Stage.CONTACTED, follow_up_at=date),
    )
    clock.pass_time(days=44)
    assert enforce_deadlines() == 0, "somebody will call"
    clock.pass_time(days=2)
    enforce_deadlines()
    assert told(session, MailKind.FOLLOW_UP_TO_WORKER) == [cast.people["nils"].id]
    assert told(session, MailKind.STALLED_TO_PARTNER) == []


@pytest.mark.covers("W-10")
def test_a_sellers_quiet_lead_stays_the_sellers(session: Session, cast: Cast, clock: TimeMachine) -> None:
    lead = put_on_board(session, cast)
    assign_lead(lead_id=lead.id, actor=cast.viewer("carl"), reason="Ours", user_id=cast.people["ines"].id)
    call(lead, cast, "ines")
    clock.pass_time(days=60)
    enforce_deadlines()
    session.refresh(lead)
    assert lead.state is LeadState.ASSIGNED
    assert told(session, MailKind.STALLED_TO_PARTNER) == [cast.people["ines"].id]


@pytest.mark.covers("W-08")
def test_the_days_are_the_manufacturers(session: Session, cast: Cast, clock: TimeMachine) -> None:
    settings = session.get_one(ManufacturerSettings, cast.acme.id)
    settings.stalled_days, settings.stalled_escalation_days, settings.stalled_return_days = 3, 5, 90
    lead = claimed(session, cast)
    call(lead, cast)
    clock.pass_time(days=6)
    assert enforce_deadlines() == 2


@pytest.mark.covers("K-12", "W-08")
def test_new_days_count_from_the_next_activity_on(session: Session, cast: Cast, clock: TimeMachine) -> None:
    lead = claimed(session, cast)
    call(lead, cast)
    before = [one.due_at for one in pending(session, lead)]
    draft = manufacturer_settings(viewer=cast.viewer("carl")).draft
    days = {"stalled_days": 10, "stalled_escalation_days": 12, "stalled_return_days": 50, "nurture_every_days": 20}
    change_settings(actor=cast.viewer("carl"), version=1, draft=replace(draft, **days, nurture_until_day=45))
    assert [one.due_at for one in pending(session, lead)] == before, "what is promised keeps its time"

    clock.pass_time(hours=1)
    call(lead, cast)
    now, work = read_clock(session), session.scalars(select(Assignment).where(Assignment.lead_id == lead.id)).one()
    stalls = [one.due_at - now for one in promised(session, lead, DeadlineKind.ACTIVITY_DUE)]
    assert [round(wait / timedelta(days=1)) for wait in stalls] == [10, 12, 50]
    touches = []
    for _touch in range(2):
        (touch,) = promised(session, lead, DeadlineKind.NURTURE_DUE)
        touches.append((touch.due_at - work.assigned_at).days)
        pass_until(session, clock, touch)
        enforce_deadlines()
    assert (touches, promised(session, lead, DeadlineKind.NURTURE_DUE)) == ([20, 40], [])

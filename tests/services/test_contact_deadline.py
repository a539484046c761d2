"""The promise to call a prospect in time: measured, and told of when it is broken."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.audit import EventKind
from app.domain.cockpit import ActivityKind, ContactOutcome
from app.domain.deadlines import DeadlineKind
from app.domain.notifications import MailKind
from app.models import Deadline, Event, Lead, OutboxMessage
from app.queries.cockpit import lead_page
from app.queries.response_figures import figures_of
from app.services.claims import claim_offer
from app.services.cockpit import log_activity
from app.services.deadlines import enforce_deadlines
from tests.boards import offer_to, put_on_board
from tests.cast import Cast
from tests.conftest import TimeMachine


def claimed_after(session: Session, cast: Cast, clock: TimeMachine, **span: float) -> Lead:
    lead = put_on_board(session, cast)
    clock.pass_time(**span)
    claim_offer(offer_id=offer_to(session, lead, cast.partnerships["nordwind"]).id, actor=cast.viewer("nils"))
    return lead


def mails_of_a_missing_call(session: Session) -> list[int]:
    kinds = (MailKind.CONTACT_OVERDUE_TO_PARTNER, MailKind.ESCALATION_TO_SALES_MANAGER)
    wanted = select(OutboxMessage.user_id).where(OutboxMessage.kind.in_(kinds))
    return list(session.scalars(wanted))


@pytest.mark.covers("W-01")
def test_time_from_receipt_to_the_partner_is_measured(session: Session, cast: Cast, clock: TimeMachine) -> None:
    lead = claimed_after(session, cast, clock, minutes=40)
    for name in ("nora", "carl"):
        taken = lead_page(viewer=cast.viewer(name), lead_id=lead.id).times.to_partner
        assert taken is not None
        assert timedelta(minutes=40) <= taken < timedelta(minutes=41)


@pytest.mark.covers("W-02", "W-06")
def test_without_a_call_in_time_both_sides_see_it_and_the_sales_manager_is_told(
    session: Session, cast: Cast, clock: TimeMachine
) -> None:
    lead = claimed_after(session, cast, clock, minutes=1)
    contact = select(Deadline.due_at).where(Deadline.kind == DeadlineKind.CONTACT_DUE)
    clock.pass_time(seconds=(session.scalars(contact).one() - read_clock(session)).total_seconds() + 1)
    assert enforce_deadlines() == 1
    event = session.scalars(select(Event).where(Event.kind == EventKind.CONTACT_OVERDUE)).one()
    assert event.lead_id == lead.id
    assert mails_of_a_missing_call(session) == [cast.people["nora"].id]
    for name in ("nora", "carl"):
        told = [entry.kind for entry in lead_page(viewer=cast.viewer(name), lead_id=lead.id).timeline]
        assert EventKind.CONTACT_OVERDUE in told
    assert enforce_deadlines() == 0


def test_after_a_call_in_time_nobody_is_told(session: Session, cast: Cast, clock: TimeMachine) -> None:
    lead = claimed_after(session, cast, clock, minutes=1)
    log_activity(
        lead_id=lead.id,
        actor=cast.viewer("nils"),
        kind=ActivityKind.CALL,
        outcome=ContactOutcome.REACHED,
        submitted_key="first-call",
    )
    clock.pass_time(days=4)
    enforce_deadlines()
    assert mails_of_a_missing_call(session) == []


@pytest.mark.covers("W-18")
def test_the_turnaround_of_a_quotation_and_the_speed_to_lead_are_measured(
    session: Session, cast: Cast, clock: TimeMachine
) -> None:
    lead = claimed_after(session, cast, clock, minutes=30)
    nora = cast.viewer("nora")
    log_activity(lead_id=lead.id, actor=nora, kind=ActivityKind.CALL, outcome=ContactOutcome.NOT_REACHED)
    clock.pass_time(days=2)
    for _ in range(2):
        log_activity(lead_id=lead.id, actor=nora, kind=ActivityKind.QUOTE)
        clock.pass_time(days=1)
    for name in ("nora", "carl"):
        times = lead_page(viewer=cast.viewer(name), lead_id=lead.id).times
        assert times.to_answer is not None and times.to_quote is not None
        assert times.to_answer - (lead.received_at - lead.asked_at) < timedelta(minutes=31)
        assert timedelta(days=2, minutes=30) <= times.to_quote < timedelta(days=2, minutes=31)
    since = lead.received_at - timedelta(days=1)
    figures = figures_of(session, cast.acme.id, since)
    quoted = figures[cast.partnerships["nordwind"].id].quote_time
    assert quoted is not None and timedelta(days=2, minutes=30) <= quoted < timedelta(days=2, minutes=31)
    assert figures[cast.partnerships["kansai"].id].quote_time is None

"""What silence leads to before the first contact: each step once, none early, and then somebody else is asked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.audit import EventKind
from app.domain.availability import AbsenceKind
from app.domain.cockpit import ActivityKind, ContactOutcome
from app.domain.deadlines import DeadlineKind
from app.domain.distribution import AssignmentEnd, DeclineReason, OfferAnswer, RoundKind
from app.domain.escalation import EscalationAction
from app.domain.identity import OrganisationKind
from app.domain.leads import LeadState
from app.domain.notifications import MailKind
from app.domain.working_time import next_working_moment
from app.models import Absence, Assignment, Deadline, Event, Offer
from app.queries.escalation import coming_step
from app.queries.manufacturers import calendar_of
from app.services.claims import claim_offer, decline_offer
from app.services.cockpit import log_activity
from app.services.deadlines import enforce_deadlines
from app.services.distribution.assigning import assign_lead
from tests.boards import offer_to, put_on_board
from tests.browsing import Browse
from tests.cast import Cast
from tests.conftest import TimeMachine
from tests.silences import (
    STEPS,
    at_once,
    claimed,
    escalated,
    mails,
    open_round,
    pass_until,
    pending,
    reserved,
)


@pytest.mark.covers("W-02", "W-03", "W-04", "W-05", "W-06")
def test_a_claimed_lead_nobody_calls_climbs_the_ladder_step_by_step(
    session: Session, cast: Cast, clock: TimeMachine
) -> None:
    cast.partnerships["nordwind"].channel_manager_id = cast.people["carl"].id
    lead = claimed(session, cast)
    steps = pending(session, lead)
    assert [step.step for step in steps] == STEPS
    assert [step.kind for step in steps] == [DeadlineKind.CONTACT_DUE, *[DeadlineKind.ESCALATION_DUE] * 2]

    for number, step in enumerate(steps):
        pass_until(session, clock, step, seconds=-5)
        assert enforce_deadlines() == 0, "none early"
        pass_until(session, clock, step)
        assert enforce_deadlines() == 1, "each once"
        assert enforce_deadlines() == 0
        assert escalated(session, lead) == STEPS[: min(number + 1, 2)]
    assert mails(session, MailKind.ESCALATION_TO_SALES_MANAGER) == [cast.people["nora"].id]
    assert mails(session, MailKind.ESCALATION_TO_CHANNEL_MANAGER) == [cast.people["carl"].id]
    assert set(mails(session, MailKind.LEAD_RE_ROUTED_TO_PARTNER)) == {cast.people[who].id for who in ("nora", "nils")}
    work = session.scalars(select(Assignment).where(Assignment.lead_id == lead.id)).one()
    assert work.end is AssignmentEnd.RE_ROUTED
    session.refresh(cast.partnerships["nordwind"])
    assert cast.partnerships["nordwind"].unworked_claims == 0


@pytest.mark.covers("W-03")
def test_the_partners_own_sales_manager_is_told_where_one_is_named(
    session: Session, cast: Cast, clock: TimeMachine
) -> None:
    cast.partnerships["nordwind"].sales_manager_id = cast.people["nils"].id
    lead = claimed(session, cast)
    pass_until(session, clock, pending(session, lead)[0])
    enforce_deadlines()
    assert mails(session, MailKind.ESCALATION_TO_SALES_MANAGER) == [cast.people["nils"].id]


@pytest.mark.covers("W-06")
def test_a_call_in_time_ends_the_ladder(session: Session, cast: Cast, clock: TimeMachine) -> None:
    lead = claimed(session, cast)
    pass_until(session, clock, pending(session, lead)[0])
    enforce_deadlines()
    log_activity(lead_id=lead.id, actor=cast.viewer("nils"), kind=ActivityKind.CALL, outcome=ContactOutcome.NOT_REACHED)
    assert not [one for one in pending(session, lead) if one.step]
    clock.pass_time(days=9)
    enforce_deadlines()
    session.refresh(lead)
    assert (lead.state, escalated(session, lead)) == (LeadState.ASSIGNED, STEPS[:1])


@pytest.mark.covers("W-05", "W-07")
def test_the_backup_partner_is_asked_alone_and_then_the_plan_goes_on_where_it_was(
    session: Session, cast: Cast, clock: TimeMachine
) -> None:
    nordwind, kansai = cast.partnerships["nordwind"], cast.partnerships["kansai"]
    nordwind.backup_partnership_id = kansai.id
    lead = claimed(session, cast)
    pass_until(session, clock, pending(session, lead)[-1])
    enforce_deadlines()

    asked = open_round(session, lead)
    assert asked is not None
    assert (asked.kind, asked.backup_for_id) == (RoundKind.PUSH, nordwind.id)
    offer = session.scalars(select(Offer).where(Offer.round_id == asked.id)).one()
    assert (offer.partnership_id, offer.is_exclusive) == (kansai.id, True)
    told = session.scalars(select(Event).where(Event.kind == EventKind.LEAD_RE_ROUTED)).one()
    assert (told.data["to"], told.partnership_id) == ("backup", nordwind.id)

    decline_offer(offer_id=offer.id, actor=cast.viewer("kenji"), reason=DeclineReason.NO_CAPACITY)
    after = open_round(session, lead)
    assert after is not None and after.kind is RoundKind.DIRECT, "the board was held, and nobody is left for a push"


@pytest.mark.covers("W-05")
def test_a_backup_that_takes_the_lead_has_it(session: Session, cast: Cast, clock: TimeMachine) -> None:
    cast.partnerships["nordwind"].backup_partnership_id = cast.partnerships["kansai"].id
    lead = claimed(session, cast)
    pass_until(session, clock, pending(session, lead)[-1])
    enforce_deadlines()
    offer = session.scalars(select(Offer).where(Offer.lead_id == lead.id, Offer.answer.is_(None))).one()
    claim_offer(offer_id=offer.id, actor=cast.viewer("kaori"))
    session.refresh(lead)
    assert lead.state is LeadState.ASSIGNED
    assert [one.step for one in pending(session, lead)] == STEPS


@pytest.mark.covers("W-07", "W-17")
@pytest.mark.parametrize("obstacle", ["away", "no_backup"])
def test_without_a_backup_that_is_there_the_plan_goes_on(
    session: Session, cast: Cast, clock: TimeMachine, obstacle: str
) -> None:
    if obstacle == "away":
        cast.partnerships["nordwind"].backup_partnership_id = cast.partnerships["kansai"].id
        session.add(Absence(organisation_id=cast.kansai.id, kind=AbsenceKind.VACATION, starts_at=read_clock(session)))
    lead = claimed(session, cast)
    pass_until(session, clock, pending(session, lead)[-1])
    enforce_deadlines()
    after = open_round(session, lead)
    assert after is not None
    assert after.backup_for_id is None
    assert after.kind is (RoundKind.DIRECT if obstacle == "away" else RoundKind.PUSH), "nor is push for who is away"


@pytest.mark.covers("W-05", "W-07")
def test_the_direct_queue_is_the_end(session: Session, cast: Cast, clock: TimeMachine) -> None:
    """By hand, from the direct queue, to a partner that does not call: there is no round left but the queue."""
    lead = put_on_board(session, cast)
    for name, partnership in (("nora", "nordwind"), ("kenji", "kansai")):
        offer = offer_to(session, lead, cast.partnerships[partnership])
        decline_offer(offer_id=offer.id, actor=cast.viewer(name), reason=DeclineReason.TOO_SMALL)
    assign_lead(
        lead_id=lead.id,
        actor=cast.viewer("carl"),
        reason="Knows them",
        partnership_id=cast.partnerships["nordwind"].id,
    )
    pass_until(session, clock, pending(session, lead)[-1])
    enforce_deadlines()
    after = open_round(session, lead)
    assert after is not None and after.kind is RoundKind.DIRECT


@pytest.mark.covers("W-05", "T-15")
def test_who_lost_a_lead_is_not_asked_for_it_again(session: Session, cast: Cast, clock: TimeMachine) -> None:
    lead = claimed(session, cast)
    pass_until(session, clock, pending(session, lead)[-1])
    enforce_deadlines()
    clock.pass_time(days=9)
    enforce_deadlines()
    again = select(Offer).where(
        Offer.lead_id == lead.id,
        Offer.partnership_id == cast.partnerships["nordwind"].id,
        Offer.answer.is_distinct_from(OfferAnswer.CLAIMED),
    )
    assert session.scalars(again).all() == []


@pytest.mark.covers("W-10")
def test_no_rule_takes_a_lead_from_the_manufacturers_own_people(
    session: Session, cast: Cast, clock: TimeMachine
) -> None:
    lead = put_on_board(session, cast)
    assign_lead(lead_id=lead.id, actor=cast.viewer("carl"), reason="Ours", user_id=cast.people["ines"].id)
    assert [(one.kind, one.step) for one in pending(session, lead)] == [
        (DeadlineKind.CONTACT_DUE, None),
        (DeadlineKind.ESCALATION_DUE, EscalationAction.ALERT_CHANNEL_MANAGER),
    ]
    clock.pass_time(days=9)
    enforce_deadlines()
    session.refresh(lead)
    assert lead.state is LeadState.ASSIGNED
    assert mails(session, MailKind.CONTACT_OVERDUE_TO_PARTNER) == [cast.people["ines"].id]
    assert mails(session, MailKind.ESCALATION_TO_CHANNEL_MANAGER) == [cast.people["carl"].id]


@pytest.mark.covers("W-06")
def test_a_sweep_that_comes_late_takes_every_step_once_and_in_order(
    session: Session, cast: Cast, clock: TimeMachine
) -> None:
    lead = claimed(session, cast)
    clock.pass_time(days=6)
    assert enforce_deadlines() >= 3
    assert escalated(session, lead)[:2] == STEPS[:2]
    ended = session.scalars(select(Assignment).where(Assignment.lead_id == lead.id).order_by(Assignment.id)).first()
    assert ended is not None and ended.end is AssignmentEnd.RE_ROUTED
    early = select(Deadline.id).where(Deadline.fired_at < Deadline.due_at)
    assert session.scalars(early).all() == []


@pytest.mark.covers("W-06", "B-06")
@pytest.mark.parametrize("rescue", ["call", "accept"])
def test_somebody_who_acts_at_the_very_moment_either_has_the_lead_or_is_told_not(
    app: Flask, committed: Session, committed_cast: Cast, rescue: str
) -> None:
    cast = committed_cast
    lead = claimed(committed, cast) if rescue == "call" else reserved(committed, cast)
    offer_id = committed.scalars(
        select(Offer.id).where(Offer.lead_id == lead.id, Offer.partner_id == cast.nordwind.id)
    ).one()
    last = pending(committed, lead)[-1]
    last.due_at = read_clock(committed) - timedelta(seconds=1)
    committed.commit()
    viewer, lead_id = cast.viewer("nora"), lead.id
    committed.rollback()

    def act() -> object:
        if rescue == "accept":
            return claim_offer(offer_id=offer_id, actor=viewer)
        return log_activity(
            lead_id=lead_id, actor=viewer, kind=ActivityKind.CALL, outcome=ContactOutcome.REACHED, submitted_key="x"
        )

    refused = at_once(app, [act, enforce_deadlines, enforce_deadlines])
    committed.expire_all()
    active = committed.scalars(
        select(Assignment).where(Assignment.lead_id == lead_id, Assignment.ended_at.is_(None))
    ).one_or_none()
    re_routed = committed.scalars(select(Event).where(Event.kind == EventKind.LEAD_RE_ROUTED)).all()
    has_it = active is not None and active.partner_id == cast.nordwind.id
    assert (has_it, len(re_routed), bool(refused)) in ((True, 0, False), (False, 1, True))
    assert (open_round(committed, lead) is None) is has_it


@pytest.mark.covers("W-02", "K-08")
def test_the_leads_page_says_what_happens_next_and_when_on_both_sides_clocks(
    session: Session, cast: Cast, browse: Browse
) -> None:
    cast.nordwind.time_zone, cast.acme.time_zone = "Asia/Tokyo", "America/New_York"
    lead = claimed(session, cast)
    mine, theirs = "the sales manager of your company is told", "the partner&#39;s sales manager is told"
    for name, told in (("nora", mine), ("carl", theirs)):
        page = browse(name).get(f"/leads/{lead.id}").text
        assert told in page
        other = "Acme" if name == "nora" else "Nordwind"
        assert f"at {other})" in page


@pytest.mark.covers("W-02")
def test_a_clock_that_stands_still_says_until_when(session: Session, cast: Cast, clock: TimeMachine) -> None:
    lead = claimed(session, cast)
    now = read_clock(session)
    opens = next_working_moment(calendar_of(cast.nordwind), now)
    coming = coming_step(session, lead.id, OrganisationKind.PARTNER)
    assert coming is not None
    assert coming.paused_until == (opens if opens > now else None)
    assert coming.due_at >= opens

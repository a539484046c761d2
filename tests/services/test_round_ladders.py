"""A round with steps of its own: who is told while nobody answers or takes the lead, when, and once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.audit import EventKind
from app.domain.deadlines import Clock, DeadlineKind
from app.domain.distribution import DeclineReason, OfferAnswer, RoundKind
from app.domain.escalation import EscalationAction, EscalationLadder
from app.domain.identity import OrganisationKind
from app.domain.notifications import MailKind
from app.models import Deadline, Event, Lead, Offer, OutboxMessage
from app.queries.escalation import coming_step
from app.services.claims import claim_offer, decline_offer
from app.services.deadlines import enforce_deadlines
from tests.boards import offer_to, put_on_board
from tests.cast import Cast
from tests.conftest import TimeMachine
from tests.silences import (
    STEPS,
    at_once,
    claimed,
    escalated,
    ladder,
    mails,
    open_round,
    pass_until,
    pending,
    reserved,
    watched,
)

SALES, CHANNEL, RE_ROUTE = EscalationAction


def alerts(session: Session, lead: Lead) -> list[Deadline]:
    return [one for one in pending(session, lead) if one.kind is DeadlineKind.ESCALATION_DUE]


def minutes_after(session: Session, lead: Lead, deadline: Deadline) -> int:
    opened = open_round(session, lead)
    assert opened is not None
    return round((deadline.due_at - opened.opened_at) / timedelta(minutes=1))


def pushed(session: Session, cast: Cast, clock: TimeMachine) -> Lead:
    """A lead that was on the board, and about which one partner alone is asked now."""
    lead = put_on_board(session, cast)
    pass_until(session, clock, next(one for one in pending(session, lead) if one.kind is DeadlineKind.BOARD_CLOSES))
    enforce_deadlines()
    return lead


@pytest.mark.covers("W-02", "W-03", "W-04")
def test_a_push_takes_its_own_steps_and_its_work_the_plans(session: Session, cast: Cast, clock: TimeMachine) -> None:
    watched(cast, push=ladder((SALES, 10), (CHANNEL, 20)))
    lead = pushed(session, cast, clock)
    steps = alerts(session, lead)
    assert [(one.step, minutes_after(session, lead, one)) for one in steps] == [(SALES, 10), (CHANNEL, 20)]
    for number, step in enumerate(steps, 1):
        pass_until(session, clock, step, seconds=-5)
        assert enforce_deadlines() == 0, "none early"
        pass_until(session, clock, step)
        assert (enforce_deadlines(), enforce_deadlines()) == (1, 0), "each once"
        assert escalated(session, lead) == STEPS[:number]
    offer = session.scalars(select(Offer).where(Offer.lead_id == lead.id, Offer.answer.is_(None))).one()
    claim_offer(offer_id=offer.id, actor=cast.viewer("nora" if offer.partner_id == cast.nordwind.id else "kenji"))
    assert [one.step for one in pending(session, lead)] == STEPS, "the plan's ladder, for the first call"


@pytest.mark.covers("W-05", "W-06")
@pytest.mark.parametrize(
    ("own", "steps"),
    [
        (ladder((CHANNEL, 10), (RE_ROUTE, 90), clock=Clock.WORKING), [CHANNEL]),
        (ladder((CHANNEL, 1), clock=Clock.WORKING), []),
        (EscalationLadder(()), []),
    ],
    ids=["re-routes", "only tells", "silent"],
)
def test_an_owners_reservation_ends_with_its_own_ladder_or_with_its_window(
    session: Session, cast: Cast, clock: TimeMachine, own: EscalationLadder, steps: list[EscalationAction]
) -> None:
    """A hot lead's owner is to answer in five minutes; before that nobody is told."""
    watched(cast, owner=own)
    lead = reserved(session, cast, is_hot=True)
    *told, end = pending(session, lead)
    assert (end.kind, [one.step for one in told]) == (DeadlineKind.OWNER_EXPIRES, steps)
    if steps:
        assert end.due_at - told[0].due_at == timedelta(minutes=80)
    pass_until(session, clock, end)
    enforce_deadlines()
    board = open_round(session, lead)
    assert board is not None and board.kind is RoundKind.BOARD


@pytest.mark.covers("W-04", "W-06", "A-03")
def test_a_board_tells_the_channel_manager_once_and_stays_open(
    session: Session, cast: Cast, clock: TimeMachine
) -> None:
    watched(cast, board=ladder((CHANNEL, 30)))
    lead = put_on_board(session, cast)
    (step,) = alerts(session, lead)
    decline_offer(
        offer_id=offer_to(session, lead, cast.partnerships["kansai"]).id,
        actor=cast.viewer("kenji"),
        reason=DeclineReason.TOO_SMALL,
    )
    assert alerts(session, lead) == [step], "one partner's no is not the board's answer"
    coming = coming_step(session, lead.id, OrganisationKind.MANUFACTURER)
    assert coming is not None and coming.due_at == step.due_at

    pass_until(session, clock, step)
    assert (enforce_deadlines(), enforce_deadlines()) == (1, 0)
    assert mails(session, MailKind.ESCALATION_TO_CHANNEL_MANAGER) == [cast.people["carl"].id]
    assert mails(session, MailKind.ESCALATION_TO_SALES_MANAGER) == []
    (told,) = session.scalars(select(Event).where(Event.kind == EventKind.LEAD_ESCALATED))
    assert (told.partnership_id, told.data["step"]) == (None, CHANNEL.value)
    board = open_round(session, lead)
    assert board is not None and board.kind is RoundKind.BOARD
    coming = coming_step(session, lead.id, OrganisationKind.MANUFACTURER)
    assert coming is not None and "the distribution plan goes on" in str(coming.what)
    assert coming.due_at == board.closes_at
    claim_offer(offer_id=offer_to(session, lead, cast.partnerships["nordwind"]).id, actor=cast.viewer("nils"))


@pytest.mark.covers("W-04")
def test_nobody_is_told_of_a_board_on_which_the_lead_was_taken(
    session: Session, cast: Cast, clock: TimeMachine
) -> None:
    watched(cast, board=ladder((CHANNEL, 30)))
    lead = claimed(session, cast)
    assert not [one for one in pending(session, lead) if one.round_id]
    clock.pass_time(minutes=31)
    enforce_deadlines()
    what = select(Event.data["what"].astext).where(Event.kind == EventKind.LEAD_ESCALATED)
    assert DeadlineKind.ESCALATION_DUE not in session.scalars(what.where(Event.partnership_id.is_(None))).all()


@pytest.mark.covers("W-04")
def test_an_alert_that_would_come_after_the_board_is_not_promised(session: Session, cast: Cast) -> None:
    watched(cast, board=ladder((CHANNEL, 121)))
    assert alerts(session, put_on_board(session, cast)) == [], "a hot lead's board is open for two hours"


@pytest.mark.covers("W-04", "W-07", "A-03")
def test_the_direct_queue_tells_the_channel_manager_too(session: Session, cast: Cast, clock: TimeMachine) -> None:
    watched(cast, direct=ladder((CHANNEL, 10 * 24 * 60)))
    lead = put_on_board(session, cast)
    for name, partnership in (("nora", "nordwind"), ("kenji", "kansai")):
        offer = offer_to(session, lead, cast.partnerships[partnership])
        decline_offer(offer_id=offer.id, actor=cast.viewer(name), reason=DeclineReason.TOO_SMALL)
    queue = open_round(session, lead)
    assert queue is not None and queue.kind is RoundKind.DIRECT
    (step,) = alerts(session, lead)
    coming = coming_step(session, lead.id, OrganisationKind.MANUFACTURER)
    assert coming is not None and "are reminded" in str(coming.what), "the end of the day comes first"
    pass_until(session, clock, step)
    enforce_deadlines()
    assert enforce_deadlines() == 0
    assert escalated(session, lead)[-1] == CHANNEL.value
    assert mails(session, MailKind.ESCALATION_TO_CHANNEL_MANAGER) == [cast.people["carl"].id]


@pytest.mark.covers("W-10")
def test_a_lead_keeps_the_ladder_it_began_with(session: Session, cast: Cast, clock: TimeMachine) -> None:
    watched(cast, push=ladder((SALES, 10), (CHANNEL, 20)))
    lead = pushed(session, cast, clock)
    due = [one.due_at for one in alerts(session, lead)]
    watched(cast, push=ladder((CHANNEL, 1)))
    assert [one.due_at for one in alerts(session, lead)] == due
    first = session.scalars(select(Offer).where(Offer.lead_id == lead.id, Offer.answer.is_(None))).one()
    name = "nora" if first.partner_id == cast.nordwind.id else "kenji"
    decline_offer(offer_id=first.id, actor=cast.viewer(name), reason=DeclineReason.TOO_SMALL)
    second = session.scalars(select(Offer).where(Offer.lead_id == lead.id, Offer.answer.is_(None))).one()
    assert [one.offer_id for one in alerts(session, lead)] == [second.id] * 2
    assert [one.step for one in alerts(session, lead)] == [SALES, CHANNEL], (
        "the next partner is asked by the old version"
    )
    newer = put_on_board(session, cast, email="another@prospect.example")
    assert newer.plan_id != lead.plan_id


@pytest.mark.covers("W-06")
@pytest.mark.parametrize("round_", ["board", "owner", "work"])
def test_two_workers_take_each_step_once(app: Flask, committed: Session, committed_cast: Cast, round_: str) -> None:
    cast = committed_cast
    watched(
        cast,
        board=ladder((CHANNEL, 30)),
        owner=ladder((SALES, 300), (CHANNEL, 360), (RE_ROUTE, 420), clock=Clock.WORKING),
    )
    begin = {"board": put_on_board, "owner": reserved, "work": claimed}[round_]
    lead = begin(committed, cast)
    steps = [one for one in pending(committed, lead) if one.step not in (None, RE_ROUTE)]
    assert steps
    late = update(Deadline).where(Deadline.id.in_([one.id for one in steps]))
    committed.execute(late.values(due_at=read_clock(committed) - timedelta(seconds=1)))
    committed.commit()
    at_once(app, [enforce_deadlines] * 3)
    committed.expire_all()
    assert sorted(escalated(committed, lead)) == sorted(one.step.value for one in steps if one.step)
    kinds = (MailKind.ESCALATION_TO_CHANNEL_MANAGER, MailKind.ESCALATION_TO_SALES_MANAGER)
    owed = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.kind.in_(kinds))
    assert committed.scalar(owed) == len(steps)
    unanswered = select(Offer.id).where(Offer.lead_id == lead.id, Offer.answer == OfferAnswer.EXPIRED)
    assert committed.scalars(unanswered).all() == []


@pytest.mark.covers("W-04")
@pytest.mark.parametrize("own", [Clock.WALL, Clock.WORKING])
def test_the_end_of_a_reservation_is_on_the_clock_of_its_last_step(session: Session, cast: Cast, own: Clock) -> None:
    watched(cast, owner=ladder((RE_ROUTE, 60 * 24 * 7), clock=own))
    [end] = [one for one in pending(session, reserved(session, cast)) if one.kind is DeadlineKind.OWNER_EXPIRES]
    assert (end.step, end.clock) == (RE_ROUTE, own)

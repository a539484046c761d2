"""A follow-up that was agreed with the prospect stays a promise, whoever takes the lead over and however."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.audit import EventKind
from app.domain.deadlines import DeadlineKind
from app.domain.notifications import MailKind
from app.domain.reassigning import Taker
from app.models import Deadline, Event, Lead
from app.queries.notifications import OwedMail
from app.services.cockpit import LeadEdit, edit_lead
from app.services.deadlines import enforce_deadlines
from app.services.distribution.assigning import assign_lead
from app.services.mail_delivery import deliver_next
from tests.cast import Cast
from tests.conftest import TimeMachine
from tests.services.test_reassigning import mailed, move, seen_by, working
from tests.silences import claimed, pass_until, pending

Act = Callable[[Session, Cast, Lead], object]


def to_kansai(_session: Session, cast: Cast, lead: Lead) -> object:
    kansai_id = cast.partnerships["kansai"].id
    return assign_lead(lead_id=lead.id, actor=cast.viewer("carl"), reason="They know it", partnership_id=kansai_id)


def to_ines(_session: Session, cast: Cast, lead: Lead) -> object:
    return move(cast, seen_by(cast, lead), Taker(user_id=cast.people["ines"].id))


def on_with_its_plan(_session: Session, cast: Cast, lead: Lead) -> object:
    return move(cast, seen_by(cast, lead), Taker())


def told_as_taken_over() -> dict[str, bool]:
    """Who is told of a follow-up, and whether as of one that was agreed before they had the lead."""
    sent: list[OwedMail] = []
    while deliver_next(sent.append):
        pass
    return {mail.reader.name: mail.facts["is_taken_over"] for mail in sent if "is_taken_over" in mail.facts}


def agreed(session: Session, lead: Lead) -> list[Deadline]:
    return [one for one in pending(session, lead) if one.kind is DeadlineKind.FOLLOW_UP_DUE]


@pytest.mark.covers("W-09", "K-06")
@pytest.mark.parametrize("act", [to_kansai, to_ines, on_with_its_plan])
def test_a_person_who_moves_a_lead_loses_no_follow_up(session: Session, cast: Cast, act: Act) -> None:
    lead = claimed(session, cast)
    lead.follow_up_at = read_clock(session) + timedelta(days=3)
    session.commit()
    act(session, cast, lead)
    [kept] = agreed(session, lead)
    work = working(session, lead)
    assert (kept.due_at, kept.assignment_id) == (lead.follow_up_at, work.id if work else None)


@pytest.mark.covers("W-05", "K-06")
def test_a_follow_up_is_kept_when_nobody_calls_and_others_are_asked(
    session: Session, cast: Cast, clock: TimeMachine
) -> None:
    lead = claimed(session, cast)
    lead.follow_up_at = read_clock(session) + timedelta(days=30)
    session.commit()
    pass_until(session, clock, pending(session, lead)[-1])
    enforce_deadlines()
    assert working(session, lead) is None
    assert [one.due_at for one in agreed(session, lead)] == [lead.follow_up_at]


@pytest.mark.covers("W-09", "K-06")
@pytest.mark.parametrize("act", [to_kansai, to_ines])
def test_a_date_that_has_passed_is_noted_once_and_whoever_takes_the_lead_is_told(
    session: Session, cast: Cast, clock: TimeMachine, act: Act
) -> None:
    lead = claimed(session, cast)
    agreed_for = read_clock(session) + timedelta(minutes=2)
    edit = LeadEdit(lead.stage, follow_up_at=agreed_for)
    edit_lead(lead_id=lead.id, actor=cast.viewer("nils"), version=lead.version, edit=edit)
    session.refresh(lead)
    clock.pass_time(minutes=3)
    enforce_deadlines()
    assert told_as_taken_over() == {"Nils": False}
    act(session, cast, lead)
    clock.pass_time(seconds=5)
    enforce_deadlines()
    passed = select(Event.data["due_at"].astext).where(Event.kind == EventKind.FOLLOW_UP_PASSED)
    assert session.scalars(passed).all() == [lead.follow_up_at.isoformat()]
    told = set(mailed(session, cast, MailKind.FOLLOW_UP_TO_WORKER))
    assert told >= ({"nils", "ines"} if act is to_ines else {"nils", "kenji"})
    assert set(told_as_taken_over().values()) == {True}


@pytest.mark.covers("K-06")
def test_a_date_that_passes_while_nobody_works_the_lead_is_noted_as_agreed(
    session: Session, cast: Cast, clock: TimeMachine
) -> None:
    lead = claimed(session, cast)
    lead.follow_up_at = read_clock(session) + timedelta(minutes=2)
    session.commit()
    on_with_its_plan(session, cast, lead)
    clock.pass_time(minutes=3)
    enforce_deadlines()
    passed = select(Event.data["due_at"].astext).where(Event.kind == EventKind.FOLLOW_UP_PASSED)
    assert session.scalars(passed).all() == [lead.follow_up_at.isoformat()]

"""A follow-up that was agreed with the prospect stays a promise, whoever takes the lead over and however."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.deadlines import DeadlineKind
from app.domain.reassigning import Taker
from app.models import Deadline, Lead
from app.services.deadlines import enforce_deadlines
from app.services.distribution.assigning import assign_lead
from tests.cast import Cast
from tests.conftest import TimeMachine
from tests.services.test_reassigning import move, seen_by, working
from tests.silences import claimed, pass_until, pending

Act = Callable[[Session, Cast, Lead], object]


def to_kansai(_session: Session, cast: Cast, lead: Lead) -> object:
    kansai_id = cast.partnerships["kansai"].id
    return assign_lead(lead_id=lead.id, actor=cast.viewer("carl"), reason="They know it", partnership_id=kansai_id)


def to_ines(_session: Session, cast: Cast, lead: Lead) -> object:
    return move(cast, seen_by(cast, lead), Taker(user_id=cast.people["ines"].id))


def on_with_its_plan(_session: Session, cast: Cast, lead: Lead) -> object:
    return move(cast, seen_by(cast, lead), Taker())


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

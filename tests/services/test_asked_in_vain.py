"""Nobody is asked alone who could not answer: it would cost the lead hours, and the partner points for no silence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.availability import AbsenceKind
from app.domain.distribution import RoundKind
from app.models import Lead, Offer, Partnership, Round, RoutingDecision
from app.services.availability import set_absence
from app.services.deadlines import enforce_deadlines
from tests.cast import Cast
from tests.conftest import TimeMachine
from tests.silences import claimed, pass_until, pending, reserved


def suspend(session: Session, cast: Cast, name: str, *, days: int = 14) -> None:
    """What a fallen response score leads to."""
    cast.partnerships[name].claims_suspended_until = read_clock(session) + timedelta(days=days)
    session.commit()


def send_away(session: Session, cast: Cast, name: str) -> None:
    """The whole partner pauses."""
    head = {"nordwind": "nora", "kansai": "kenji"}[name]
    set_absence(actor=cast.viewer(head), kind=AbsenceKind.PAUSE, user_id=None)


def open_round(session: Session, lead: Lead) -> Round:
    return session.scalars(select(Round).where(Round.lead_id == lead.id, Round.closed_at.is_(None))).one()


@pytest.mark.covers("W-15", "W-17")
@pytest.mark.parametrize(
    ("keep_out", "why"),
    [(suspend, "The owner's claims are suspended until %(until)s."), (send_away, "The owner is away now.")],
)
def test_an_owner_that_cannot_answer_leaves_the_lead_to_the_plan(
    session: Session, cast: Cast, keep_out: Callable[[Session, Cast, str], None], why: str
) -> None:
    keep_out(session, cast, "nordwind")
    lead = reserved(session, cast)
    assert open_round(session, lead).kind is RoundKind.BOARD
    decision = session.scalars(select(RoutingDecision).where(RoutingDecision.lead_id == lead.id)).one()
    assert why in [reason["text"] for reason in decision.reasons]


@pytest.mark.covers("W-15")
def test_an_owner_whose_suspension_is_over_is_asked_again(session: Session, cast: Cast, clock: TimeMachine) -> None:
    suspend(session, cast, "nordwind", days=1)
    clock.pass_time(days=1, seconds=1)
    assert open_round(session, reserved(session, cast)).kind is RoundKind.OWNER


@pytest.mark.covers("W-07", "W-15")
@pytest.mark.parametrize(("days", "is_asked"), [(0, True), (14, False)])
def test_a_backup_whose_claims_are_suspended_is_passed_by(
    session: Session, cast: Cast, clock: TimeMachine, days: int, is_asked: bool
) -> None:
    kansai: Partnership = cast.partnerships["kansai"]
    cast.partnerships["nordwind"].backup_partnership_id = kansai.id
    lead = claimed(session, cast)
    suspend(session, cast, "kansai", days=days)
    pass_until(session, clock, pending(session, lead)[-1])
    enforce_deadlines()
    alone = select(func.count()).where(Offer.lead_id == lead.id, Offer.partnership_id == kansai.id, Offer.is_exclusive)
    assert session.scalar(alone) == is_asked
    assert open_round(session, lead).kind is (RoundKind.PUSH if is_asked else RoundKind.DIRECT)

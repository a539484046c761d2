"""A lead reserved to its owner, who does not answer: the ladder, then the backup or everybody else."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.distribution import DeclineReason, OfferAnswer, RoundKind, RoundOutcome
from app.domain.escalation import EscalationAction
from app.domain.leads import LeadState
from app.domain.notifications import MailKind
from app.models import Offer, Round
from app.services.claims import decline_offer
from app.services.deadlines import enforce_deadlines
from tests.cast import Cast
from tests.conftest import TimeMachine
from tests.silences import STEPS, escalated, mails, open_round, pass_until, pending, reserved


@pytest.mark.covers("W-03", "W-04", "W-05")
@pytest.mark.parametrize("is_hot", [False, True])
def test_a_silent_owner_climbs_the_ladder_and_then_others_are_asked(
    session: Session, cast: Cast, clock: TimeMachine, is_hot: bool
) -> None:
    lead = reserved(session, cast, is_hot=is_hot)
    owner_round = open_round(session, lead)
    assert owner_round is not None and owner_round.kind is RoundKind.OWNER
    *alerts, end = pending(session, lead)
    assert [one.step for one in (*alerts, end)] == STEPS
    assert owner_round.closes_at == end.due_at
    for number, step in enumerate(alerts):
        pass_until(session, clock, step)
        assert enforce_deadlines() == 1
        assert escalated(session, lead) == STEPS[: number + 1]
    pass_until(session, clock, end)
    enforce_deadlines()

    offer = session.scalars(select(Offer).where(Offer.round_id == owner_round.id)).one()
    session.refresh(owner_round)
    assert (offer.answer, owner_round.outcome) == (OfferAnswer.EXPIRED, RoundOutcome.EXPIRED)
    board = open_round(session, lead)
    assert board is not None and board.kind is RoundKind.BOARD
    offered = session.scalars(select(Offer.partnership_id).where(Offer.round_id == board.id)).all()
    assert offered == [cast.partnerships["kansai"].id], "closed to the silent owner for 48 hours"
    assert mails(session, MailKind.LEAD_RE_ROUTED_TO_PARTNER) == [cast.people["nora"].id]


@pytest.mark.covers("W-05", "W-07")
def test_an_owners_backup_comes_before_the_board(session: Session, cast: Cast, clock: TimeMachine) -> None:
    cast.partnerships["nordwind"].backup_partnership_id = cast.partnerships["kansai"].id
    lead = reserved(session, cast)
    pass_until(session, clock, pending(session, lead)[-1])
    enforce_deadlines()
    asked = open_round(session, lead)
    assert asked is not None and asked.backup_for_id == cast.partnerships["nordwind"].id
    pass_until(session, clock, pending(session, lead)[-1])
    enforce_deadlines()
    kinds = session.scalars(select(Round.kind).where(Round.lead_id == lead.id).order_by(Round.number)).all()
    assert kinds == [RoundKind.OWNER, RoundKind.PUSH]
    session.refresh(lead)
    assert lead.state is LeadState.IN_REVIEW, "nobody is left who may see it: a person decides"


def test_an_answer_ends_the_ladder_of_an_offer(session: Session, cast: Cast, clock: TimeMachine) -> None:
    lead = reserved(session, cast)
    offer = session.scalars(select(Offer).where(Offer.lead_id == lead.id)).one()
    decline_offer(offer_id=offer.id, actor=cast.viewer("nora"), reason=DeclineReason.NO_CAPACITY)
    assert not [one for one in pending(session, lead) if one.offer_id == offer.id]
    clock.pass_time(days=9)
    enforce_deadlines()
    assert EscalationAction.ALERT_SALES_MANAGER not in escalated(session, lead)[:1] or open_round(session, lead)

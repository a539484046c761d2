"""The end of the work on a lead: won, lost, or taken out by the manufacturer."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.audit import EventKind
from app.domain.cockpit import StaleEdit
from app.domain.distribution import AssignmentEnd, OfferAnswer, RoundOutcome
from app.domain.errors import Forbidden, Invalid, NotFound
from app.domain.leads import LeadState, LostReason, Stage
from app.domain.money import Money
from app.models import Assignment, Lead
from app.services import cockpit
from tests import factories
from tests.cast import Cast
from tests.services.cockpit.working import EDIT, kinds_told, pending


@pytest.mark.covers("K-08")
def test_winning_ends_the_work(session: Session, cast: Cast, lead: Lead) -> None:
    cockpit.close_won(
        lead_id=lead.id,
        actor=cast.viewer("nils"),
        version=1,
        revenue=Money(80_000_00, "EUR"),
        quality=5,
        note="Signed.",
    )

    work = session.scalars(select(Assignment).where(Assignment.lead_id == lead.id)).one()
    assert (lead.state, lead.stage, lead.quality) == (LeadState.WON, Stage.WON, 5)
    assert lead.expected_revenue_cents == 80_000_00
    assert lead.closed_at is not None
    assert (work.end, work.ended_at is not None) == (AssignmentEnd.WON, True)
    assert cast.partnerships["nordwind"].unworked_claims == 0
    assert pending(session, lead) == []
    cockpit.close_won(lead_id=lead.id, actor=cast.viewer("nils"), version=1)
    assert kinds_told(session, lead) == [EventKind.LEAD_WON]


@pytest.mark.covers("K-07")
def test_losing_needs_a_reason(session: Session, cast: Cast, lead: Lead) -> None:
    actor = cast.viewer("nora")
    for reason, field in ((None, "lost_reason"), (LostReason.COMPETITOR, "lost_to"), (LostReason.OTHER, "text")):
        with pytest.raises(Invalid) as refused:
            cockpit.close_lost(lead_id=lead.id, actor=actor, version=1, reason=reason)
        assert set(refused.value.fields) == {field}

    cockpit.close_lost(
        lead_id=lead.id, actor=actor, version=1, reason=LostReason.COMPETITOR, competitor="Pumpwerk AG", quality=2
    )
    assert (lead.state, lead.lost_reason, lead.lost_to) == (LeadState.LOST, LostReason.COMPETITOR, "Pumpwerk AG")
    assert cast.partnerships["nordwind"].unworked_claims == 0


def test_quality_goes_from_one_to_five(session: Session, cast: Cast, lead: Lead) -> None:
    with pytest.raises(Invalid):
        cockpit.close_won(lead_id=lead.id, actor=cast.viewer("nora"), version=1, quality=6)
    assert lead.state is LeadState.ASSIGNED


def test_a_stale_close_is_refused(session: Session, cast: Cast, lead: Lead) -> None:
    cockpit.edit_lead(lead_id=lead.id, actor=cast.viewer("carl"), version=1, edit=EDIT)
    with pytest.raises(StaleEdit):
        cockpit.close_lost(lead_id=lead.id, actor=cast.viewer("nora"), version=1, reason=LostReason.PRICE)
    assert lead.state is LeadState.ASSIGNED


@pytest.mark.parametrize("take_out", [cockpit.disqualify_lead, cockpit.withdraw_lead])
def test_taking_out_a_lead_on_offer(session: Session, cast: Cast, take_out: Any) -> None:
    lead = factories.lead(session, cast.acme, [cast.products["pump"]])
    board = factories.round_(session, lead)
    offered = factories.offer(session, board, cast.partnerships["nordwind"])
    session.commit()

    take_out(lead_id=lead.id, actor=cast.viewer("carl"), reason="A test entry.")

    session.refresh(offered)
    assert lead.state in (LeadState.DISQUALIFIED, LeadState.WITHDRAWN)
    assert (board.outcome, offered.answer) == (RoundOutcome.WITHDRAWN, OfferAnswer.WITHDRAWN)
    assert lead.closing_note == "A test entry."


def test_withdrawing_takes_the_lead_from_its_partner(session: Session, cast: Cast, lead: Lead) -> None:
    cockpit.withdraw_lead(lead_id=lead.id, actor=cast.viewer("ada"), reason="The prospect asked for it.")

    assert cast.partnerships["nordwind"].unworked_claims == 0
    assert pending(session, lead) == []
    with pytest.raises(NotFound):
        cockpit.record_reveal(lead_id=lead.id, actor=cast.viewer("nora"))


def test_who_may_take_out(session: Session, cast: Cast, lead: Lead) -> None:
    with pytest.raises(Forbidden):
        cockpit.disqualify_lead(lead_id=lead.id, actor=cast.viewer("nora"), reason="Spam")
    with pytest.raises(Forbidden):
        cockpit.withdraw_lead(lead_id=lead.id, actor=cast.viewer("ines"), reason="Spam")
    with pytest.raises(Invalid):
        cockpit.disqualify_lead(lead_id=lead.id, actor=cast.viewer("ines"), reason=" ")
    with pytest.raises(NotFound):
        cockpit.disqualify_lead(lead_id=uuid.uuid4(), actor=cast.viewer("ines"), reason="Spam")

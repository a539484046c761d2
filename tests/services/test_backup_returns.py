"""A lead that a backup partner hands back."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.distribution import RoundKind
from app.domain.identity import OrganisationKind
from app.domain.returns import ReturnReason
from app.models import Offer, Round
from app.services.claims import claim_offer
from app.services.deadlines import enforce_deadlines
from app.services.returning import return_lead
from tests import factories
from tests.cast import Cast
from tests.conftest import TimeMachine
from tests.silences import claimed, pass_until, pending


@pytest.mark.covers("W-05", "W-07")
def test_what_a_backup_returns_goes_on_where_the_plan_stood(session: Session, cast: Cast, clock: TimeMachine) -> None:
    """The backup was asked beside the plan, in a push of its own: the plan's push has still to come."""
    partner = factories.organisation(session, "Elbtal", OrganisationKind.PARTNER)
    third = factories.partnership(
        session, cast.acme, partner, cast.tiers["silver"], products=[cast.products["pump"]], countries=["DE"]
    )
    cast.partnerships["nordwind"].backup_partnership_id = cast.partnerships["kansai"].id
    lead = claimed(session, cast)
    pass_until(session, clock, pending(session, lead)[-1])
    enforce_deadlines()
    offered = session.scalars(select(Offer).where(Offer.lead_id == lead.id, Offer.answer.is_(None))).one()
    claim_offer(offer_id=offered.id, actor=cast.viewer("kenji"))

    return_lead(lead_id=lead.id, actor=cast.viewer("kenji"), reason=ReturnReason.NO_CAPACITY)

    push = session.scalars(select(Round).where(Round.lead_id == lead.id, Round.closed_at.is_(None))).one()
    assert (push.kind, push.backup_for_id) == (RoundKind.PUSH, None)
    assert session.scalars(select(Offer.partnership_id).where(Offer.round_id == push.id)).all() == [third.id]

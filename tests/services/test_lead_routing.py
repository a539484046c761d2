"""From the door to the first round."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.consent import ConsentScope
from app.domain.deadlines import DeadlineKind
from app.domain.distribution import OfferAnswer, RoundKind
from app.domain.leads import LeadState, ReviewReason
from app.models import Deadline, Lead, Offer, Round, RoutingDecision, TerritoryRule
from app.services.distribution.deciding import Considered, consider_partnerships
from app.services.lead_routing import route_lead, route_received_leads
from app.services.rechecking import recheck_eligibility
from tests import factories
from tests.cast import HEAD_START_OF_SILVER, Cast


def arrived(session: Session, cast: Cast, **values: object) -> Lead:
    lead = factories.lead(session, cast.acme, [cast.products["pump"]], **values)
    session.commit()
    return lead


def offers_of(session: Session, lead: Lead) -> dict[int, Offer]:
    offers = session.scalars(select(Offer).where(Offer.lead_id == lead.id)).all()
    return {offer.partnership_id: offer for offer in offers}


@pytest.mark.covers("B-01", "B-04", "A-01")
def test_a_released_lead_is_offered_on_the_board_to_every_eligible_partner(session: Session, cast: Cast) -> None:
    lead = arrived(session, cast)

    assert route_lead(lead_id=lead.id)

    offers = offers_of(session, lead)
    nordwind, kansai = cast.partnerships["nordwind"], cast.partnerships["kansai"]
    assert set(offers) == {nordwind.id, kansai.id}
    assert lead.state is LeadState.DISTRIBUTING
    board = session.scalars(select(Round).where(Round.lead_id == lead.id)).one()
    assert board.kind is RoundKind.BOARD
    deadline = session.scalars(select(Deadline).where(Deadline.lead_id == lead.id)).one()
    assert (deadline.kind, deadline.due_at) == (DeadlineKind.BOARD_CLOSES, board.closes_at)
    decision = session.scalars(select(RoutingDecision).where(RoutingDecision.lead_id == lead.id)).one()
    assert decision.eligible_ids == sorted([nordwind.id, kansai.id])


def test_the_head_start_hides_the_lead_from_the_lower_tier(session: Session, cast: Cast) -> None:
    lead = arrived(session, cast)
    route_lead(lead_id=lead.id)
    offers = offers_of(session, lead)
    now = read_clock(session)

    assert offers[cast.partnerships["nordwind"].id].visible_from <= now
    waiting = offers[cast.partnerships["kansai"].id].visible_from - now
    assert waiting > HEAD_START_OF_SILVER * 0.9


def test_a_hot_lead_skips_the_head_starts(session: Session, cast: Cast) -> None:
    lead = arrived(session, cast, is_hot=True)
    route_lead(lead_id=lead.id)
    assert all(offer.visible_from <= read_clock(session) for offer in offers_of(session, lead).values())


@pytest.mark.covers("B-09", "I-07", "G-01")
@pytest.mark.parametrize("values", [{"score": 49}, {"score": None}, {"consent": ConsentScope.NONE}])
def test_without_score_or_consent_the_lead_is_nurtured(session: Session, cast: Cast, values: dict[str, object]) -> None:
    lead = arrived(session, cast, **values)
    route_lead(lead_id=lead.id)
    assert lead.state is LeadState.NURTURING
    assert not offers_of(session, lead)


@pytest.mark.covers("C-07")
def test_a_lead_nobody_may_have_goes_to_a_person(session: Session, cast: Cast) -> None:
    lead = arrived(session, cast, country="FR", subdivision=None, postal_code="75001")
    route_lead(lead_id=lead.id)
    assert (lead.state, lead.review_reason) == (LeadState.IN_REVIEW, ReviewReason.NOBODY_ELIGIBLE)


def test_consent_for_the_manufacturer_only_goes_to_its_own_queue(session: Session, cast: Cast) -> None:
    lead = arrived(session, cast, consent=ConsentScope.MANUFACTURER_ONLY)
    route_lead(lead_id=lead.id)
    assert session.scalars(select(Round.kind).where(Round.lead_id == lead.id)).all() == [RoundKind.DIRECT]
    assert not offers_of(session, lead)


def test_routing_twice_changes_nothing(session: Session, cast: Cast) -> None:
    lead = arrived(session, cast)
    assert route_received_leads() == 1
    assert route_received_leads() == 0
    assert not route_lead(lead_id=lead.id)
    assert len(session.scalars(select(Round).where(Round.lead_id == lead.id)).all()) == 1


def test_a_change_of_territory_withdraws_and_adds_offers(session: Session, cast: Cast) -> None:
    lead = arrived(session, cast)
    route_lead(lead_id=lead.id)
    kansai = cast.partnerships["kansai"]
    rule = session.scalars(
        select(TerritoryRule).where(TerritoryRule.partnership_id == kansai.id, TerritoryRule.country == "DE")
    ).one()
    session.delete(rule)
    kansai.eligibility_version += 1
    session.commit()

    assert recheck_eligibility() == 1
    assert offers_of(session, lead)[kansai.id].answer is OfferAnswer.WITHDRAWN

    session.add(TerritoryRule(partnership_id=kansai.id, manufacturer_id=cast.acme.id, country="DE"))
    kansai.eligibility_version += 1
    session.commit()
    assert recheck_eligibility() == 1
    offer = offers_of(session, lead)[kansai.id]
    assert (offer.answer, offer.eligibility_version) == (None, kansai.eligibility_version)
    assert recheck_eligibility() == 0


def test_a_lead_nobody_could_have_starts_when_somebody_becomes_eligible(session: Session, cast: Cast) -> None:
    lead = arrived(session, cast, country="FR", subdivision=None, postal_code="75001")
    route_lead(lead_id=lead.id)
    nordwind = cast.partnerships["nordwind"]
    session.add(TerritoryRule(partnership_id=nordwind.id, manufacturer_id=cast.acme.id, country="FR"))
    nordwind.eligibility_version += 1
    session.commit()

    recheck_eligibility()

    session.refresh(lead)
    assert lead.state is LeadState.DISTRIBUTING
    assert set(offers_of(session, lead)) == {nordwind.id}


def test_one_spoiled_lead_does_not_stop_the_recheck(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoiled, sound = arrived(session, cast), arrived(session, cast)
    for lead in (spoiled, sound):
        route_lead(lead_id=lead.id)
    nordwind = cast.partnerships["nordwind"]
    nordwind.eligibility_version += 1
    session.commit()

    def fail_for_spoiled(session: Session, lead: Lead, *rest: object, **more: object) -> Considered:
        if lead.id == spoiled.id:
            raise RuntimeError("spoiled")
        return consider_partnerships(session, lead, *rest, **more)

    monkeypatch.setattr("app.services.rechecking.looking.consider_partnerships", fail_for_spoiled)
    recheck_eligibility()

    assert offers_of(session, sound)[nordwind.id].eligibility_version == nordwind.eligibility_version
    assert offers_of(session, spoiled)[nordwind.id].eligibility_version < nordwind.eligibility_version

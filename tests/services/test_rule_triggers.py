"""When rules are asked: at the door, while a lead waits, when a person lets it go, when it comes back."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.lead_conditions import LeadField, Operator
from app.domain.leads import LeadState, ReviewReason
from app.domain.returns import ReturnReason
from app.domain.review import ReviewDecision
from app.domain.routing_rules import RuleTrigger
from app.domain.rule_actions import RuleDestination
from app.models import (
    Lead,
    Review,
    RoutingDecision,
    RuleApplication,
)
from app.services import intake
from app.services.claims import claim_offer
from app.services.lead_routing import release_lead, route_lead, route_received_leads
from app.services.rechecking import recheck_eligibility
from app.services.returning import return_lead, undo_return
from app.services.reviews import decide_review
from app.services.routing_rules import note_change
from tests.boards import offer_to
from tests.cast import Cast
from tests.ruling import ids, keep, offered_to, routed, told
from tests.services.intake.arrivals import send


@pytest.mark.covers("T-21")
def test_a_nurtured_lead_that_asks_again_meets_the_rules_about_changes(session: Session, cast: Cast) -> None:
    asked_often = (LeadField.TIMES_ASKED, Operator.AT_LEAST, "3")
    lead = session.get_one(Lead, send(cast.acme, score="10", external_id="X-1").lead_id)
    keep(cast, asked_often, trigger=RuleTrigger.CHANGED, score=90, name="Keen")
    for state in (LeadState.NURTURING, LeadState.NURTURING, LeadState.DISTRIBUTING):
        assert route_received_leads() == 1
        assert session.get_one(Lead, lead.id, populate_existing=True).state is state
        send(cast.acme, score="10", external_id="X-1", message=f"Still {state}")
    assert route_received_leads() == 0, "who is offered already is left alone"
    last = select(RoutingDecision).where(RoutingDecision.lead_id == lead.id).order_by(RoutingDecision.id.desc())
    decision = session.scalars(last).first()
    assert decision is not None
    assert decision.cause == "changed"
    assert [one["values"]["rule"] for one in decision.reasons if "rule" in one["values"]] == ["Keen"]


def test_before_a_person_a_changed_lead_stays_and_colleagues_hear_of_it(session: Session, cast: Cast) -> None:
    keep(cast, destination=RuleDestination.REVIEW)
    lead = session.get_one(Lead, send(cast.acme, external_id="X-1").lead_id)
    route_received_leads()
    assert (lead.state, lead.review_reason) == (LeadState.IN_REVIEW, ReviewReason.MANUAL_REVIEW)
    told_id = frozenset({cast.people["ada"].id})
    changed = {"trigger": RuleTrigger.CHANGED, "makes_hot": True, "notified_ids": told_id}
    keep(cast, destination=RuleDestination.NURTURE, name="Changed", **changed)
    rows = b"Record ID,Company,Email,Country,Product,Consent,Score\nX-1,Hofmann,k@hofmann.example,Germany,PUMP,any,70\n"
    intake.import_file(manufacturer_id=cast.acme.id, filename="again.csv", data=rows, is_dry_run=True)
    assert not lead.is_hot
    intake.import_file(manufacturer_id=cast.acme.id, filename="again.csv", data=rows)
    assert (lead.state, lead.is_hot) == (LeadState.IN_REVIEW, True)
    assert told(session, cast) == ["ada"]


@pytest.mark.covers("T-21")
def test_a_returned_lead_meets_the_rules_about_returns(session: Session, cast: Cast) -> None:
    keep(cast, trigger=RuleTrigger.RETURNED, destination=RuleDestination.REVIEW, name="Look at returns")
    lead = routed(session, cast, is_hot=True)
    nora = cast.viewer("nora")
    claim_offer(offer_id=offer_to(session, lead, cast.partnerships["nordwind"]).id, actor=nora)
    return_lead(lead_id=lead.id, actor=nora, reason=ReturnReason.NO_CAPACITY)
    session.expire_all()
    assert (lead.state, lead.review_reason) == (LeadState.IN_REVIEW, ReviewReason.MANUAL_REVIEW)
    undo_return(lead_id=lead.id, actor=nora)
    assert lead.state is LeadState.ASSIGNED
    return_lead(lead_id=lead.id, actor=nora, reason=ReturnReason.NO_CAPACITY)
    assert lead.state is LeadState.IN_REVIEW
    review = session.scalars(select(Review).where(Review.lead_id == lead.id, Review.decided_at.is_(None))).one()
    decide_review(review_id=review.id, decision=ReviewDecision.SENT_TO_PLAN, actor=cast.viewer("carl"))
    assert lead.state is LeadState.DISTRIBUTING


def test_a_rule_that_is_asked_again_and_not_met_is_over(session: Session, cast: Cast) -> None:
    low = (LeadField.SCORE, Operator.AT_MOST, "60")
    keep(cast, low, destination=RuleDestination.NURTURE, excluded_ids=ids(cast, "kansai"))
    lead = routed(session, cast, score=55)
    assert lead.state is LeadState.NURTURING
    lead.score, lead.state = 90, LeadState.RECEIVED
    session.commit()
    route_lead(lead_id=lead.id)
    assert offered_to(session, cast, lead) == {"nordwind", "kansai"}


def test_a_return_for_a_person_meets_the_rules_as_well(session: Session, cast: Cast) -> None:
    ada = frozenset({cast.people["ada"].id})
    keep(cast, trigger=RuleTrigger.RETURNED, destination=RuleDestination.NURTURE, notified_ids=ada)
    lead, nora = routed(session, cast, is_hot=True), cast.viewer("nora")
    claim_offer(offer_id=offer_to(session, lead, cast.partnerships["nordwind"]).id, actor=nora)
    return_lead(lead_id=lead.id, actor=nora, reason=ReturnReason.CONSENT_PROBLEM)
    assert (lead.state, lead.review_reason) == (LeadState.IN_REVIEW, ReviewReason.CONSENT_PROBLEM)
    assert told(session, cast) == ["ada"]


def test_what_a_rule_says_of_partners_counts_from_its_trigger_on(session: Session, cast: Cast) -> None:
    keep(cast, trigger=RuleTrigger.RELEASED, excluded_ids=ids(cast, "kansai"))
    assert offered_to(session, cast, routed(session, cast)) == {"nordwind", "kansai"}
    held = routed(session, cast, score=10)
    release_lead(lead_id=held.id, actor=cast.viewer("carl"), reason="Called in person")
    assert offered_to(session, cast, held) == {"nordwind"}
    cast.partnerships["kansai"].eligibility_version += 1
    session.commit()
    recheck_eligibility()
    assert offered_to(session, cast, held) == {"nordwind"}, "and stays, whatever is decided later"


def test_a_person_who_has_decided_is_not_asked_again(session: Session, cast: Cast) -> None:
    """A rule behind the one that asked limits who may have the lead all the same."""
    keep(cast, destination=RuleDestination.REVIEW)
    keep(cast, excluded_ids=ids(cast, "kansai"), makes_hot=True, name="Behind")
    lead = routed(session, cast)
    assert (lead.state, lead.is_hot) == (LeadState.IN_REVIEW, False)
    review = session.scalars(select(Review).where(Review.lead_id == lead.id)).one()
    decide_review(review_id=review.id, decision=ReviewDecision.NEW_ACCOUNT, actor=cast.viewer("carl"))
    assert (lead.state, lead.is_hot) == (LeadState.DISTRIBUTING, True)
    assert offered_to(session, cast, lead) == {"nordwind"}


def test_rules_never_change_what_is_settled(session: Session, cast: Cast) -> None:
    lead = routed(session, cast, is_hot=True)
    claim_offer(offer_id=offer_to(session, lead, cast.partnerships["kansai"]).id, actor=cast.viewer("kenji"))
    for trigger in RuleTrigger:
        keep(cast, trigger=trigger, score=1, excluded_ids=ids(cast, "kansai"), name=trigger)
    recheck_eligibility()
    session.expire_all()
    assert not note_change(session, lead)
    assert (lead.state, lead.score) == (LeadState.ASSIGNED, 70)
    assert session.scalar(select(func.count()).select_from(RuleApplication)) == 0

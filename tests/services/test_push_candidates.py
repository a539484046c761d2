"""Who takes part when a partner is chosen: whom a rule prefers or names, and who has room and may claim."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.distribution import DeclineReason, RoundKind
from app.domain.lead_conditions import ConditionGroup, FieldCondition, Junction, LeadField, Operator
from app.domain.overlap import OverlapPolicy
from app.domain.routing_rules import RoutingRule
from app.domain.rule_actions import RuleActions
from app.models import Lead, Round, RoutingDecision
from app.services.claims import decline_offer
from app.services.routing_rules import create_rule
from tests.cast import Cast
from tests.pushes import another_partner, asked_about, decision_about, push_only, pushed, worked
from tests.services.test_push_policies import room


@pytest.mark.covers("T-14", "T-21", "T-23")
@pytest.mark.parametrize("asks_of_lead", [True, False])
def test_whom_a_rule_prefers_is_asked_first_and_named_partners_take_turns(
    session: Session, cast: Cast, asks_of_lead: bool
) -> None:
    push_only(session, cast, overlap=OverlapPolicy.CAPACITY)
    room(session, cast)
    third = another_partner(session, cast, "Sudring")
    worked(session, cast, cast.partnerships["kansai"], days_ago=1)
    nordwind, kansai = cast.partnerships["nordwind"], cast.partnerships["kansai"]
    industry = FieldCondition(LeadField.INDUSTRY, Operator.CONTAINS, "medical")
    conditions = ConditionGroup(Junction.ALL, (industry,)) if asks_of_lead else ConditionGroup()
    actions = (
        RuleActions(preferred_ids=frozenset({nordwind.id}))
        if asks_of_lead
        else RuleActions(only_ids=frozenset({nordwind.id, kansai.id}))
    )
    create_rule(actor=cast.viewer("carl"), rule=RoutingRule("Medical", conditions, actions))

    offer = asked_about(session, pushed(session, cast, industry="medical devices"))
    told = str(decision_about(session, session.get_one(Lead, offer.lead_id)).reasons)
    assert offer.partnership_id == nordwind.id
    assert ("A routing rule prefers it." in told) is asks_of_lead
    assert offer.ranking["policy"] == (OverlapPolicy.CAPACITY if asks_of_lead else OverlapPolicy.ROUND_ROBIN)
    other = asked_about(session, pushed(session, cast, industry="steel"))
    assert other.partnership_id == (third.id if asks_of_lead else kansai.id)


@pytest.mark.covers("T-23")
def test_where_nobody_is_left_whom_a_rule_names_the_plans_policy_goes_on(session: Session, cast: Cast) -> None:
    push_only(session, cast, overlap=OverlapPolicy.CAPACITY)
    room(session, cast)
    third = another_partner(session, cast, "Sudring")
    actions = RuleActions(preferred_ids=frozenset({cast.partnerships["nordwind"].id}))
    create_rule(actor=cast.viewer("carl"), rule=RoutingRule("Nordwind first", ConditionGroup(), actions))
    lead = pushed(session, cast)
    first = asked_about(session, lead)
    decline_offer(offer_id=first.id, actor=cast.viewer("nora"), reason=DeclineReason.TOO_SMALL)
    second = asked_about(session, lead)
    asked = [(one.partnership_id, one.ranking["policy"]) for one in (first, second)]
    assert asked == [(cast.partnerships["nordwind"].id, "round_robin"), (third.id, "capacity")]


def suspended(session: Session, cast: Cast, name: str) -> None:
    cast.partnerships[name].claims_suspended_until = datetime.now(UTC) + timedelta(days=3)


def full(session: Session, cast: Cast, name: str) -> None:
    cast.partnerships[name].unworked_claims = 5


def asked_enough(session: Session, cast: Cast, name: str) -> None:
    """Five open offers to it alone: each may become a lead."""
    cast.partnerships["kansai"].claims_suspended_until = datetime.now(UTC) + timedelta(days=3)
    session.commit()
    for _ in range(5):
        assert asked_about(session, pushed(session, cast)).partnership_id == cast.partnerships[name].id
    cast.partnerships["kansai"].claims_suspended_until = None


@pytest.mark.covers("T-05", "T-15", "W-17")
@pytest.mark.parametrize("policy", [OverlapPolicy.WEIGHTED, OverlapPolicy.CAPACITY, OverlapPolicy.NEAREST])
@pytest.mark.parametrize("obstacle", [suspended, full, asked_enough])
def test_who_has_no_room_is_passed_by(
    session: Session, cast: Cast, policy: OverlapPolicy, obstacle: Callable[[Session, Cast, str], object]
) -> None:
    push_only(session, cast, overlap=policy)
    obstacle(session, cast, "nordwind")
    lead = pushed(session, cast)
    assert asked_about(session, lead).partnership_id == cast.partnerships["kansai"].id
    full(session, cast, "kansai")
    other = pushed(session, cast)
    rounds = session.scalars(select(Round.kind).where(Round.lead_id == other.id).order_by(Round.number)).all()
    assert rounds == [RoundKind.PUSH, RoundKind.DIRECT]
    reasons = session.scalars(select(RoutingDecision.reasons).where(RoutingDecision.lead_id == other.id)).all()
    assert "Whoever is eligible has no room, or may claim nothing now." in str(reasons)

"""The manufacturer's own rules followed by the real routing: what they set, who may have a lead, who hears of it."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.audit import EventKind
from app.domain.distribution import DeclineReason
from app.domain.lead_conditions import ConditionGroup, FieldCondition, LeadField, Operator
from app.domain.leads import LeadState
from app.domain.ranking import RankingPart
from app.domain.routing_rules import RoutingRule, RuleTrigger
from app.domain.rule_actions import RuleActions
from app.models import (
    Absence,
    Event,
    Offer,
    RoutingDecision,
    RuleApplication,
)
from app.queries.audit.details import detail
from app.queries.routing_rules import list_rules
from app.services.claims import decline_offer
from app.services.lead_routing import release_lead
from app.services.rechecking import recheck_eligibility
from app.services.routing_rules import change_rule, remove_rule
from tests.cast import Cast
from tests.pushes import another_partner, asked_about, push_only, pushed
from tests.ruling import ids, keep, offered_to, routed, told, viewer_of


@pytest.mark.covers("T-14", "T-20")
def test_a_rule_sets_the_score_before_it_is_looked_at(session: Session, cast: Cast) -> None:
    keep(cast, (LeadField.CAMPAIGN, Operator.IS, "fair 2026"), score=85, makes_hot=True, name="Fair")
    fair = routed(session, cast, score=20, campaign="Fair 2026")
    other = routed(session, cast, score=20)
    assert (fair.state, fair.score, fair.is_hot) == (LeadState.DISTRIBUTING, 85, True)
    assert other.state is LeadState.NURTURING
    (event,) = session.scalars(select(Event).where(Event.kind == EventKind.LEAD_SET_BY_RULE))
    assert [str(one) for one in detail(event.kind, event.data)] == ["“Fair”", "Hot: no → yes", "Score: 20 → 85"]
    assert (event.lead_id, event.audience) == (fair.id, "manufacturer")


@pytest.mark.covers("T-13")
def test_a_lead_that_names_no_product_line_gets_the_rules(session: Session, cast: Cast) -> None:
    keep(cast, (LeadField.MESSAGE, Operator.CONTAINS, "pump"), product="PUMP")
    silent = routed(session, cast, (), message="We need pumps.")
    assert (silent.state, silent.title) == (LeadState.DISTRIBUTING, "Industrial pumps")
    robot = routed(session, cast, ("robot",), message="Robots beside our pumps.")
    assert [line.code for line in robot.product_lines] == ["ROBOT"]


@pytest.mark.covers("T-11", "T-12")
def test_a_large_lead_goes_to_a_high_tier_only(session: Session, cast: Cast) -> None:
    keep(cast, (LeadField.AMOUNT, Operator.AT_LEAST, "100000"), min_tier="gold", name="Large")
    large = routed(session, cast, amount_cents=20_000_000, currency="EUR")
    assert offered_to(session, cast, large) == {"nordwind"}
    assert offered_to(session, cast, routed(session, cast, amount_cents=100, currency="EUR")) == {"nordwind", "kansai"}
    decision = session.scalars(select(RoutingDecision).where(RoutingDecision.lead_id == large.id)).one()
    found = {one["partnership_id"]: one["results"][-1]["finding"] for one in decision.considered}
    assert found[cast.partnerships["kansai"].id] == "tier_too_low"


def test_colleagues_hear_of_a_lead_once(session: Session, cast: Cast) -> None:
    people = {name: cast.people[name].id for name in ("ada", "vera", "ines")}
    rule_id = keep(cast, notified_ids=frozenset(people.values()))
    cast.people["ines"].disabled_at = read_clock(session)
    session.add(
        Absence(
            organisation_id=cast.acme.id,
            user_id=people["vera"],
            deputy_id=cast.people["arne"].id,
            kind="vacation",
            starts_at=read_clock(session),
        )
    )
    lead = routed(session, cast, score=10)
    assert told(session, cast) == ["ada", "arne"], "who left is passed by, for who is away the deputy is told"
    release_lead(lead_id=lead.id, actor=cast.viewer("carl"), reason="Called in person")
    assert lead.state is LeadState.DISTRIBUTING
    (line,) = list_rules(viewer=cast.viewer("vera"))
    assert (line.id, line.applied) == (rule_id, 1)
    assert "Ines (has left)" in str(line.says)
    assert told(session, cast) == ["ada", "arne"]


def test_a_rule_holds_although_it_has_set_what_it_asks_about(session: Session, cast: Cast) -> None:
    """Until it is asked again and not met, or changed."""
    low = (LeadField.SCORE, Operator.AT_MOST, "50")
    rule_id = keep(cast, low, score=80, only_ids=ids(cast, "nordwind"), name="Low")
    lead = routed(session, cast, score=30)
    assert offered_to(session, cast, lead) == {"nordwind"}
    cast.partnerships["kansai"].eligibility_version += 1
    session.commit()
    recheck_eligibility()
    assert offered_to(session, cast, lead) == {"nordwind"}
    condition = ConditionGroup(parts=(FieldCondition(*low),))
    changed = RoutingRule("Low", condition, RuleActions(score=81, only_ids=ids(cast, "nordwind")))
    change_rule(actor=cast.viewer("carl"), rule_id=rule_id, version=1, rule=changed)
    recheck_eligibility()
    assert offered_to(session, cast, lead) == {"nordwind", "kansai"}, "its score is 80 now, as the new rule sees it"


@pytest.mark.covers("T-23")
def test_partners_named_for_every_lead_take_turns_and_then_the_plan_goes_on(session: Session, cast: Cast) -> None:
    push_only(session, cast, weights={RankingPart.TIER.value: 1})
    gold = another_partner(session, cast, "Sudring")
    keep(cast, preferred_ids=ids(cast, "kansai") | {gold.id}, name="First these")
    order = [asked_about(session, pushed(session, cast)).partnership_id for _ in range(4)]
    kansai = cast.partnerships["kansai"].id
    assert order == [kansai, gold.id, kansai, gold.id]
    lead = pushed(session, cast)
    asked = []
    for name in ("kenji", "sudring", "nora"):
        offer = asked_about(session, lead)
        asked.append((offer.partnership_id, offer.ranking["policy"]))
        if name != "nora":
            actor = cast.viewer("kenji") if name == "kenji" else viewer_of(session, gold.partner_id)
            decline_offer(offer_id=offer.id, actor=actor, reason=DeclineReason.NO_CAPACITY)
    nordwind = cast.partnerships["nordwind"].id
    assert asked == [(kansai, "round_robin"), (gold.id, "round_robin"), (nordwind, "weighted")]
    told = "The manufacturer likes to give you leads of this kind"
    offers = session.scalars(select(Offer).where(Offer.lead_id == lead.id)).all()
    assert {one.partnership_id for one in offers if told in str(one.reasons)} == {kansai, gold.id}
    assert "First these" not in str([one.reasons for one in offers]), "a partner never hears of the rule"


def test_a_rule_that_goes_leaves_its_name_in_the_story(session: Session, cast: Cast) -> None:
    rule_id = keep(cast, only_ids=ids(cast, "kansai"), name="Kansai only")
    lead = routed(session, cast)
    assert offered_to(session, cast, lead) == {"kansai"}
    remove_rule(actor=cast.viewer("ada"), rule_id=rule_id)
    recheck_eligibility()
    assert offered_to(session, cast, lead) == {"nordwind", "kansai"}, "open offers follow the rules as they stand"
    decision = session.scalars(select(RoutingDecision).where(RoutingDecision.lead_id == lead.id)).first()
    assert decision is not None
    assert "Kansai only" in str(decision.reasons)
    assert session.scalar(select(func.count()).select_from(RuleApplication)) == 0


def test_the_trail_says_each_part_that_changed(session: Session, cast: Cast) -> None:
    rule_id = keep(cast, score=80)
    changed = RoutingRule("New name", actions=RuleActions(score=80, min_tier="gold"), trigger=RuleTrigger.RETURNED)
    change_rule(actor=cast.viewer("ada"), rule_id=rule_id, version=1, rule=changed)
    event = session.scalars(select(Event).order_by(Event.id.desc())).first()
    assert event is not None
    assert [str(one) for one in detail(event.kind, event.data)] == [
        "New name: changed",
        "Name: Own rule → New name",
        "When: A lead comes in → A lead is returned",
        "Actions: its score is 80 → from the tier Gold up only, its score is 80",
    ]

"""The manufacturer's own rules followed by the real routing: at the door, while a lead waits, when it comes back."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.audit import EventKind
from app.domain.distribution import DeclineReason
from app.domain.identity import OrganisationKind, Viewer
from app.domain.lead_conditions import ConditionGroup, FieldCondition, Junction, LeadField, Operator
from app.domain.leads import LeadState, ReviewReason
from app.domain.notifications import MailKind
from app.domain.ranking import RankingPart
from app.domain.returns import ReturnReason
from app.domain.review import ReviewDecision
from app.domain.routing_rules import RoutingRule, RuleTrigger
from app.domain.rule_actions import RuleActions, RuleDestination
from app.models import (
    Absence,
    Event,
    Lead,
    LeadTouch,
    Offer,
    OutboxMessage,
    Review,
    RoutingDecision,
    RuleApplication,
    User,
)
from app.queries.audit.details import detail
from app.queries.routing_rules import list_rules
from app.services.claims import claim_offer, decline_offer
from app.services.lead_routing import release_lead, route_lead
from app.services.rechecking import recheck_eligibility
from app.services.returning import return_lead, undo_return
from app.services.reviews import decide_review
from app.services.routing_rules import change_rule, create_rule, note_change, remove_rule
from tests import factories
from tests.boards import offer_to
from tests.cast import Cast
from tests.pushes import another_partner, asked_about, push_only, pushed


def keep(
    cast: Cast,
    *conditions: tuple[LeadField, Operator, str],
    trigger: RuleTrigger = RuleTrigger.RECEIVED,
    name: str = "Own rule",
    **actions: Any,
) -> int:
    """A rule of Acme's that is in force from now on."""
    group = ConditionGroup(Junction.ALL, tuple(FieldCondition(*one) for one in conditions))
    rule = RoutingRule(name, group, RuleActions(**actions), trigger=trigger)
    return create_rule(actor=cast.viewer("carl"), rule=rule)


def routed(session: Session, cast: Cast, products: tuple[str, ...] = ("pump",), **values: Any) -> Lead:
    """A new lead of Acme's, routed."""
    lead = factories.lead(session, cast.acme, [cast.products[one] for one in products], **values)
    session.commit()
    route_lead(lead_id=lead.id)
    return session.get_one(Lead, lead.id, populate_existing=True)


def offered_to(session: Session, cast: Cast, lead: Lead) -> set[str]:
    """Who has an open offer of the lead."""
    ids = set(session.scalars(select(Offer.partnership_id).where(Offer.lead_id == lead.id, Offer.answer.is_(None))))
    return {name for name, one in cast.partnerships.items() if one.id in ids}


def told(session: Session, cast: Cast) -> list[str]:
    """Who is owed the mail of a rule, by name."""
    owed = select(OutboxMessage.user_id).where(OutboxMessage.kind == MailKind.ROUTING_RULE_TO_COLLEAGUE)
    ids = list(session.scalars(owed))
    return sorted(name for name, person in cast.people.items() for one in ids if one == person.id)


def viewer_of(session: Session, partner_id: int) -> Viewer:
    """The one person of a partner."""
    user = session.scalars(select(User).where(User.organisation_id == partner_id)).one()
    return Viewer(user.id, partner_id, OrganisationKind.PARTNER, user.role, user.name)


def ids(cast: Cast, *names: str) -> frozenset[int]:
    return frozenset(cast.partnerships[name].id for name in names)


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


@pytest.mark.covers("T-21")
def test_a_nurtured_lead_that_asks_again_meets_the_rules_about_changes(session: Session, cast: Cast) -> None:
    asked_often = (LeadField.TIMES_ASKED, Operator.AT_LEAST, "3")
    lead = routed(session, cast, score=10)
    keep(cast, asked_often, trigger=RuleTrigger.CHANGED, score=90, name="Keen")
    for state in (LeadState.NURTURING, LeadState.DISTRIBUTING):
        session.add(LeadTouch(lead_id=lead.id, source_kind="web_form", asked_at=read_clock(session)))
        session.flush()
        assert note_change(session, lead)
        session.commit()
        route_lead(lead_id=lead.id)
        assert session.get_one(Lead, lead.id, populate_existing=True).state is state
    last = select(RoutingDecision).where(RoutingDecision.lead_id == lead.id).order_by(RoutingDecision.id.desc())
    decision = session.scalars(last).first()
    assert decision is not None
    assert decision.cause == "changed"
    assert [one["values"]["rule"] for one in decision.reasons if "rule" in one["values"]] == ["Keen"]


def test_before_a_person_a_changed_lead_stays_and_colleagues_hear_of_it(session: Session, cast: Cast) -> None:
    keep(cast, destination=RuleDestination.REVIEW)
    lead = routed(session, cast)
    assert (lead.state, lead.review_reason) == (LeadState.IN_REVIEW, ReviewReason.MANUAL_REVIEW)
    told_id = frozenset({cast.people["ada"].id})
    changed = {"trigger": RuleTrigger.CHANGED, "makes_hot": True, "notified_ids": told_id}
    keep(cast, destination=RuleDestination.NURTURE, name="Changed", **changed)
    assert not note_change(session, lead)
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

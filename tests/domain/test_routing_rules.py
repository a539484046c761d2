"""A manufacturer's own rules: which a lead meets, in which order, and what they make of who may see it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.domain.errors import Invalid
from app.domain.lead_conditions import ConditionGroup, FieldCondition, Junction, LeadField, LeadValues, Operator
from app.domain.lead_routing.trace import WHY_OFFERED, Eligibility, RuleName, RuleResult, why_offered
from app.domain.partners import TierRule
from app.domain.routing_rules import (
    RoutingRule,
    RuleTrigger,
    causes_of,
    limit_to_rules,
    rules_done,
    rules_met,
    triggers_asked,
)
from app.domain.rule_actions import RuleActions, RuleDestination

LEAD: LeadValues = {LeadField.INDUSTRY: "Medical", LeadField.SCORE: 40, LeadField.IS_HOT: False}
SILVER, GOLD = TierRule("silver", 2), TierRule("gold", 3)
TIERS = (SILVER, GOLD)
RECEIVED, CHANGED, RELEASED, RETURNED = RuleTrigger


def rule(name: str, field: LeadField, operator: Operator, value: str, **actions: Any) -> RoutingRule:
    conditions = ConditionGroup(Junction.ALL, (FieldCondition(field, operator, value),))
    return RoutingRule(name, conditions, RuleActions(**actions))


RAISES = rule("raises", LeadField.INDUSTRY, Operator.IS, "medical", score=90, makes_hot=True)
HIGH = rule("high", LeadField.SCORE, Operator.AT_LEAST, "80", only_ids=frozenset({1, 2}))
LOW = rule("low", LeadField.SCORE, Operator.AT_MOST, "50", destination=RuleDestination.NURTURE)
ALWAYS = RoutingRule("always", actions=RuleActions(excluded_ids=frozenset({2})))
OFF = RoutingRule("off", is_active=False)
LATER = RoutingRule("later", trigger=RETURNED)


@pytest.mark.covers("T-14", "T-19", "T-21")
@pytest.mark.parametrize(
    ("rules", "met", "done"),
    [
        ((), [], []),
        ((HIGH,), [], []),
        ((RAISES, HIGH), ["raises", "high"], ["raises", "high"]),
        ((HIGH, RAISES), ["raises"], ["raises"]),
        ((LOW, RAISES, HIGH, ALWAYS), ["low", "raises", "always"], ["low"]),
        ((RAISES, LOW, ALWAYS), ["raises", "always"], ["raises", "always"]),
        ((OFF, LATER, ALWAYS), ["always"], ["always"]),
    ],
)
def test_rules_are_asked_in_order(rules: tuple[RoutingRule, ...], met: list[str], done: list[str]) -> None:
    """Behind a rule that sends a lead elsewhere nothing is done any more; who may have it they say all the same."""
    found = rules_met(rules, LEAD, {RECEIVED})
    assert [one.name for one in found] == met
    assert [one.name for one in rules_done(found)] == done


def test_a_lead_meets_what_was_followed_for_it_before() -> None:
    """A rule may set the very field it asks about."""
    low = replace(LOW, id=7)
    assert rules_met([low], {LeadField.SCORE: 90}, {RECEIVED}) == ()
    assert rules_met([low], {LeadField.SCORE: 90}, {RECEIVED}, {7}) == (low,)
    assert rules_met([replace(low, is_active=False)], {LeadField.SCORE: 90}, {RECEIVED}, {7}) == ()


def test_where_a_person_has_decided_a_lead_is_not_sent_again() -> None:
    asks = RoutingRule("asks", actions=RuleActions(destination=RuleDestination.REVIEW))
    assert rules_done([asks, ALWAYS]) == (asks,)
    assert rules_done([asks, ALWAYS], {RuleDestination.REVIEW}) == (asks, ALWAYS)


@pytest.mark.covers("T-21")
@pytest.mark.parametrize(
    ("cause", "has_begun", "asked"),
    [
        ("received", False, {RECEIVED}),
        ("changed", False, {RECEIVED, CHANGED}),
        ("reviewed", False, {RECEIVED, CHANGED}),
        ("linked_by_hand", True, {CHANGED}),
        ("accounts_changed", True, {CHANGED}),
        ("released", False, {RELEASED}),
        ("returned", True, {RETURNED}),
        ("network_changed", True, set()),
        ("silence", True, set()),
    ],
)
def test_what_happens_says_whose_turn_it_is(cause: str, has_begun: bool, asked: set[RuleTrigger]) -> None:
    assert triggers_asked(cause, has_begun=has_begun) == asked
    assert all(cause in causes_of(trigger) for trigger in asked - {RECEIVED})


@pytest.mark.covers("T-10", "T-12", "T-22")
@pytest.mark.parametrize(
    ("partnership_id", "tier", "findings"),
    [
        (1, GOLD, []),
        (2, GOLD, [("excluded", "always")]),
        (3, GOLD, [("not_named", "high")]),
        (1, SILVER, [("tier_too_low", "large")]),
    ],
)
def test_rules_leave_partners_out_and_say_which(
    partnership_id: int, tier: TierRule, findings: list[tuple[str, str]]
) -> None:
    large = RoutingRule("large", actions=RuleActions(min_tier="gold"))
    eligible = Eligibility(partnership_id, (RuleResult(RuleName.CONTRACT, True, "active"),))
    left = limit_to_rules(eligible, [HIGH, ALWAYS, large], tier, TIERS)
    assert left.is_eligible is (not findings)
    assert [(one.finding, one.values["rule"]) for one in left.failures] == findings
    assert all(findings[0][1] in str(one.phrase) for one in left.failures)


def test_a_tier_that_is_gone_limits_nobody() -> None:
    one = Eligibility(1, (RuleResult(RuleName.CONTRACT, True, "active"),))
    assert limit_to_rules(one, [RoutingRule("x", actions=RuleActions(min_tier="bronze"))], SILVER, TIERS) == one


def test_rules_let_nobody_in() -> None:
    outside = Eligibility(1, (RuleResult(RuleName.CONTRACT, False, "ended"),))
    asks = RoutingRule("x", actions=RuleActions(preferred_ids=frozenset({1})))
    assert not limit_to_rules(outside, [asks], GOLD).is_eligible


@pytest.mark.covers("T-23")
@pytest.mark.parametrize(
    ("actions", "has_filter", "finding", "preferred", "in_turn"),
    [
        ({"preferred_ids": frozenset({1, 2})}, True, "preferred", True, False),
        ({"preferred_ids": frozenset({1, 2})}, False, "first_in_turn", True, True),
        ({"only_ids": frozenset({1, 2})}, False, "in_turn", False, True),
        ({"only_ids": frozenset({1, 2})}, True, None, False, False),
        ({"preferred_ids": frozenset({2})}, True, None, False, False),
    ],
)
def test_rules_ask_partners_first_or_in_turn(
    actions: dict[str, Any], has_filter: bool, finding: str | None, preferred: bool, in_turn: bool
) -> None:
    medical = rule("secret name", LeadField.INDUSTRY, Operator.IS, "medical", **actions)
    asks = medical if has_filter else RoutingRule("secret name", actions=RuleActions(**actions))
    found = limit_to_rules(Eligibility(1, (RuleResult(RuleName.CONTRACT, True, "active"),)), [asks], GOLD)
    assert [one.finding for one in found.results[1:]] == ([finding] if finding else [])
    assert (found.is_eligible, found.is_preferred, found.is_in_turn) == (True, preferred, in_turn)
    told = [str(phrase) for phrase in why_offered(found.results)]
    assert told == ([WHY_OFFERED["custom.preferred"]] if preferred else []), "a partner never hears of the rule"


@pytest.mark.parametrize(
    "wrong",
    [
        RoutingRule(" "),
        RoutingRule("x" * 81),
        RoutingRule("held", actions=RuleActions(destination=RuleDestination.REVIEW), trigger=RELEASED),
        rule("no number", LeadField.COUNTRY, Operator.AT_LEAST, "5"),
    ],
)
def test_what_makes_no_sense_is_refused(wrong: RoutingRule) -> None:
    with pytest.raises(Invalid):
        wrong.check()


def test_a_rule_says_why_it_applied() -> None:
    assert str(HIGH.reason) == "The routing rule “high” applies (A lead comes in): Score is at least 80."


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        (RoutingRule("Nothing done"), "destination"),
        (
            RoutingRule(
                "Never met",
                ConditionGroup(
                    parts=tuple(FieldCondition(LeadField.COUNTRY, Operator.IS, country) for country in ("DE", "FR"))
                ),
                RuleActions(makes_hot=True),
            ),
            "conditions",
        ),
    ],
)
def test_a_rule_that_can_never_act_is_refused(rule: RoutingRule, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        rule.check()
    assert set(refused.value.fields) == {field}

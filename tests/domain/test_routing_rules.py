"""A manufacturer's own rules: which a lead meets, in which order, and what they leave of who may see it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.domain.errors import Invalid
from app.domain.lead_conditions import ConditionGroup, FieldCondition, Junction, LeadField, LeadValues, Operator
from app.domain.lead_routing.trace import Eligibility, RuleName, RuleResult
from app.domain.routing_rules import RoutingRule, RuleActions, RuleDestination, limit_to_rules, rules_met

LEAD: LeadValues = {LeadField.INDUSTRY: "Medical", LeadField.SCORE: 40, LeadField.IS_HOT: False}


def rule(name: str, field: LeadField, operator: Operator, value: str, **actions: Any) -> RoutingRule:
    conditions = ConditionGroup(Junction.ALL, (FieldCondition(field, operator, value),))
    return RoutingRule(name, conditions, RuleActions(**actions))


RAISES = rule("raises", LeadField.INDUSTRY, Operator.IS, "medical", score=90, makes_hot=True)
HIGH = rule("high", LeadField.SCORE, Operator.AT_LEAST, "80", only_ids=frozenset({1, 2}))
LOW = rule("low", LeadField.SCORE, Operator.AT_MOST, "50", destination=RuleDestination.NURTURE)
ALWAYS = RoutingRule("always", actions=RuleActions(excluded_ids=frozenset({2})))
OFF = RoutingRule("off", is_active=False)


@pytest.mark.covers("T-14", "T-19", "T-21")
@pytest.mark.parametrize(
    ("rules", "met"),
    [
        ((), []),
        ((HIGH,), []),
        ((RAISES, HIGH), ["raises", "high"]),
        ((HIGH, RAISES), ["raises"]),
        ((LOW, RAISES, ALWAYS), ["low"]),
        ((RAISES, LOW, ALWAYS), ["raises", "always"]),
        ((OFF, ALWAYS), ["always"]),
    ],
)
def test_rules_are_asked_in_order(rules: tuple[RoutingRule, ...], met: list[str]) -> None:
    assert [one.name for one in rules_met(rules, LEAD)] == met


@pytest.mark.covers("T-10", "T-22")
@pytest.mark.parametrize(
    ("partnership_id", "findings"),
    [(1, []), (2, [("excluded", "always")]), (3, [("not_named", "high")])],
)
def test_rules_leave_partners_out_and_say_which(partnership_id: int, findings: list[tuple[str, str]]) -> None:
    eligible = Eligibility(partnership_id, (RuleResult(RuleName.CONTRACT, True, "active"),))
    left = limit_to_rules(eligible, [HIGH, ALWAYS])
    assert left.is_eligible is (not findings)
    assert [(one.finding, one.values["rule"]) for one in left.failures] == findings
    assert all(findings[0][1] in str(one.phrase) for one in left.failures)


def test_rules_let_nobody_in() -> None:
    outside = Eligibility(1, (RuleResult(RuleName.CONTRACT, False, "ended"),))
    assert limit_to_rules(outside, [HIGH]) == outside


@pytest.mark.parametrize(
    "actions",
    [
        RuleActions(),
        RuleActions(frozenset({1, 2}), frozenset({3}), True, 70, RuleDestination.REVIEW),
        RuleActions(score=0),
    ],
)
def test_actions_survive_json(actions: RuleActions) -> None:
    assert RuleActions.from_json(json.loads(json.dumps(actions.to_json()))) == actions


@pytest.mark.parametrize(
    ("actions", "said"),
    [
        (RuleActions(), "it goes into the distribution plan"),
        (RuleActions(only_ids=frozenset({1, 2})), "only Kansai, Nordwind may have it"),
        (RuleActions(excluded_ids=frozenset({9})), "not for –"),
        (
            RuleActions(makes_hot=True, score=5, destination=RuleDestination.REVIEW),
            "it is hot, its score is 5, it goes to a person, who decides",
        ),
    ],
)
def test_actions_are_told(actions: RuleActions, said: str) -> None:
    assert str(actions.phrase({1: "Nordwind", 2: "Kansai"})) == said


@pytest.mark.parametrize(
    "wrong",
    [
        RoutingRule(" "),
        RoutingRule("x" * 81),
        RoutingRule("score", actions=RuleActions(score=101)),
        RoutingRule("both", actions=RuleActions(frozenset({1}), frozenset({1}))),
        rule("no number", LeadField.COUNTRY, Operator.AT_LEAST, "5"),
    ],
)
def test_what_makes_no_sense_is_refused(wrong: RoutingRule) -> None:
    with pytest.raises(Invalid):
        wrong.check()


def test_a_rule_says_why_it_applied() -> None:
    assert str(HIGH.reason) == "The routing rule “high” applies: Score is at least 80."

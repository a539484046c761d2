"""Acme's own routing rules in the demo: asked of every lead of its past, by the services a person would use."""

from __future__ import annotations

from app.domain.lead_conditions import ConditionGroup, FieldCondition, LeadField, Operator
from app.domain.routing_rules import RoutingRule, RuleTrigger
from app.domain.rule_actions import RuleActions, RuleDestination
from app.services.demo.network import World
from app.services.routing_rules import create_rule


def keep_rules(world: World) -> None:
    """One rule for each thing worth trying: who is asked first, who hears of it, what no person need look at."""
    channel_manager = frozenset({world.people["carl"].user_id})
    bavarian = frozenset({world.partnerships["acme", "isarwerk"]})
    rules = (
        RoutingRule(
            "Large deals in Bavaria",
            _all_of((LeadField.SUBDIVISION, Operator.IS, "DE-BY"), (LeadField.AMOUNT, Operator.AT_LEAST, "50000")),
            RuleActions(preferred_ids=bavarian, notified_ids=channel_manager),
        ),
        RoutingRule(
            "Students and interns",
            _all_of((LeadField.JOB_TITLE, Operator.CONTAINS, "student, intern, praktikant")),
            RuleActions(destination=RuleDestination.NURTURE),
        ),
        RoutingRule(
            "Good leads that come back",
            _all_of((LeadField.SCORE, Operator.AT_LEAST, "70")),
            RuleActions(notified_ids=channel_manager),
            trigger=RuleTrigger.RETURNED,
        ),
    )
    for rule in rules:
        create_rule(actor=world.head_of("acme"), rule=rule)


def _all_of(*conditions: tuple[LeadField, Operator, str]) -> ConditionGroup:
    return ConditionGroup(parts=tuple(FieldCondition(*one) for one in conditions))

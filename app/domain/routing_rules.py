"""A manufacturer's own rules about leads, asked in order when something happens to one (T-07, T-14, T-21 … T-23)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.contradictions import contradiction_in
from app.domain.lead_conditions import ConditionGroup, LeadValues, field_name
from app.domain.lead_routing.trace import Eligibility, RuleName, RuleResult, TraceValue
from app.domain.partners import TierRule
from app.domain.phrases import N_, Phrase
from app.domain.rule_actions import RuleActions, RuleDestination, wrong_rule

LONGEST_NAME = 80
NEVER_MET = N_("%(field)s cannot be all of this at once: no lead would ever meet the rule.")


class RuleTrigger(StrEnum):
    """What happens to a lead for a rule to be asked."""

    RECEIVED = "received"
    CHANGED = "changed"
    RELEASED = "released"
    RETURNED = "returned"


TRIGGER_LABELS = {
    RuleTrigger.RECEIVED: N_("A lead comes in"),
    RuleTrigger.CHANGED: N_("A waiting lead changes"),
    RuleTrigger.RELEASED: N_("A person releases a lead"),
    RuleTrigger.RETURNED: N_("A lead is returned"),
}
"""How people read the triggers."""

_TRIGGER_OF_CAUSE = {
    "received": RuleTrigger.RECEIVED,
    "changed": RuleTrigger.CHANGED,
    "accounts_changed": RuleTrigger.CHANGED,
    "linked_by_hand": RuleTrigger.CHANGED,
    "reviewed": RuleTrigger.CHANGED,
    "released": RuleTrigger.RELEASED,
    "returned": RuleTrigger.RETURNED,
}


def trigger_of(cause: str) -> RuleTrigger | None:
    """What the cause of a routing decision is for rules; None for what only goes on with a plan."""
    return _TRIGGER_OF_CAUSE.get(cause)


def causes_of(trigger: RuleTrigger) -> frozenset[str]:
    """The causes of decisions that are this trigger."""
    return frozenset(cause for cause, one in _TRIGGER_OF_CAUSE.items() if one is trigger)


def triggers_asked(cause: str, *, has_begun: bool) -> frozenset[RuleTrigger]:
    """Whose turn it is at a decision of this cause.

    Rules about a lead that comes in are asked until its plan has begun: also when a change brings it back to the door,
    or a person has said whose company it is.
    """
    trigger = trigger_of(cause)
    if trigger is None:
        return frozenset()
    if trigger is RuleTrigger.CHANGED and not has_begun:
        return frozenset({RuleTrigger.RECEIVED, RuleTrigger.CHANGED})
    return frozenset({trigger})


@dataclass(frozen=True, slots=True)
class RoutingRule:
    """One rule: when it is asked, which leads meet it, and what is done with them.

    `id` and `version` are those of the rule that is kept, 0 until then.
    """

    name: str
    conditions: ConditionGroup = field(default_factory=ConditionGroup)
    actions: RuleActions = field(default_factory=RuleActions)
    is_active: bool = True
    trigger: RuleTrigger = RuleTrigger.RECEIVED
    id: int = field(default=0, compare=False)
    version: int = field(default=0, compare=False)

    def check(self) -> None:
        """Raise `Invalid` where a rule makes no sense, or can never act."""
        if not self.name.strip() or len(self.name) > LONGEST_NAME:
            problem = Phrase(N_("A rule has a name of at most %(most)s characters."), {"most": LONGEST_NAME})
            raise wrong_rule(problem, "name")
        self.conditions.check()
        if (field := contradiction_in(self.conditions)) is not None:
            problem = Phrase(NEVER_MET, {"field": field_name(field)})
            raise wrong_rule(problem, "conditions")
        self.actions.check()
        if self.trigger is RuleTrigger.RELEASED and self.actions.destination is not RuleDestination.PLAN:
            problem = Phrase(N_("A person has just let the lead go on: a rule cannot hold it back again."))
            raise wrong_rule(problem, "destination")

    @property
    def when(self) -> Phrase:
        """When it is asked, in words."""
        return Phrase(TRIGGER_LABELS[self.trigger])

    @property
    def takes_turns(self) -> bool:
        """Whether it names partners and asks nothing of the lead: those partners are then asked in turn (T-23)."""
        return not self.conditions.parts and bool(self.actions.only_ids or self.actions.preferred_ids)

    @property
    def reason(self) -> Phrase:
        """Why the rule applied, for the routing decision."""
        told = N_("The routing rule “%(rule)s” applies (%(trigger)s): %(conditions)s.")
        return Phrase(told, {"rule": self.name, "trigger": self.when, "conditions": self.conditions.phrase})

    def finding_on(self, partnership_id: int, tier: TierRule, tiers: Mapping[str, TierRule]) -> RuleResult | None:
        """What a lead that meets the rule finds on one partnership; None where the rule says nothing of it."""
        actions, minimum = self.actions, tiers.get(self.actions.min_tier or "")
        values: dict[str, TraceValue] = {"rule": self.name}
        if partnership_id in actions.excluded_ids:
            return RuleResult(RuleName.CUSTOM, False, "excluded", values)
        if actions.only_ids and partnership_id not in actions.only_ids:
            return RuleResult(RuleName.CUSTOM, False, "not_named", values)
        if minimum is not None and tier.rank < minimum.rank:
            return RuleResult(RuleName.CUSTOM, False, "tier_too_low", values | {"lowest": minimum.key})
        if partnership_id in actions.preferred_ids:
            return RuleResult(RuleName.CUSTOM, True, "first_in_turn" if self.takes_turns else "preferred", values)
        return RuleResult(RuleName.CUSTOM, True, "in_turn", values) if self.takes_turns and actions.only_ids else None


def rules_met(
    rules: Iterable[RoutingRule],
    values: LeadValues,
    triggers: Collection[RuleTrigger],
    in_force_ids: Collection[int] = (),
) -> tuple[RoutingRule, ...]:
    """The active rules of these triggers that a lead meets, in their order, each seeing what those before it set.

    Those of `in_force_ids` were followed for the lead before: it meets them still, also where they have set what they
    ask of it. What a rule behind one that sends the lead elsewhere would set, the next ones do not see: it is not done.
    """
    met: list[RoutingRule] = []
    seen, is_sent_off = dict(values), False
    for rule in rules:
        is_asked = rule.is_active and rule.trigger in triggers
        if is_asked and (rule.id in in_force_ids or rule.conditions.holds_for(seen)):
            met.append(rule)
            if not is_sent_off:
                seen |= rule.actions.changes_to(seen)
            is_sent_off = is_sent_off or rule.actions.destination is not RuleDestination.PLAN
    return tuple(met)


def rules_done(met: Iterable[RoutingRule], passed: Collection[RuleDestination] = ()) -> tuple[RoutingRule, ...]:
    """The rules whose actions are done: up to the first that sends the lead elsewhere than into the plan.

    Where `passed` names, the lead is not sent any more: a person has decided about it there.
    """
    done: list[RoutingRule] = []
    for rule in met:
        done.append(rule)
        if rule.actions.destination not in {RuleDestination.PLAN, *passed}:
            break
    return tuple(done)


def limit_to_rules(
    eligibility: Eligibility, met: Collection[RoutingRule], tier: TierRule, tiers: Iterable[TierRule] = ()
) -> Eligibility:
    """What the rules a lead meets say of a partnership: each that leaves it out or asks it first adds its finding."""
    if not met:
        return eligibility
    by_code = {one.key: one for one in tiers}
    found = [rule.finding_on(eligibility.partnership_id, tier, by_code) for rule in met]
    added = tuple(finding for finding in found if finding is not None)
    return Eligibility(eligibility.partnership_id, (*eligibility.results, *added)) if added else eligibility

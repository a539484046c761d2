"""A manufacturer's own rules about incoming leads, asked in order before the plan (T-07, T-14, T-19, T-21, T-22)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from app.domain.errors import Invalid
from app.domain.lead_conditions import ConditionGroup, Fact, LeadField, LeadValues, joined
from app.domain.lead_routing.trace import Eligibility, RuleName, RuleResult
from app.domain.phrases import N_, Phrase

LONGEST_NAME = 80


class RuleDestination(StrEnum):
    """Where a rule sends a lead."""

    PLAN = "plan"
    NURTURE = "nurture"
    REVIEW = "review"


DESTINATION_LABELS = {
    RuleDestination.PLAN: N_("into the distribution plan"),
    RuleDestination.NURTURE: N_("to nurturing, without a person"),
    RuleDestination.REVIEW: N_("to a person, who decides"),
}
"""How people read the destinations."""


@dataclass(frozen=True, slots=True)
class RuleActions:
    """What a rule does with a lead. No partner named in `only_ids`: any may have it; None leaves a field as it is."""

    only_ids: frozenset[int] = frozenset()
    excluded_ids: frozenset[int] = frozenset()
    makes_hot: bool = False
    score: int | None = None
    destination: RuleDestination = RuleDestination.PLAN

    @property
    def limits_partners(self) -> bool:
        """Whether the rule says who may see a lead."""
        return bool(self.only_ids or self.excluded_ids)

    @property
    def sets(self) -> dict[LeadField, Fact]:
        """The fields the rule gives other values."""
        hot: dict[LeadField, Fact] = {LeadField.IS_HOT: True} if self.makes_hot else {}
        return hot if self.score is None else hot | {LeadField.SCORE: self.score}

    def phrase(self, names: Mapping[int, str]) -> Phrase:
        """What is done, in words; `names` are the partners'."""
        told = []
        for template, ids in (
            (N_("only %(partners)s may have it"), self.only_ids),
            (N_("not for %(partners)s"), self.excluded_ids),
        ):
            if ids:
                told.append(Phrase(template, {"partners": ", ".join(sorted(names.get(one, "–") for one in ids))}))
        if self.makes_hot:
            told.append(Phrase(N_("it is hot")))
        if self.score is not None:
            told.append(Phrase(N_("its score is %(score)s"), {"score": self.score}))
        if self.destination is not RuleDestination.PLAN or not told:
            goes = Phrase(DESTINATION_LABELS[self.destination])
            told.append(Phrase(N_("it goes %(where)s"), {"where": goes}))
        return joined(told)

    def to_json(self) -> list[dict[str, Any]]:
        """A form that JSON can keep: one entry for each thing that is done."""
        entries: list[dict[str, Any]] = [{"kind": "go", "to": self.destination.value}]
        if self.only_ids:
            entries.append({"kind": "only", "partnership_ids": sorted(self.only_ids)})
        if self.excluded_ids:
            entries.append({"kind": "exclude", "partnership_ids": sorted(self.excluded_ids)})
        return entries + [{"kind": "set", "field": name.value, "value": value} for name, value in self.sets.items()]

    @classmethod
    def from_json(cls, data: Sequence[Mapping[str, Any]]) -> RuleActions:
        """Read what `to_json` wrote."""
        actions = cls()
        for entry in data:
            match entry:
                case {"kind": "go", "to": to}:
                    actions = replace(actions, destination=RuleDestination(to))
                case {"kind": "only", "partnership_ids": ids}:
                    actions = replace(actions, only_ids=frozenset(ids))
                case {"kind": "exclude", "partnership_ids": ids}:
                    actions = replace(actions, excluded_ids=frozenset(ids))
                case {"kind": "set", "field": LeadField.IS_HOT.value, "value": value}:
                    actions = replace(actions, makes_hot=value)
                case {"kind": "set", "field": LeadField.SCORE.value, "value": value}:
                    actions = replace(actions, score=value)
        return actions


@dataclass(frozen=True, slots=True)
class RoutingRule:
    """One rule: which leads meet it, and what is done with them."""

    name: str
    conditions: ConditionGroup = field(default_factory=ConditionGroup)
    actions: RuleActions = field(default_factory=RuleActions)
    is_active: bool = True

    def check(self) -> None:
        """Raise `Invalid` where a rule makes no sense."""
        if not self.name.strip() or len(self.name) > LONGEST_NAME:
            raise _wrong(
                Phrase(N_("A rule has a name of at most %(most)s characters."), {"most": LONGEST_NAME}), "name"
            )
        self.conditions.check()
        score = self.actions.score
        if score is not None and not 0 <= score <= 100:
            raise _wrong(Phrase(N_("A score lies between 0 and 100.")), "score")
        if self.actions.only_ids & self.actions.excluded_ids:
            problem = Phrase(N_("A partner cannot be the only one and be left out at once."))
            raise _wrong(problem, "excluded_ids")

    @property
    def reason(self) -> Phrase:
        """Why the rule applied, for the routing decision."""
        told = N_("The routing rule “%(rule)s” applies: %(conditions)s.")
        return Phrase(told, {"rule": self.name, "conditions": self.conditions.phrase})


def _wrong(problem: Phrase, name: str) -> Invalid:
    return Invalid(problem, fields={name: problem}, code="wrong_rule")


def rules_met(rules: Iterable[RoutingRule], values: LeadValues) -> tuple[RoutingRule, ...]:
    """The active rules a lead meets, in their order, each seeing what those before it set.

    After a rule that sends the lead elsewhere than into the plan no further one is asked.
    """
    met: list[RoutingRule] = []
    seen = dict(values)
    for rule in rules:
        if rule.is_active and rule.conditions.holds_for(seen):
            met.append(rule)
            seen |= rule.actions.sets
            if rule.actions.destination is not RuleDestination.PLAN:
                break
    return tuple(met)


def limit_to_rules(eligibility: Eligibility, met: Iterable[RoutingRule]) -> Eligibility:
    """What the rules a lead meets leave of a partnership's eligibility: each that leaves it out adds its finding."""
    one = eligibility.partnership_id
    found = [
        RuleResult(
            RuleName.CUSTOM, False, "excluded" if one in rule.actions.excluded_ids else "not_named", {"rule": rule.name}
        )
        for rule in met
        if one in rule.actions.excluded_ids or (rule.actions.only_ids and one not in rule.actions.only_ids)
    ]
    return Eligibility(one, (*eligibility.results, *found)) if found else eligibility

"""What a manufacturer's own rule does with a lead that meets it, in words and as JSON (T-07, T-19, T-21)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from app.domain.errors import Invalid
from app.domain.lead_conditions import Fact, LeadField, LeadValues, joined
from app.domain.phrases import N_, Phrase


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
class ActionNames:
    """What people call what a rule names: partners and colleagues by id, tiers and product lines by code."""

    partners: Mapping[int, str] = field(default_factory=dict)
    people: Mapping[int, object] = field(default_factory=dict)
    tiers: Mapping[str, str] = field(default_factory=dict)
    products: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RuleActions:
    """What a rule does with a lead. No partner named in `only_ids`: any may have it; None leaves a field as it is.

    `min_tier` and `product` are codes. A product line is set only where the lead names none.
    """

    only_ids: frozenset[int] = frozenset()
    excluded_ids: frozenset[int] = frozenset()
    makes_hot: bool = False
    score: int | None = None
    destination: RuleDestination = RuleDestination.PLAN
    preferred_ids: frozenset[int] = frozenset()
    notified_ids: frozenset[int] = frozenset()
    min_tier: str | None = None
    product: str | None = None

    @property
    def partner_ids(self) -> frozenset[int]:
        """Every partnership the rule names."""
        return self.only_ids | self.excluded_ids | self.preferred_ids

    @property
    def limits_partners(self) -> bool:
        """Whether the rule says who may see a lead."""
        return bool(self.only_ids or self.excluded_ids or self.min_tier)

    @property
    def are_none(self) -> bool:
        """Whether a lead that meets the rule goes on as if there were none."""
        return self == RuleActions()

    def check(self) -> None:
        """Raise `Invalid` where nothing is done, or the actions contradict each other."""
        if self.are_none:
            problem = Phrase(N_("The rule does nothing yet: say who may have the lead, what is set, or who is told."))
            raise wrong_rule(problem, "destination")
        if self.score is not None and not 0 <= self.score <= 100:
            raise wrong_rule(Phrase(N_("A score lies between 0 and 100.")), "score")
        if self.only_ids & self.excluded_ids:
            problem = Phrase(N_("A partner cannot be the only one and be left out at once."))
            raise wrong_rule(problem, "excluded_ids")
        if self.preferred_ids & self.excluded_ids:
            problem = Phrase(N_("A partner cannot be asked first and be left out at once."))
            raise wrong_rule(problem, "preferred_ids")
        if self.only_ids and self.preferred_ids - self.only_ids:
            problem = Phrase(N_("Who is asked first must be among the partners that may have it."))
            raise wrong_rule(problem, "preferred_ids")

    def changes_to(self, values: LeadValues) -> dict[LeadField, Fact]:
        """The fields of a lead that become others by the rule, with what they become; it may have been applied."""
        wanted: dict[LeadField, Fact] = {}
        if self.makes_hot:
            wanted[LeadField.IS_HOT] = True
        if self.score is not None:
            wanted[LeadField.SCORE] = self.score
        if self.product is not None and not values.get(LeadField.PRODUCTS):
            wanted[LeadField.PRODUCTS] = frozenset({self.product})
        return {name: value for name, value in wanted.items() if values.get(name) != value}

    def phrase(self, names: ActionNames) -> Phrase:
        """What is done, in words."""
        told = [*self._told_of_partners(names), *self._told_of_fields(names)]
        if self.notified_ids:
            template = N_("told at once: %(people)s")
            told.append(Phrase(template, {"people": _listed(names.people, self.notified_ids)}))
        if self.destination is not RuleDestination.PLAN or not told:
            goes = Phrase(DESTINATION_LABELS[self.destination])
            told.append(Phrase(N_("it goes %(where)s"), {"where": goes}))
        return joined(told)

    def _told_of_partners(self, names: ActionNames) -> list[Phrase]:
        named = (
            (N_("only %(partners)s may have it"), self.only_ids),
            (N_("not for %(partners)s"), self.excluded_ids),
            (N_("asked first: %(partners)s"), self.preferred_ids),
        )
        told = [Phrase(text, {"partners": _listed(names.partners, ids)}) for text, ids in named if ids]
        if self.min_tier:
            tier = names.tiers.get(self.min_tier, self.min_tier)
            told.append(Phrase(N_("from the tier %(tier)s up only"), {"tier": tier}))
        return told

    def _told_of_fields(self, names: ActionNames) -> list[Phrase]:
        told = []
        if self.makes_hot:
            told.append(Phrase(N_("it is hot")))
        if self.score is not None:
            told.append(Phrase(N_("its score is %(score)s"), {"score": self.score}))
        if self.product is not None:
            line = names.products.get(self.product, self.product)
            told.append(Phrase(N_("it is about %(product)s where it names no product line"), {"product": line}))
        return told

    def to_json(self) -> list[dict[str, Any]]:
        """A form that JSON can keep: one entry for each thing that is done."""
        named = (
            ("only", "partnership_ids", self.only_ids),
            ("exclude", "partnership_ids", self.excluded_ids),
            ("prefer", "partnership_ids", self.preferred_ids),
            ("notify", "user_ids", self.notified_ids),
        )
        fields = (
            (LeadField.IS_HOT, self.makes_hot or None),
            (LeadField.SCORE, self.score),
            (LeadField.PRODUCTS, self.product),
        )
        entries: list[dict[str, Any]] = [{"kind": "go", "to": self.destination.value}]
        entries += [{"kind": kind, key: sorted(ids)} for kind, key, ids in named if ids]
        entries += [{"kind": "tier", "at_least": self.min_tier}] if self.min_tier else []
        return entries + [{"kind": "set", "field": name.value, "value": to} for name, to in fields if to is not None]

    @classmethod
    def from_json(cls, data: Sequence[Mapping[str, Any]]) -> RuleActions:
        """Read what `to_json` wrote."""
        actions = cls()
        for entry in data:
            actions = replace(actions, **_read(entry))
        return actions


def _read(entry: Mapping[str, Any]) -> dict[str, Any]:
    """One stored entry as the field it fills."""
    match entry:
        case {"kind": "go", "to": to}:
            return {"destination": RuleDestination(to)}
        case {"kind": "only", "partnership_ids": ids}:
            return {"only_ids": frozenset(ids)}
        case {"kind": "exclude", "partnership_ids": ids}:
            return {"excluded_ids": frozenset(ids)}
        case {"kind": "prefer", "partnership_ids": ids}:
            return {"preferred_ids": frozenset(ids)}
        case {"kind": "notify", "user_ids": ids}:
            return {"notified_ids": frozenset(ids)}
        case {"kind": "tier", "at_least": tier}:
            return {"min_tier": tier}
        case {"kind": "set", "field": LeadField.IS_HOT.value, "value": value}:
            return {"makes_hot": value}
        case {"kind": "set", "field": LeadField.SCORE.value, "value": value}:
            return {"score": value}
        case {"kind": "set", "field": LeadField.PRODUCTS.value, "value": value}:
            return {"product": value}
    return {}


def _listed(names: Mapping[int, object], ids: Collection[int]) -> Phrase:
    said = sorted((names.get(one, "–") for one in ids), key=str)
    return joined([name if isinstance(name, Phrase) else Phrase("%(name)s", {"name": name}) for name in said])


def wrong_rule(problem: Phrase, name: str) -> Invalid:
    """What is wrong with a rule, beside the field it is wrong in."""
    return Invalid(problem, fields={name: problem}, code="wrong_rule")

"""For which leads a round of a distribution plan is held (domain.md §3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.domain.lead_conditions import FieldCondition, LeadValues
from app.domain.money import Money


@dataclass(frozen=True, slots=True)
class LeadTraits:
    """What the plan's conditions look at. `value` and `score` are `None` when unknown; `values` are all its fields."""

    products: frozenset[str] = frozenset()
    country: str | None = None
    subdivision: str | None = None
    value: Money | None = None
    score: int | None = None
    is_strategic: bool = False
    is_hot: bool = False
    has_owner: bool = False
    may_go_to_partners: bool = True
    source: str | None = None
    values: LeadValues = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RoundCondition:
    """For which leads a round is held. Every part that is set must hold; an unknown value never meets a limit.

    `areas` holds country and subdivision codes, `sources` kinds of sources, `fields` conditions on any field. A value
    in another currency than the limit counts as unknown.
    """

    products: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    min_value: Money | None = None
    min_score: int | None = None
    is_strategic: bool | None = None
    sources: frozenset[str] = frozenset()
    fields: tuple[FieldCondition, ...] = ()

    def applies_to(self, traits: LeadTraits) -> bool:
        """Whether the round is held for a lead with these traits; several products need only one in common."""
        return (
            (not self.products or not self.products.isdisjoint(traits.products))
            and (not self.areas or traits.country in self.areas or traits.subdivision in self.areas)
            and (self.min_value is None or _reaches(traits.value, self.min_value))
            and (self.min_score is None or (traits.score is not None and traits.score >= self.min_score))
            and (self.is_strategic is None or self.is_strategic is traits.is_strategic)
            and (not self.sources or traits.source in self.sources)
            and all(condition.holds_for(traits.values) for condition in self.fields)
        )

    def to_json(self) -> dict[str, object]:
        """A form that JSON can keep."""
        return {
            "products": sorted(self.products),
            "areas": sorted(self.areas),
            "min_value": [self.min_value.cents, self.min_value.currency] if self.min_value else None,
            "min_score": self.min_score,
            "is_strategic": self.is_strategic,
            "sources": sorted(self.sources),
            "fields": [condition.to_json() for condition in self.fields],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> RoundCondition:
        """Read what `to_json` wrote; versions from before there were conditions on fields have none."""
        return cls(
            frozenset(data["products"]),
            frozenset(data["areas"]),
            Money(*data["min_value"]) if data["min_value"] else None,
            data["min_score"],
            data["is_strategic"],
            frozenset(data.get("sources", ())),
            tuple(map(FieldCondition.from_json, data.get("fields", ()))),
        )


def _reaches(value: Money | None, minimum: Money) -> bool:
    return value is not None and value.currency == minimum.currency and value.cents >= minimum.cents

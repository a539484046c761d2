"""The trace of an eligibility decision: every rule with the values it saw, in words and as JSON, there and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from app.domain.phrases import N_, Phrase

TraceValue = str | int | bool | None | date | datetime


class RuleName(StrEnum):
    """The eligibility rules in the order they are evaluated (T-04)."""

    CONTRACT = "contract"
    CONSENT = "consent"
    GEOGRAPHY = "geography"
    PRODUCT = "product"
    CERTIFICATION = "certification"
    TIER = "tier"
    AVAILABILITY = "availability"
    SEGMENT = "segment"
    HISTORY = "history"
    PROSPECT = "prospect"
    CUSTOM = "custom"


REASONS: dict[str, str] = {
    "contract.active": N_("The partnership is active."),
    "contract.invited": N_("The partnership has not begun."),
    "contract.paused": N_("The partnership is paused."),
    "contract.suspended": N_("The partnership is suspended."),
    "contract.ended": N_("The partnership has ended."),
    "consent.any": N_("The prospect agreed to be called by any suitable partner."),
    "consent.named": N_("The prospect named this partner."),
    "consent.not_named": N_("The prospect named other partners only."),
    "consent.manufacturer_only": N_("The prospect agreed to be called by the manufacturer only."),
    "consent.missing": N_("The prospect has not agreed to be called."),
    "geography.covered": N_("The territory %(territory)s covers %(place)s."),
    "geography.excluded": N_("%(territory)s is left out of the territory, and covers %(place)s."),
    "geography.not_covered": N_("No territory covers %(place)s."),
    "geography.unknown": N_("The lead's country is not known, so no territory covers it."),
    "product.authorised": N_("Authorised for %(products)s."),
    "product.not_authorised": N_("Not authorised for %(missing)s."),
    "product.unknown": N_("The lead names no product line."),
    "certification.not_needed": N_("No certification is needed."),
    "certification.valid": N_("Certified for %(products)s until %(until_on)s."),
    "certification.missing": N_("No valid certification for %(missing)s on %(today_on)s."),
    "tier.enough": N_("The tier %(tier)s meets the minimum %(minimum)s."),
    "tier.any": N_("Any tier may have it."),
    "tier.too_low": N_("The tier %(tier)s is below the minimum %(minimum)s."),
    "availability.available": N_("The products can be delivered."),
    "availability.missing": N_("%(missing)s cannot be delivered at present."),
    "segment.fits": N_("The customer fits the partner's segment."),
    "segment.industry": N_("The industry %(industry)s is outside the partner's segment."),
    "segment.industry_unknown": N_("The partner serves certain industries only, and the lead's is not known."),
    "segment.size": N_("%(employees)s employees are outside the partner's segment."),
    "segment.size_unknown": N_("The partner serves certain company sizes only, and the lead's is not known."),
    "history.clean": N_("Nothing stands between this partner and the lead."),
    "history.excluded": N_("The partner was excluded from this lead."),
    "history.declined": N_("The partner declined this lead."),
    "history.re_routed": N_("The lead was re-routed away from this partner."),
    "history.cool_down": N_("The partner may not have this lead again before %(until_at)s."),
    "prospect.other": N_("The prospect is another company."),
    "prospect.itself": N_("The prospect is the partner itself."),
    "custom.not_named": N_("The routing rule “%(rule)s” offers the lead to other partners only."),
    "custom.excluded": N_("The routing rule “%(rule)s” leaves the partner out."),
    "custom.tier_too_low": N_("The routing rule “%(rule)s” offers the lead from the tier %(lowest)s up only."),
    "custom.preferred": N_("The routing rule “%(rule)s” has the partner asked first."),
    "custom.first_in_turn": N_("The routing rule “%(rule)s” has the partner asked first, in turn with others."),
    "custom.in_turn": N_("The routing rule “%(rule)s” asks its partners in turn."),
}
"""What a rule found, by `rule.finding`. Traces keep the key and the values; the words are today's."""


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What one rule found. Names of values ending in `_on` are dates, in `_at` aware moments."""

    rule: RuleName
    passed: bool
    finding: str
    values: Mapping[str, TraceValue] = field(default_factory=dict)

    @property
    def phrase(self) -> Phrase:
        """The finding in words, for the manufacturer: it may name the exact place."""
        return Phrase(REASONS[f"{self.rule}.{self.finding}"], self.values)

    def to_json(self) -> dict[str, object]:
        """A form that JSON can keep."""
        values = {name: value.isoformat() if isinstance(value, date) else value for name, value in self.values.items()}
        return {"rule": self.rule.value, "passed": self.passed, "finding": self.finding, "values": values}

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> RuleResult:
        """Read what `to_json` wrote."""
        values = data["values"]
        if not isinstance(values, Mapping):
            raise ValueError("a rule's values must be an object")
        read = {str(name): _value_from_json(str(name), value) for name, value in values.items()}
        return cls(RuleName(str(data["rule"])), bool(data["passed"]), str(data["finding"]), read)


def _value_from_json(name: str, value: TraceValue) -> TraceValue:
    if isinstance(value, str) and name.endswith("_at"):
        return datetime.fromisoformat(value)
    if isinstance(value, str) and name.endswith("_on"):
        return date.fromisoformat(value)
    return value


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Whether a partnership may see a lead, with the finding of every rule."""

    partnership_id: int
    results: tuple[RuleResult, ...]

    @property
    def is_eligible(self) -> bool:
        """Whether every rule passed. No rules at all grant nothing."""
        return bool(self.results) and all(result.passed for result in self.results)

    @property
    def is_preferred(self) -> bool:
        """Whether one of the manufacturer's own rules has the partnership asked before others."""
        return self._is_found("preferred", "first_in_turn")

    @property
    def is_in_turn(self) -> bool:
        """Whether such a rule has its partners asked in turn, whatever the overlap policy compares."""
        return self._is_found("in_turn", "first_in_turn")

    def _is_found(self, *findings: str) -> bool:
        return any(one.rule is RuleName.CUSTOM and one.finding in findings for one in self.results)

    @property
    def failures(self) -> tuple[RuleResult, ...]:
        """The rules that failed, in their order."""
        return tuple(result for result in self.results if not result.passed)

    def to_json(self) -> dict[str, object]:
        """A form that JSON can keep, for the routing decision."""
        return {
            "partnership_id": self.partnership_id,
            "is_eligible": self.is_eligible,
            "results": [result.to_json() for result in self.results],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Eligibility:
        """Read what `to_json` wrote; whether it was eligible follows from the results."""
        partnership_id, results = data["partnership_id"], data["results"]
        if not isinstance(partnership_id, int) or not isinstance(results, list):
            raise ValueError("a trace needs partnership_id and results")
        return cls(partnership_id, tuple(map(RuleResult.from_json, results)))


WHY_OFFERED: dict[str, str] = {
    "consent.named": N_("The prospect named you."),
    "geography.covered": N_("In your territory: %(region)s"),
    "product.authorised": N_("You are authorised for %(products)s"),
    "certification.valid": N_("You are certified for %(products)s until %(until_on)s"),
    "tier.enough": N_("Your tier %(tier)s meets the minimum %(minimum)s"),
    "custom.preferred": N_("The manufacturer likes to give you leads of this kind"),
    "custom.first_in_turn": N_("The manufacturer likes to give you leads of this kind"),
}
"""What a partner is told before a claim. Only these, and only with the values named here: a territory rule may be as
narrow as one postal code, and naming it would give away the hidden exact place."""

_TOLD_VALUES = ("region", "products", "until_on", "tier", "minimum")


def why_offered(results: tuple[RuleResult, ...]) -> tuple[Phrase, ...]:
    """Tell an eligible partner why it sees a lead, without anything that is hidden before a claim.

    Nothing is told when a rule failed.
    """
    if not all(result.passed for result in results):
        return ()
    told: list[Phrase] = []
    for result in results:
        template = WHY_OFFERED.get(f"{result.rule}.{result.finding}")
        if template is None:
            continue
        phrase = Phrase(template, {name: result.values[name] for name in _TOLD_VALUES if name in result.values})
        if phrase not in told:
            told.append(phrase)
    return tuple(told)

"""Which eligible partner is asked first: a weighted score whose parts and weights are shown (domain.md §4, T-26)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from app.domain.phrases import N_
from app.domain.territories import TerritoryRule

NEUTRAL = 0.5
"""What an unknown part counts: neither for nor against the partner."""


class RankingPart(StrEnum):
    """What is weighed."""

    NEARNESS = "nearness"
    CERTIFICATION = "certification"
    RESPONSE_RATE = "response_rate"
    CONVERSION = "conversion"
    FREE_CAPACITY = "free_capacity"
    TIER = "tier"
    SIZE = "size"
    ROTATION = "rotation"


PART_MEANINGS: dict[RankingPart, str] = {
    RankingPart.NEARNESS: N_("The way by postal codes, else how closely its territory names the place."),
    RankingPart.CERTIFICATION: N_("The share of the product lines asked for that it is certified for."),
    RankingPart.RESPONSE_RATE: N_("The share of offers to it alone that it answered in the last year."),
    RankingPart.CONVERSION: N_("Leads won of those closed in the last year; similar ones where there are five."),
    RankingPart.FREE_CAPACITY: N_("The free share of its open claims."),
    RankingPart.TIER: N_("Its level between the lowest and the highest."),
    RankingPart.SIZE: N_("Not known of partners yet: counts the same for all."),
    RankingPart.ROTATION: N_("The time since its last lead; full after 30 days."),
}
"""What each part is measured by."""

DEFAULT_WEIGHTS: dict[RankingPart, int] = {
    RankingPart.NEARNESS: 20,
    RankingPart.CERTIFICATION: 10,
    RankingPart.RESPONSE_RATE: 20,
    RankingPart.CONVERSION: 15,
    RankingPart.FREE_CAPACITY: 15,
    RankingPart.TIER: 5,
    RankingPart.SIZE: 5,
    RankingPart.ROTATION: 10,
}
"""Weights a manufacturer starts with: what the prospect feels first (near, answers, has time) before rank and size."""


def weights_of_json(data: Mapping[str, int]) -> dict[RankingPart, int]:
    """The weights of each part by the words that are stored; nothing stored is the defaults."""
    return {part: data.get(part.value, 0) for part in RankingPart} if data else dict(DEFAULT_WEIGHTS)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An eligible partnership with what is known of its parts, each from 0 (worst) to 1 (best).

    A part that is absent or `None` is unknown. `last_offered_at` is when it was last offered or given a lead.
    """

    partnership_id: int
    parts: Mapping[RankingPart, float | None]
    last_offered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RankedPart:
    """One part of a score, as it is shown: `value` 0 to 1, its weight, and whether the value was known."""

    part: RankingPart
    value: float
    weight: int
    is_known: bool

    def to_json(self) -> dict[str, object]:
        """A form that JSON can keep."""
        return {"part": self.part.value, "value": self.value, "weight": self.weight, "is_known": self.is_known}


@dataclass(frozen=True, slots=True)
class Ranked:
    """A partnership's place: `score` 0 to 1, and the parts it is made of."""

    partnership_id: int
    score: float
    parts: tuple[RankedPart, ...]

    def to_json(self) -> dict[str, object]:
        """A form that JSON can keep, for the routing decision."""
        parts = [part.to_json() for part in self.parts]
        return {"partnership_id": self.partnership_id, "score": self.score, "parts": parts}


def rank_partnerships(
    candidates: Iterable[Candidate], weights: Mapping[RankingPart, int] = DEFAULT_WEIGHTS
) -> list[Ranked]:
    """Order eligible partnerships, best first, by the weighted mean of their parts.

    Unknown parts count `NEUTRAL`, and say so; parts without a weight do not count. Equal scores go to who waited
    longest (never offered before all others), then to the lower id, so that the order never depends on chance.
    Raises `ValueError` for a part outside 0 to 1 or a negative weight.
    """
    never = datetime.min.replace(tzinfo=UTC)
    placed = [(score_candidate(candidate, weights), candidate.last_offered_at or never) for candidate in candidates]
    placed.sort(key=lambda place: (-place[0].score, place[1], place[0].partnership_id))
    return [ranked for ranked, _ in placed]


def score_candidate(candidate: Candidate, weights: Mapping[RankingPart, int]) -> Ranked:
    """The weighted mean of one partnership's parts, rounded to six digits so that equal means equal."""
    parts = tuple(_weigh(candidate, part, weights[part]) for part in RankingPart if weights.get(part))
    total = sum(part.weight for part in parts)
    score = round(sum(part.value * part.weight for part in parts) / total, 6) if total else NEUTRAL
    return Ranked(candidate.partnership_id, score, parts)


def _weigh(candidate: Candidate, part: RankingPart, weight: int) -> RankedPart:
    known = candidate.parts.get(part)
    value = NEUTRAL if known is None else known
    if weight < 0 or not 0 <= value <= 1:
        raise ValueError(f"{part} must lie between 0 and 1, its weight must not be negative")
    return RankedPart(part, value, weight, is_known=known is not None)


def score_nearness(rule: TerritoryRule | None) -> float | None:
    """How closely a territory names the lead's place: postal area 1, subdivision 0.75, country 0.5; unknown without."""
    if rule is None:
        return None
    return 1.0 if rule.is_postal else 0.75 if rule.subdivision else 0.5


def score_certification(product_lines: Collection[str], certified_for: Collection[str]) -> float | None:
    """The share of the lead's product lines the partner is certified for today, needed or not."""
    return sum(line in certified_for for line in product_lines) / len(product_lines) if product_lines else None


def score_free_capacity(open_claims: int, cap: int | None) -> float:
    """The free share of a partner's open claims; without a cap each open claim halves what is left."""
    if cap is None:
        return 0.5**open_claims
    return max(0.0, 1 - open_claims / cap) if cap else 0.0


def score_rotation(last_offered_at: datetime | None, now: datetime) -> float:
    """How long a partner waited: 0 just offered, 1 after thirty days or never offered before."""
    if last_offered_at is None:
        return 1.0
    return min(1.0, max(0.0, (now - last_offered_at) / timedelta(days=30)))


def score_share(part: int, whole: int, *, at_least: int = 5) -> float | None:
    """A rate such as offers answered or leads won; unknown while there are fewer than `at_least` to judge by (T-27)."""
    return part / whole if whole >= at_least else None


def score_tier(rank: int, ranks: Iterable[int]) -> float | None:
    """A tier's place between the lowest and the highest; unknown when there is only one."""
    lowest, *others = sorted(set(ranks)) or [rank]
    return min(1.0, max(0.0, (rank - lowest) / (others[-1] - lowest))) if others else None

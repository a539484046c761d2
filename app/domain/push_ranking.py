"""How one partner among several was chosen, as it is kept with the offer and shown to the manufacturer (A-01, T-26)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.overlap import Choice, OverlapPolicy
from app.domain.phrases import Phrase
from app.domain.ranking import Ranked, RankedPart, RankingPart

PLACES_KEPT = 10
"""The first places of an order are kept; who comes behind them had no part in the choice."""


@dataclass(frozen=True, slots=True)
class RankedPlace:
    """One partner's place: what the policy saw of it (`said`), and its score with each weighted part."""

    partnership_id: int
    said: Phrase | None
    score: float
    parts: tuple[RankedPart, ...]
    is_newcomer: bool = False


@dataclass(frozen=True, slots=True)
class PushRanking:
    """The policy, why the first is the first, and the order; without `chosen_id` a person decides or nobody is there.

    `count` partners took part; only the first `PLACES_KEPT` of them are among the `places` that are kept.
    """

    policy: OverlapPolicy
    chosen_id: int | None
    reasons: tuple[Phrase, ...]
    places: tuple[RankedPlace, ...] = ()
    count: int = 0

    @property
    def asks_person(self) -> bool:
        """Whether partners are there and a person is to choose."""
        return self.chosen_id is None and self.count > 0

    @property
    def weights(self) -> Mapping[RankingPart, int]:
        """What each part weighed: the same for all places."""
        return {part.part: part.weight for part in self.places[0].parts} if self.places else {}

    def to_json(self) -> dict[str, Any]:
        """A form that JSON can keep."""
        return {
            "policy": self.policy.value,
            "chosen_id": self.chosen_id,
            "reasons": [phrase.to_json() for phrase in self.reasons],
            "ranked": [_place_to_json(place) for place in self.places[:PLACES_KEPT]],
            "count": self.count,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> PushRanking | None:
        """Read what `to_json` wrote, also before a policy was kept; None where nothing was."""
        ranked = data.get("ranked")
        if not ranked:
            return None
        return cls(
            policy=OverlapPolicy(data.get("policy", OverlapPolicy.WEIGHTED)),
            chosen_id=data.get("chosen_id", ranked[0]["partnership_id"]),
            reasons=tuple(map(Phrase.from_json, data.get("reasons", ()))),
            places=tuple(map(_place_from_json, ranked)),
            count=data.get("count", len(ranked)),
        )


def keep_ranking(
    policy: OverlapPolicy, choice: Choice, ranked: Iterable[Ranked], newcomers: Collection[int]
) -> PushRanking:
    """Put the choice and the scores together, in the order of the choice."""
    scores = {one.partnership_id: one for one in ranked}
    places = [
        RankedPlace(one, choice.said.get(one), scores[one].score, scores[one].parts, one in newcomers)
        for one in choice.order
    ]
    return PushRanking(policy, choice.partnership_id, choice.reasons, tuple(places), len(places))


def _place_to_json(place: RankedPlace) -> dict[str, Any]:
    return {
        "partnership_id": place.partnership_id,
        "said": place.said.to_json() if place.said else None,
        "score": place.score,
        "parts": [part.to_json() for part in place.parts],
        "is_newcomer": place.is_newcomer,
    }


def _place_from_json(data: Mapping[str, Any]) -> RankedPlace:
    return RankedPlace(
        partnership_id=data["partnership_id"],
        said=Phrase.from_json(data["said"]) if data.get("said") else None,
        score=data["score"],
        parts=tuple(
            RankedPart(RankingPart(one["part"]), one["value"], one["weight"], one["is_known"]) for one in data["parts"]
        ),
        is_newcomer=data.get("is_newcomer", False),
    )

"""How partners were ranked when one was to be asked alone, as their manufacturer reads it (A-01, T-18, T-24)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from app.database import db
from app.domain.overlap import OverlapPolicy
from app.domain.phrases import Phrase
from app.domain.push_ranking import PushRanking
from app.domain.ranking import RankingPart
from app.models import Partnership, RoutingDecision


@dataclass(frozen=True, slots=True)
class RankedLine:
    """One partner's place: what the policy saw, the score, and each part's value from 0 to 1, `None` when not known."""

    partnership_id: int
    name: str
    said: Phrase | None
    score: float
    parts: Mapping[RankingPart, float | None]
    is_newcomer: bool


@dataclass(frozen=True, slots=True)
class ShownRanking:
    """The policy, why the first was the first, what each part weighed, and the first places of `count`."""

    policy: OverlapPolicy
    reasons: tuple[Phrase, ...]
    weights: Mapping[RankingPart, int]
    lines: tuple[RankedLine, ...]
    count: int

    @property
    def compares(self) -> bool:
        """Whether the policy saw something that the score does not tell already."""
        return self.policy is not OverlapPolicy.WEIGHTED and any(line.said for line in self.lines)


def ranking_in_question(lead_id: uuid.UUID) -> ShownRanking | None:
    """The partners among which a person is to choose by the latest decision about a lead; None where none says so."""
    decided = select(RoutingDecision.facts["ranking"]).where(RoutingDecision.lead_id == lead_id)
    stored = db.session.scalar(decided.order_by(RoutingDecision.id.desc()).limit(1))
    ranking = PushRanking.from_json(stored or {})
    if ranking is None or not ranking.asks_person:
        return None
    return show_ranking(ranking, names_in([ranking]))


def names_in(rankings: Iterable[PushRanking]) -> dict[int, str]:
    """The names of everybody who has a place in one of the rankings."""
    ids = {place.partnership_id for ranking in rankings for place in ranking.places}
    named = select(Partnership.id, Partnership.name).where(Partnership.id.in_(ids))
    return {row.id: row.name for row in db.session.execute(named)} if ids else {}


def show_ranking(ranking: PushRanking, names: Mapping[int, str]) -> ShownRanking:
    """A ranking with the names of its partners."""
    lines = tuple(
        RankedLine(
            place.partnership_id,
            names.get(place.partnership_id, "–"),
            place.said,
            place.score,
            {part.part: part.value if part.is_known else None for part in place.parts},
            place.is_newcomer,
        )
        for place in ranking.places
    )
    return ShownRanking(ranking.policy, ranking.reasons, ranking.weights, lines, ranking.count)

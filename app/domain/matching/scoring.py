"""How surely two names are the same company's, 0 to 100, and why."""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz import fuzz

from app.domain.matching.names import MatchName
from app.domain.matching.weights import WordWeights
from app.domain.phrases import N_, Phrase


@dataclass(frozen=True, slots=True)
class NameScore:
    """A score that may act alone above 80, needs a person from 70 to 80, and says nothing below."""

    score: int
    reasons: tuple[Phrase, ...]


def score_names(asked: MatchName, known: MatchName, weights: WordWeights) -> NameScore:
    """How surely `asked` and `known` name one company."""
    if asked.compact == known.compact:
        return NameScore(100, (Phrase(N_("Same name")),))
    return NameScore(int(fuzz.ratio(asked.compact, known.compact) * 0.8), ())

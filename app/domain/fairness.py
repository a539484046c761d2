"""How evenly leads are spread over partners: what a simulation and the figures show (T-05, T-27)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from statistics import median


@dataclass(frozen=True, slots=True)
class Spread:
    """The distribution of leads over partners; `nobody` counts the partners that got none."""

    gini: float
    min: float
    median: float
    max: float
    nobody: int


def gini(counts: Iterable[float]) -> float:
    """The Gini coefficient: 0 when all have the same, (n - 1) / n when one of n has everything.

    0 also for nobody and for nothing to spread. Raises `ValueError` for a negative count.
    """
    ordered = _ordered(counts)
    total = sum(ordered)
    if not total:
        return 0.0
    size = len(ordered)
    weighted = sum((2 * place - size - 1) * count for place, count in enumerate(ordered, start=1))
    return max(0.0, weighted / (size * total))


def share_of_top(counts: Iterable[float], share: float) -> float:
    """The part of all leads that the best-served `share` of partners has; 0.2 of them may have 0.8 of the leads.

    The number of partners is rounded up, so that a share of few partners is at least one. 0 when there is nothing to
    spread. Raises `ValueError` for a negative count, or a share that is not between 0 and 1.
    """
    if not 0 <= share <= 1:
        raise ValueError("a share lies between 0 and 1")
    ordered = _ordered(counts)
    total = sum(ordered)
    # Rounded first: 0.07 of 100 is a little more than seven in binary numbers.
    top = ceil(round(len(ordered) * share, 9))
    return sum(ordered[len(ordered) - top :]) / total if total else 0.0


def spread(counts: Iterable[float]) -> Spread:
    """The whole distribution, one count for each partner that could have had leads; all zero for no partners."""
    ordered = _ordered(counts)
    if not ordered:
        return Spread(0.0, 0, 0, 0, 0)
    return Spread(gini(ordered), ordered[0], median(ordered), ordered[-1], ordered.count(0))


def _ordered(counts: Iterable[float]) -> list[float]:
    ordered = sorted(counts)
    if ordered and ordered[0] < 0:
        raise ValueError("nobody gets fewer leads than none")
    return ordered

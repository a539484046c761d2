"""How a partner behaves: how soon it answers, how soon it calls, and how often it does neither."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Shares between 0 and 1; hours are working hours of the partner, drawn evenly between both ends."""

    name: str
    wants: float
    """Of the leads on the board, how many it goes for."""
    answers: float
    """Of the offers to it alone, how many it answers."""
    declines: float
    answer_hours: tuple[float, float]
    calls: float
    """Of the leads it has, how many it ever calls."""
    call_hours: tuple[float, float]
    returns: float
    forgets: float
    """Of the leads it has called, how many it then lets lie."""

    def answers_after(self, random: Random, *, is_hot: bool) -> timedelta:
        """How long it thinks about an offer."""
        return _drawn(random, self.answer_hours, is_hot=is_hot)

    def calls_after(self, random: Random, *, is_hot: bool) -> timedelta:
        """How long a prospect waits for its first call."""
        return _drawn(random, self.call_hours, is_hot=is_hot)


def _drawn(random: Random, hours: tuple[float, float], *, is_hot: bool) -> timedelta:
    """A hot lead is seen to forty times as soon: minutes instead of hours."""
    return timedelta(hours=random.uniform(*hours) / (40 if is_hot else 1))


FAST = Behaviour("fast", 0.45, 0.97, 0.12, (0.1, 2), 0.99, (0.1, 2.5), 0.06, 0.05)
SLOW = Behaviour("slow", 0.3, 0.7, 0.2, (3, 9), 0.9, (4.2, 20), 0.08, 0.2)
SILENT = Behaviour("silent", 0.04, 0.0, 0.0, (1, 8), 0.1, (2, 30), 0.0, 0.5)
GREEDY = Behaviour("over capacity", 1.0, 1.0, 0.0, (0.02, 0.5), 0.85, (2, 26), 0.04, 0.2)
ON_VACATION = replace(FAST, name="on vacation")

CAST = (FAST,) * 20 + (SLOW,) * 14 + (SILENT,) * 8 + (GREEDY,) * 8 + (ON_VACATION,) * 10
"""The sixty."""

"""Newer partners: the share that is theirs, and the leads that go to experienced ones first (T-11, T-12, T-27)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.money import Money


@dataclass(frozen=True, slots=True)
class FairnessFloor:
    """That newer partners get their share ⚙: of `every` offers at least one goes to a newcomer among the eligible.

    The defaults are ours: one in five, and a newcomer has had fewer than five leads, as many as a rate is judged by
    (T-11, T-12, T-27). `every` of `None` is no floor.
    """

    every: int | None = 5
    newcomer_below: int = 5

    def __post_init__(self) -> None:
        if self.every is not None and self.every < 1:
            raise ValueError("one of no offers cannot go to a newcomer")

    def is_newcomer(self, leads_received: int) -> bool:
        """Whether a partnership that has had so many leads counts as new."""
        return leads_received < self.newcomer_below

    def is_newcomers_turn(self, since_newcomer: int) -> bool:
        """Whether the next offer is a newcomer's, after so many in a row that a newcomer could have had and did not."""
        return self.every is not None and since_newcomer >= self.every - 1

    def to_json(self) -> dict[str, int | None]:
        """A form that JSON can keep."""
        return {"every": self.every, "newcomer_below": self.newcomer_below}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> FairnessFloor:
        """Read what `to_json` wrote."""
        return cls(data["every"], data["newcomer_below"])


@dataclass(frozen=True, slots=True)
class ExperienceLimits:
    """From which score or value on a lead goes to experienced partners first ⚙; `None` is no limit.

    80 is where the best score band begins; the value has no limit of its own until a manufacturer sets one.
    """

    score: int | None = 80
    value: Money | None = None

    def asks_for_experience(self, *, score: int | None, value: Money | None) -> bool:
        """Whether a lead is of high score or value. What is unknown, or in another currency, is not high."""
        if self.score is not None and score is not None and score >= self.score:
            return True
        if self.value is None or value is None:
            return False
        return value.currency == self.value.currency and value.cents >= self.value.cents

    def to_json(self) -> dict[str, Any]:
        """A form that JSON can keep."""
        value = None if self.value is None else {"cents": self.value.cents, "currency": self.value.currency}
        return {"score": self.score, "value": value}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ExperienceLimits:
        """Read what `to_json` wrote; nothing stored is the defaults."""
        if not data:
            return cls()
        value = data["value"]
        return cls(data["score"], None if value is None else Money(value["cents"], value["currency"]))

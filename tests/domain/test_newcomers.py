"""Newer partners' share, and which leads go to experienced partners first."""

from __future__ import annotations

import pytest

from app.domain.money import Money
from app.domain.newcomers import ExperienceLimits, FairnessFloor


@pytest.mark.covers("T-11", "T-12")
@pytest.mark.parametrize(
    ("score", "value", "limits", "high"),
    [
        (80, None, ExperienceLimits(), True),
        (79, None, ExperienceLimits(), False),
        (79, None, ExperienceLimits(score=60), True),
        (100, None, ExperienceLimits(score=None), False),
        (None, None, ExperienceLimits(), False),
        (None, Money(5_000_000, "EUR"), ExperienceLimits(), False),
        (None, Money(5_000_000, "EUR"), ExperienceLimits(value=Money(5_000_000, "EUR")), True),
        (10, Money(4_999_999, "EUR"), ExperienceLimits(value=Money(5_000_000, "EUR")), False),
        (None, Money(9_000_000, "USD"), ExperienceLimits(value=Money(5_000_000, "EUR")), False),
    ],
)
def test_which_leads_ask_for_experience(
    score: int | None, value: Money | None, limits: ExperienceLimits, high: bool
) -> None:
    assert limits.asks_for_experience(score=score, value=value) is high
    assert ExperienceLimits.from_json(limits.to_json()) == limits


def test_nothing_stored_is_the_defaults() -> None:
    assert ExperienceLimits.from_json({}) == ExperienceLimits(score=80, value=None)


def test_the_floor_is_a_setting() -> None:
    floor = FairnessFloor(every=3, newcomer_below=2)
    assert FairnessFloor.from_json(floor.to_json()) == floor
    assert [floor.is_newcomer(leads) for leads in (0, 1, 2)] == [True, True, False]
    with pytest.raises(ValueError, match="newcomer"):
        FairnessFloor(every=0)

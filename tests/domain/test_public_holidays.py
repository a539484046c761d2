"""Public holidays by region."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.public_holidays import holidays_of


@pytest.mark.parametrize(
    ("country", "subdivision", "day", "is_holiday"),
    [
        ("DE", "DE-BY", date(2026, 1, 6), True),
        ("DE", "DE-BE", date(2026, 1, 6), False),
        ("DE", None, date(2026, 10, 3), True),
        ("DE", "DE-XX", date(2026, 10, 3), True),
        ("JP", "JP-13", date(2026, 11, 23), True),
        ("US", "US-TX", date(2026, 11, 26), True),
        ("US", "US-TX", date(2025, 11, 27), False),
        ("XX", None, date(2026, 1, 1), False),
    ],
)
def test_holidays(country: str, subdivision: str | None, day: date, is_holiday: bool) -> None:
    assert (day in holidays_of(country, subdivision, [2026])) is is_holiday

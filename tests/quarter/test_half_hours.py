"""The judge of the quarter's deadlines knows the vectors of domain.md §6 and a change of the clocks by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.quarter.half_hours import HalfHours, Office

START, END = datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("hours", "start", "end", "worked"),
    [
        ("mon-fri 10:00-18:00", "2026-11-25T15:00", "2026-11-26T17:00", 10),
        ("mon-fri 10:00-18:00", "2026-11-25T20:00", "2026-11-27T12:00", 10),
        ("mon-fri 10:00-18:00", "2026-11-27T17:59:30", "2026-11-30T10:00:30", 1 / 60),
        ("mon-thu 08:00-12:00, 13:00-17:00; fri 08:00-14:00", "2026-11-26T11:00", "2026-11-27T14:00", 11),
        ("mon-sun 00:00-24:00", "2026-10-25T00:00", "2026-10-26T00:00", 25),
        # Bavaria keeps All Saints' Day, Christmas and the day after.
        ("mon-sun 10:00-18:00", "2026-11-01T00:00", "2026-11-02T00:00", 0),
        ("mon-sun 10:00-18:00", "2026-12-24T00:00", "2026-12-28T00:00", 16),
    ],
)
def test_what_was_worked_between_two_moments(hours: str, start: str, end: str, worked: float) -> None:
    office = HalfHours(Office("Europe/Berlin", hours, "DE", "DE-BY", ("2026-11-24",)), START, END)
    moments = [datetime.fromisoformat(text).replace(tzinfo=BERLIN) for text in (start, end)]
    assert office.between(*moments) == timedelta(hours=worked)


def test_closing_time_is_still_in_time_and_a_minute_later_is_not() -> None:
    office = HalfHours(Office("Asia/Tokyo", "mon-fri 09:00-12:00", "JP", "JP-13", ("2026-11-24",)), START, END)
    tokyo = ZoneInfo("Asia/Tokyo")
    noon = datetime(2026, 11, 25, 12, tzinfo=tokyo)
    assert office.is_open_until(noon)
    assert not office.is_open_until(noon + timedelta(minutes=1))
    # Labour Thanksgiving Day, and a closing day of its own.
    assert not office.is_open_until(datetime(2026, 11, 23, 10, tzinfo=tokyo))
    assert not office.is_open_until(datetime(2026, 11, 24, 10, tzinfo=tokyo))

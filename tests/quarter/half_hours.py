"""Working time counted anew, half hour by half hour, by none of the product's functions: deadlines are held to it.

All hours of the quarter's calendars begin and end on a half hour, and clocks are changed on a full one.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from itertools import accumulate
from typing import NamedTuple
from zoneinfo import ZoneInfo

import holidays

_STEP = timedelta(minutes=30)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_Week = tuple[tuple[tuple[int, int], ...], ...]


class Office(NamedTuple):
    """When and where an organisation works, as its row says."""

    zone: str
    hours: str
    country: str
    subdivision: str
    closed_on: tuple[str, ...]


class HalfHours:
    """Each half hour of an office from `start`, a full hour, to `end`: whether it works, and how many it did before."""

    def __init__(self, office: Office, start: datetime, end: datetime) -> None:
        self._start = start
        week, free = _week(office.hours), _free_days(office, range(start.year - 1, end.year + 1))
        moments = (start + number * _STEP for number in range((end - start) // _STEP))
        self._is_open = [_works(moment.astimezone(_zone(office.zone)), week, free) for moment in moments]
        self._worked = [0, *accumulate(self._is_open)]

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much was worked from one moment to the other."""
        return self._until(end) - self._until(start)

    def is_open_until(self, moment: datetime) -> bool:
        """Whether the office works at the moment, or did until then."""
        return any(self._is_open[(moment - self._start - before) // _STEP] for before in (timedelta(0), _STEP / 1_000))

    def _until(self, moment: datetime) -> timedelta:
        whole, rest = divmod(moment - self._start, _STEP)
        return self._worked[whole] * _STEP + (rest if self._is_open[whole] else timedelta(0))


def _works(local: datetime, week: _Week, free: set[date]) -> bool:
    minute = local.hour * 60 + local.minute
    return local.date() not in free and any(opens <= minute < closes for opens, closes in week[local.weekday()])


def _free_days(office: Office, years: range) -> set[date]:
    subdivision = None if office.country == "JP" else office.subdivision.partition("-")[2]
    public = holidays.country_holidays(office.country, subdiv=subdivision, years=list(years))
    return set(public) | {date.fromisoformat(day) for day in office.closed_on}


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _week(hours: str) -> _Week:
    """`mon-thu 08:00-17:00; fri 08:00-14:00` as minutes of each day."""
    week: list[tuple[tuple[int, int], ...]] = [()] * 7
    for part in hours.split("; "):
        days, _, stretches = part.partition(" ")
        first, _, last = days.partition("-")
        for day in range(_DAYS.index(first), _DAYS.index(last or first) + 1):
            week[day] = tuple(map(_stretch, stretches.split(", ")))
    return tuple(week)


def _stretch(text: str) -> tuple[int, int]:
    opens, closes = (int(time[:2]) * 60 + int(time[3:]) for time in text.split("-"))
    return opens, closes

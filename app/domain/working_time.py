"""An organisation's working time, and how long something takes in it (domain.md §6).

Days are local: a calendar knows its time zone, so a span that crosses a change of the clocks is measured as it elapsed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

_LONGEST_CLOSURE = timedelta(days=366)


class NeverOpen(ValueError):
    """The calendar has no working time within a year, so nothing would ever be due."""


@dataclass(frozen=True, slots=True, order=True)
class WorkingHours:
    """One stretch of a working day, in minutes of the local day: 08:00-17:00 is 480 to 1020; midnight ends at 1440."""

    opens_minute: int
    closes_minute: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens_minute < self.closes_minute <= 24 * 60:
            raise ValueError("working hours must begin before they end, within one day")

    def __str__(self) -> str:
        return "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in (self.opens_minute, self.closes_minute))


Week = tuple[tuple[WorkingHours, ...], ...]
"""Seven days, Monday first, each with its hours in order; a day without any is free."""

OFFICE_DAY = (WorkingHours(9 * 60, 17 * 60),)
OFFICE_WEEK: Week = (OFFICE_DAY,) * 5 + ((), ())
"""Monday to Friday, 09:00-17:00: what an organisation starts with."""


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """When an organisation works: its zone, its week, and the dates (holidays, own closing days) it is closed on."""

    time_zone: str
    week: Week = OFFICE_WEEK
    closed_on: frozenset[date] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        if len(self.week) != 7 or not any(self.week):
            raise ValueError("a working week has seven days and at least one that works")
        if any(before.closes_minute > after.opens_minute for day in self.week for before, after in pairwise(day)):
            raise ValueError("working hours of a day must be in order and must not overlap")


@dataclass(frozen=True, slots=True)
class _Stretch:
    """One stretch of working time as it elapses, in UTC: open at its start, closed at its end."""

    opens_at: datetime
    closes_at: datetime


def add_working_time(
    calendar: WorkingCalendar, start: datetime, *, days: int = 0, hours: timedelta = timedelta(0)
) -> datetime:
    """When something that takes `days` and then `hours` of working time from `start` is due, in UTC.

    Time begins to count at the first working moment. A day is the same local time on the next working day, or the next
    working moment if that day does not work then; what is used up exactly at closing is due at closing.
    Raises `NeverOpen` when the calendar stays closed for a year, `ValueError` for negative spans or a naive `start`.
    """
    if days < 0 or hours < timedelta(0):
        raise ValueError("working time is only added")
    moment = next_working_moment(calendar, start)
    for _ in range(days):
        moment = _same_time_next_working_day(calendar, moment)
    if not hours:
        return moment
    for stretch in _stretches(calendar, moment):
        available = stretch.closes_at - max(moment, stretch.opens_at)
        if hours <= available:
            return max(moment, stretch.opens_at) + hours
        hours -= available
    raise NeverOpen(calendar.time_zone)


def working_time_between(calendar: WorkingCalendar, start: datetime, end: datetime) -> timedelta:
    """How much working time elapsed from `start` to `end`; zero when `end` is not later."""
    start, end = _utc(start), _utc(end)
    total = timedelta(0)
    day = _local_date(calendar, start) - timedelta(days=1)
    while day <= _local_date(calendar, end):
        for stretch in _stretches_on(calendar, day):
            total += max(min(end, stretch.closes_at) - max(start, stretch.opens_at), timedelta(0))
        day += timedelta(days=1)
    return total


def next_working_moment(calendar: WorkingCalendar, moment: datetime) -> datetime:
    """The first moment from `moment` on at which the organisation works, in UTC; closing time is no longer open."""
    moment = _utc(moment)
    return max(moment, next(_stretches(calendar, moment)).opens_at)


def is_open_at(calendar: WorkingCalendar, moment: datetime) -> bool:
    """Whether the organisation works at `moment`."""
    return next_working_moment(calendar, moment) == moment


def end_of_working_day(calendar: WorkingCalendar, start: datetime) -> datetime:
    """When the working day of the first working moment from `start` on closes for good, in UTC."""
    first = next_working_moment(calendar, start)
    return _stretches_on(calendar, _local_date(calendar, first))[-1].closes_at


def _same_time_next_working_day(calendar: WorkingCalendar, moment: datetime) -> datetime:
    local = moment.astimezone(ZoneInfo(calendar.time_zone))
    following = next(_stretches(calendar, _instant(calendar, local.date() + timedelta(days=1), 0)))
    day = _local_date(calendar, following.opens_at)
    candidate = _utc(datetime.combine(day, local.time(), ZoneInfo(calendar.time_zone)))
    if any(stretch.opens_at <= candidate <= stretch.closes_at for stretch in _stretches_on(calendar, day)):
        return candidate
    return next_working_moment(calendar, candidate)


def _stretches(calendar: WorkingCalendar, start: datetime) -> Iterator[_Stretch]:
    """The stretches that end after `start`, in order; raises `NeverOpen` after a year without any."""
    day = _local_date(calendar, start) - timedelta(days=1)
    last_open = day
    while day - last_open <= _LONGEST_CLOSURE:
        stretches = _stretches_on(calendar, day)
        for stretch in stretches[bisect_right(stretches, start, key=lambda stretch: stretch.closes_at) :]:
            last_open = day
            yield stretch
        day += timedelta(days=1)
    raise NeverOpen(calendar.time_zone)


@lru_cache(maxsize=4096)
def _stretches_on(calendar: WorkingCalendar, day: date) -> tuple[_Stretch, ...]:
    """The working stretches of a local date. Where the clocks jump they are cut so that they never overlap."""
    if day in calendar.closed_on:
        return ()
    stretches: list[_Stretch] = []
    for hours in calendar.week[day.weekday()]:
        opens_at = _instant(calendar, day, hours.opens_minute)
        closes_at = _instant(calendar, day, hours.closes_minute, is_end=True)
        opens_at = max(opens_at, stretches[-1].closes_at) if stretches else opens_at
        if opens_at < closes_at:
            stretches.append(_Stretch(opens_at, closes_at))
    return tuple(stretches)


def _instant(calendar: WorkingCalendar, day: date, minute: int, *, is_end: bool = False) -> datetime:
    """A local time in UTC. A time that happens twice opens the first and closes the second time it comes; one that the
    clocks skip is as much later as they jump."""
    zone = ZoneInfo(calendar.time_zone)
    local = datetime.combine(day + timedelta(days=minute // 1440), time(minute % 1440 // 60, minute % 60), zone)
    return max(_utc(local), _utc(local.replace(fold=1))) if is_end else _utc(local)


def _local_date(calendar: WorkingCalendar, moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(calendar.time_zone)).date()


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(UTC)

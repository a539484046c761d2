"""An organisation's working time as its people say it: the place, the hours of each weekday, the days it is closed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.domain.errors import Invalid
from app.domain.network.checking import Faults, refuse, unreadable
from app.domain.network.values import read_country, read_subdivision, read_time_zone
from app.domain.phrases import N_, Phrase
from app.domain.working_time import NeverOpen, Week, WorkingCalendar, next_working_moment
from app.domain.working_week_text import DAY_NAMES, parse_hours

LONGEST_CLOSURE_DAYS = 100
MOST_CLOSED_DAYS = 1_000
LONGEST_REST = timedelta(days=300)
"""Whoever works again later than this is not closed: promises that run in its working time would come to nothing."""
FIRST_YEAR, LAST_YEAR = 2000, 2199


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDraft:
    """Where an organisation works and when: `hours` holds the text of each weekday, Monday first, empty when free."""

    country: str | None = None
    subdivision: str | None = None
    time_zone: str = "UTC"
    hours: tuple[str, ...] = ("09:00-17:00",) * 5 + ("", "")

    def check(self) -> None:
        """Raise `Invalid` naming each field that cannot stand; a weekday by its short English name."""
        faults: Faults = unreadable("country", read_country, self.country or "")
        faults |= unreadable("subdivision", read_subdivision, self.subdivision or "")
        faults |= unreadable("time_zone", read_time_zone, self.time_zone)
        if self.subdivision and self.subdivision.partition("-")[0] != self.country:
            faults["subdivision"] = Phrase(N_("%(text)s is not in the country above."), {"text": self.subdivision})
        for name, text in zip(DAY_NAMES, self.hours, strict=True):
            if text:
                faults |= unreadable(name, parse_hours, text)
        if not any(self.hours):
            faults["mon"] = Phrase(N_("At least one day must have working hours."))
        refuse(faults)

    @property
    def week(self) -> Week:
        """The working week; the draft has been checked."""
        return tuple(parse_hours(text) if text else () for text in self.hours)

    def written_out(self) -> CalendarDraft:
        """The same, its hours as they are kept: `8-17` is `08:00-17:00`; the draft has been checked."""
        return replace(self, hours=hours_of(self.week))


def hours_of(week: Week) -> tuple[str, ...]:
    """The hours of each weekday as text, Monday first."""
    return tuple(", ".join(map(str, day)) for day in week)


@dataclass(frozen=True, slots=True)
class Closure:
    """Days in a row on which an organisation does not work: a public holiday by its name, or its own without one."""

    first: date
    last: date
    name: str = ""


def days_closed(first: date, last: date | None) -> frozenset[date]:
    """Every day from `first` to `last`, both included; one day without a last. `Invalid` when it cannot be meant."""
    last = last or first
    if last < first:
        problem = Phrase(N_("It must not end before it begins."))
        raise Invalid(problem, fields={"last": problem})
    if first.year < FIRST_YEAR or last.year > LAST_YEAR:
        problem = Phrase(N_("This day lies too far away."))
        raise Invalid(problem, fields={"last": problem})
    if (last - first).days >= LONGEST_CLOSURE_DAYS:
        problem = Phrase(N_("At most %(days)s days at a time."), {"days": LONGEST_CLOSURE_DAYS})
        raise Invalid(problem, fields={"last": problem})
    return frozenset(first + timedelta(days=number) for number in range((last - first).days + 1))


def check_opens_again(calendar: WorkingCalendar, closed: Iterable[date], *, field: str) -> None:
    """Raise `Invalid` at `field` where an organisation's closing days keep it from working for longer than is one."""
    problem = Phrase(N_("More than %(days)s days would pass without work."), {"days": LONGEST_REST.days})
    for closure in own_closures(closed):
        begins_at = datetime.combine(closure.first, time(), ZoneInfo(calendar.time_zone))
        try:
            is_too_long = next_working_moment(calendar, begins_at) - begins_at > LONGEST_REST
        except NeverOpen:
            is_too_long = True
        if is_too_long:
            raise Invalid(problem, fields={field: problem})


def own_closures(days: Iterable[date]) -> tuple[Closure, ...]:
    """Single closing days as people say them: days in a row are one closure."""
    closures: list[Closure] = []
    for day in sorted(days):
        if closures and closures[-1].last + timedelta(days=1) == day:
            closures[-1] = Closure(closures[-1].first, day)
        else:
            closures.append(Closure(day, day))
    return tuple(closures)

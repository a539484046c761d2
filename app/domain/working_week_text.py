"""A working week as people write it: `mon-thu 08:00-12:00, 13:00-17:00; fri 08:00-14:00`."""

from __future__ import annotations

import re
from itertools import groupby, pairwise

from app.domain.errors import Invalid
from app.domain.phrases import N_, Phrase
from app.domain.working_time import Week, WorkingHours

DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAYS = "|".join(DAY_NAMES)
_PART = re.compile(rf"(?P<first>{_DAYS})(?:\s*[-\u2013]\s*(?P<last>{_DAYS}))?\s+(?P<hours>\S.*)")
_HOURS = re.compile(r"(\d{1,2}):(\d\d)\s*[-\u2013]\s*(\d{1,2}):(\d\d)")


def parse_week(text: str) -> Week:
    """Read a working week: parts separated by `;`, each with a day or a range of days and its hours, comma-separated.

    Ranges may wrap around (`sat-mon`); midnight at the end is `24:00`; days not named are free; a day may be named in
    several parts. Raises `Invalid` naming the part that cannot be read, and when no day works or hours overlap.
    """
    days: list[list[WorkingHours]] = [[] for _ in DAY_NAMES]
    for part in filter(None, (part.strip() for part in text.lower().split(";"))):
        matched = _PART.fullmatch(part)
        if matched is None:
            raise _unreadable(part)
        hours = [_parse_hours(stretch.strip(), part) for stretch in matched["hours"].split(",")]
        for day in _days_between(matched["first"], matched["last"] or matched["first"]):
            days[day].extend(hours)
    week = tuple(tuple(sorted(day)) for day in days)
    if not any(week):
        raise Invalid(Phrase(N_("At least one day must have working hours.")), code="working_week")
    if any(before.closes_minute > after.opens_minute for day in week for before, after in pairwise(day)):
        raise Invalid(Phrase(N_("The hours of a day must not overlap.")), code="working_week")
    return week


def format_week(week: Week) -> str:
    """Write a working week so that `parse_week` reads it again; days in a row with the same hours are one part."""
    parts = []
    for hours, days in groupby(range(7), key=lambda day: week[day]):
        named = [DAY_NAMES[day] for day in days]
        if hours:
            parts.append(f"{'-'.join(dict.fromkeys((named[0], named[-1])))} {', '.join(map(str, hours))}")
    return "; ".join(parts)


def _days_between(first: str, last: str) -> list[int]:
    start = DAY_NAMES.index(first)
    count = (DAY_NAMES.index(last) - start) % 7 + 1
    return [(start + offset) % 7 for offset in range(count)]


def _parse_hours(text: str, part: str) -> WorkingHours:
    matched = _HOURS.fullmatch(text)
    if matched is None or int(matched[2]) > 59 or int(matched[4]) > 59:
        raise _unreadable(part)
    try:
        return WorkingHours(int(matched[1]) * 60 + int(matched[2]), int(matched[3]) * 60 + int(matched[4]))
    except ValueError as error:
        raise _unreadable(part) from error


def _unreadable(part: str) -> Invalid:
    return Invalid(
        Phrase(N_("“%(part)s” is not a working time. Write it like “mon-fri 08:00-17:00”."), {"part": part}),
        code="working_week",
    )

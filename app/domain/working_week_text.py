"""Working hours as people write them: of a day `08:00-12:00, 13:00-17:00`, of a week `mon-thu 8-17; fri 8-14`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby, pairwise
from unicodedata import normalize

from app.domain.errors import Invalid
from app.domain.phrases import N_, Phrase
from app.domain.working_time import Week, WorkingHours

DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAYS = "|".join(DAY_NAMES)
_DASHES = "\u2010-\u2015\u2212~\u301c-"
_PART = re.compile(rf"(?P<first>{_DAYS})(?:\s*[{_DASHES}]\s*(?P<last>{_DAYS}))?\s+(?P<hours>\S.*)")
_NEXT_STRETCH = re.compile(r"\s*(?:[,;/&+\u3001]|\band\b|\bund\b)\s*")
_UNTIL = re.compile(rf"\s*(?:[{_DASHES}]|\bto\b|\bbis\b|から)\s*")
_TIME = re.compile(
    r"(?P<hour>\d{1,2}?)(?:[:.h時]?(?P<minute>\d\d))?\s*(?:uhr|h|時|分)?\s*(?:(?P<half>[ap])\.?m\.?)?(?:まで)?"
)
"""`8`, `8:00`, `8.30`, `0800`, `8h30`, `8 am`, `8 Uhr`, `8時30分`."""


def parse_hours(text: str) -> tuple[WorkingHours, ...]:
    """Read the hours of one day: stretches such as `8-17`, `8:00–17:00`, `0800-1700`, `8am-5pm`, comma-separated.

    Midnight at the end is `24:00` or `0:00`. Raises `Invalid` saying which words cannot be meant and what to write.
    """
    stretches = [stretch for stretch in _NEXT_STRETCH.split(_folded(text)) if stretch]
    if not stretches:
        raise _unreadable(text)
    return _in_order(map(_parse_stretch, stretches))


def parse_week(text: str) -> Week:
    """Read a working week: parts separated by `;`, each with a day or a range of days and its hours, comma-separated.

    Ranges may wrap around (`sat-mon`); days not named are free; a day may be named in several parts. Raises `Invalid`
    naming what cannot be read, and when no day works or hours overlap.
    """
    days: list[list[WorkingHours]] = [[] for _ in DAY_NAMES]
    for part in filter(None, (part.strip() for part in _folded(text).split(";"))):
        matched = _PART.fullmatch(part)
        if matched is None:
            told = N_("“%(part)s” is not a working time. Write it like “mon-fri 08:00-17:00”.")
            raise _refused(Phrase(told, {"part": part}))
        hours = parse_hours(matched["hours"])
        for day in _days_between(matched["first"], matched["last"] or matched["first"]):
            days[day].extend(hours)
    if not any(days):
        raise _refused(Phrase(N_("At least one day must have working hours.")))
    return tuple(map(_in_order, days))


def format_week(week: Week) -> str:
    """Write a working week so that `parse_week` reads it again; days in a row with the same hours are one part."""
    return "; ".join(
        f"{'-'.join(dict.fromkeys((DAY_NAMES[first], DAY_NAMES[last])))} {hours}"
        for first, last, hours in days_alike(week)
    )


def days_alike(week: Week) -> list[tuple[int, int, str]]:
    """The days that work, those in a row with the same hours together: first, last (Monday is 0), hours as text."""
    groups = [(hours, list(days)) for hours, days in groupby(range(7), key=lambda day: week[day])]
    return [(days[0], days[-1], ", ".join(map(str, hours))) for hours, days in groups if hours]


def _folded(text: str) -> str:
    """The text in small letters, wide signs as their usual ones."""
    return normalize("NFKC", text).strip().lower()


def _days_between(first: str, last: str) -> list[int]:
    start = DAY_NAMES.index(first)
    count = (DAY_NAMES.index(last) - start) % 7 + 1
    return [(start + offset) % 7 for offset in range(count)]


def _in_order(hours: Iterable[WorkingHours]) -> tuple[WorkingHours, ...]:
    day = tuple(sorted(hours))
    if any(before.closes_minute > after.opens_minute for before, after in pairwise(day)):
        raise _refused(Phrase(N_("The hours of a day must not overlap.")))
    return day


def _parse_stretch(text: str) -> WorkingHours:
    times = [_TIME.fullmatch(time) for time in _UNTIL.split(text)]
    if len(times) != 2 or times[0] is None or times[1] is None or bool(times[0]["half"]) != bool(times[1]["half"]):
        raise _unreadable(text)
    opens, closes = _minute_of(times[0]), _minute_of(times[1]) or 24 * 60
    if opens >= closes:
        told = N_("“%(text)s” ends before it begins. Write the afternoon like 17:00, and midnight as 24:00.")
        raise _refused(Phrase(told, {"text": text}))
    return WorkingHours(opens, closes)


def _minute_of(time: re.Match[str]) -> int:
    """The minute of the day a time means."""
    hour, minute = int(time["hour"]), int(time["minute"] or 0)
    is_hour = 1 <= hour <= 12 if time["half"] else hour * 60 + minute <= 24 * 60
    if not is_hour or minute > 59:
        told = N_("“%(text)s” is not a time of day. Hours go from 00:00 to 24:00.")
        raise _refused(Phrase(told, {"text": time[0]}))
    if time["half"]:
        hour = hour % 12 + (12 if time["half"] == "p" else 0)
    return hour * 60 + minute


def _unreadable(text: str) -> Invalid:
    told = N_("“%(text)s” is not a working time. Write 08:00-17:00, or with a break 08:00-12:00, 13:00-17:00.")
    return _refused(Phrase(told, {"text": text}))


def _refused(reason: Phrase) -> Invalid:
    return Invalid(reason, code="working_week")

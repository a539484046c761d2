"""Moments as lists have them: ISO, `21.11.2026 11:45`, `11/20/2026 3:05 PM`, `2026年11月21日 11時45分`."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

_LONGEST = 60
_YEARS = range(1990, 2101)
_MONTH_FIRST = frozenset({"US", "PH", "PR", "GU"})
_MONTHS = {
    name: number
    for number, names in enumerate(
        "jan january januar jän jänner|feb february februar|mar march mär märz mrz maerz|apr april|may mai|"
        "jun june juni|jul july juli|aug august|sep sept september|oct october okt oktober|nov november|"
        "dec december dez dezember".split("|"),
        start=1,
    )
    for name in names.split()
}
_CLOCK = (
    r"(?:[\s,T]+(?:um\s+)?(?P<am>午前|午後)?\s*(?P<hour>\d{1,2})[:.時h](?P<minute>\d{2})?分?"
    r"(?:[:.](?P<second>\d{2})(?:\.\d+)?)?秒?\s*(?P<half>[ap]\.?m\.?)?(?:\s*uhr)?)?"
)
_DATES = tuple(
    re.compile(rf"^{date}{_CLOCK}$", re.IGNORECASE)
    for date in (
        r"(?P<year>\d{4})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?(?:\s*\([^)]{1,3}\))?",
        r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4}|\d{2})",
        r"(?P<first>\d{1,2})[/-](?P<next>\d{1,2})[/-](?P<year>\d{4}|\d{2})",
        r"(?P<day>\d{1,2})\.?[\s-](?P<name>[a-zäé]+)\.?[\s,-]+(?P<year>\d{4})",
        r"(?P<name>[a-z]+)\.?\s(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s(?P<year>\d{4})",
    )
)


def parse_time(text: str, zone: ZoneInfo, *, country: str = "") -> datetime | None:
    """The moment in UTC; a text without its own offset is meant in `zone`, a date alone at its midnight.

    `country` decides `03/04/2026`: month first in the United States, day first elsewhere, unless only one is possible.
    None when it is no moment between 1990 and 2100.
    """
    wanted = " ".join(unicodedata.normalize("NFKC", text[:_LONGEST]).split())
    moment = _iso(wanted, zone) or _written(wanted, zone, country)
    if moment is None or moment.year not in _YEARS:
        return None
    return moment.astimezone(UTC)


def _iso(text: str, zone: ZoneInfo) -> datetime | None:
    if not re.match(r"^\d{4}-\d{2}-\d{2}", text):
        return None
    try:
        moment = datetime.fromisoformat(
            re.sub(r"\s(?=[+-]\d{2}:?\d{2}$|Z$)", "", re.sub(r"\s?(?:UTC|GMT)$", "Z", text))
        )
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _written(text: str, zone: ZoneInfo, country: str) -> datetime | None:
    for pattern in _DATES:
        if found := pattern.match(text):
            parts = found.groupdict()
            try:
                return datetime(*_date_parts(parts, country), *_clock_parts(parts), tzinfo=zone)
            except (ValueError, KeyError):
                return None
    return None


def _date_parts(parts: dict[str, str | None], country: str) -> tuple[int, int, int]:
    year = int(parts["year"] or 0)
    year += 2000 if year < 100 else 0
    if name := parts.get("name"):
        return year, _MONTHS[name.lower()], int(parts["day"] or 0)
    if parts.get("first") is None:
        return year, int(parts["month"] or 0), int(parts["day"] or 0)
    first, second = int(parts["first"] or 0), int(parts["next"] or 0)
    is_month_first = second > 12 or (country in _MONTH_FIRST and first <= 12)
    return (year, first, second) if is_month_first else (year, second, first)


def _clock_parts(parts: dict[str, str | None]) -> tuple[int, int, int]:
    hour = int(parts["hour"] or 0)
    half = (parts["half"] or "").lower()[:1] or {"午前": "a", "午後": "p"}.get(parts["am"] or "", "")
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return hour, int(parts["minute"] or 0), int(parts["second"] or 0)

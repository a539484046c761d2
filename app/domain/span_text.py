"""How long something may take: as people write it (`1d 10h`, `90m`, `1d`), and as they are told it."""

from __future__ import annotations

import re
from datetime import timedelta

from app.domain.deadlines import Clock, Span
from app.domain.errors import Invalid
from app.domain.phrases import N_, Phrase

_MINUTES = {"h": 60, "m": 1}
_PART = re.compile(r"(\d{1,9})\s*([dhm])")
_WHOLE = re.compile(rf"(?:{_PART.pattern}\s*)+")
LONGEST_DAYS = 36_525
"""A hundred years: what is longer is a slip of the keyboard, and reckoning with it would take for ever."""


def parse_span(text: str) -> Span:
    """Read days (`d`), hours (`h`) and minutes (`m`) of working time, each at most once and in this order.

    Raises `Invalid` for anything else, for nothing at all, and for more than a hundred years.
    """
    compact = text.strip().lower()
    parts = [(unit, int(count)) for count, unit in _PART.findall(compact)]
    units = [unit for unit, _ in parts]
    if not _WHOLE.fullmatch(compact) or units != sorted(set(units), key="dhm".index):
        raise Invalid(Phrase(N_("“%(text)s” is no span of time: write it like 1d 10h or 90m."), {"text": text.strip()}))
    counts = dict(parts)
    span = Span(days=counts.pop("d", 0), minutes=sum(_MINUTES[unit] * count for unit, count in counts.items()))
    if span.days + span.minutes / (24 * 60) > LONGEST_DAYS:
        raise Invalid(Phrase(N_("“%(text)s” is longer than a hundred years."), {"text": text.strip()}))
    return span


def span_phrase(span: Span) -> Phrase:
    """How long something may take, with its clock."""
    if span.is_same_day:
        return Phrase(N_("the rest of the working day"))
    if span.clock is Clock.WALL:
        return Phrase(N_("%(time)s around the clock"), {"time": timedelta(days=span.days, minutes=span.minutes)})
    days = Phrase(N_("1 working day")) if span.days == 1 else Phrase(N_("%(days)s working days"), {"days": span.days})
    if span.days and span.minutes:
        return Phrase(N_("%(days)s and %(hours)s"), {"days": days, "hours": _working_hours(span.minutes)})
    return days if span.days else _working_hours(span.minutes)


def _working_hours(minutes: int) -> Phrase:
    """Working time in hours, never in days: a working day is not 24 of its hours."""
    hours, rest = divmod(minutes, 60)
    if rest:
        return Phrase(N_("%(minutes)s working minutes"), {"minutes": minutes})
    return Phrase(N_("1 working hour")) if hours == 1 else Phrase(N_("%(hours)s working hours"), {"hours": hours})

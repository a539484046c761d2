"""How long something may take, as people write it: `1d 10h`, `90m`, `1d`."""

from __future__ import annotations

import re

from app.domain.deadlines import Span
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

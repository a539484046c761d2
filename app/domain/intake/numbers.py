"""Plain numbers of a list: scores, head counts, the numbers of companies."""

from __future__ import annotations

import re
import unicodedata

LARGEST_COUNT = 10_000_000
_SHORTEST_OF_A_COMPANY = 8
_COURT_IS_MISSING = re.compile(r"HR[AB]?\d+[A-Z]?")
_SCORE = re.compile(r"([+-]?\d{1,9})(?:[.,]\d+)?\s*(?:%|/\s*100|点|points?|punkte?|pts\.?)?", re.IGNORECASE)
_GROUPED = re.compile(r"\d{1,3}(?:[.,'’ ]\d{3})+(?!\d)|\d+")


def read_score(text: str) -> int | None:
    """A score of 0 to 100: `60`, `60.0`, `60 %`, `60/100`, `６０点`. Beyond the scale counts as its end; else None."""
    wanted = unicodedata.normalize("NFKC", text).strip()
    found = _SCORE.fullmatch(wanted)
    return min(100, max(0, int(found[1]))) if found else None


def read_count(text: str) -> int | None:
    """A number of people; of a range (`51-200`, `1,000+`, `約500名`) its lower end. None when there is none."""
    found = _GROUPED.search(unicodedata.normalize("NFKC", text))
    if not found:
        return None
    digits = re.sub(r"\D", "", found[0])
    return int(digits) if len(digits) <= len(str(LARGEST_COUNT)) and int(digits) <= LARGEST_COUNT else None


def read_corporate_number(text: str) -> str | None:
    """A number of a trade or tax register as it is compared: half width, capitals, no signs between; empty is none."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join(sign for sign in plain if sign.isalnum()) or None


def corporate_number(text: str) -> str:
    """A company's number in its country's trade or tax register, as accounts keep it: `DE 123 456 789`, `法人番号`.

    Empty when it does not tell one company from every other: too short, or a German register's without its court.
    """
    number = read_corporate_number(text) or ""
    if len(number) < _SHORTEST_OF_A_COMPANY or _COURT_IS_MISSING.fullmatch(number):
        return ""
    return number if any(sign.isdigit() for sign in number) else ""

"""Which column is which field, so that a file needs no hand-written mapping."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from rapidfuzz import fuzz

from app.domain.intake.fields import SYNONYMS, LeadField
from app.domain.intake.folding import fold, fold_words, foldings
from app.domain.phrases import N_, Phrase

NO_CONSENT = Phrase(N_("No column tells the prospect's consent: these leads will be nurtured and offered to nobody."))
"""What whoever brings a file in must know before, when no column is read as the consent."""

_BRACKETED = re.compile(r"[(\[（【][^)\]）】]*[)\]）】]")
_READING_AID = re.compile("カナ|かな|フリガナ|ふりがな|ローマ字|英字|kana|furigana|romaji", re.IGNORECASE)
_PREFIXES = ("lead", "contact", "kontakt", "prospect", "primary", "customer", "kunde", "company", "firmen")
_FUZZY_AT_LEAST = 88.0
_FUZZY_LEAD = 6.0
_FUZZY_LENGTH = 5


def propose_mapping(headers: Sequence[str]) -> dict[LeadField, str]:
    """The header of each field that can be told with certainty; a person may correct it on screen.

    Exact names (in any case, width, punctuation) come first, then near misses where only one field comes close.
    A field gets one header and a header one field.
    """
    mapping = _best_of_each_field({header: _known_field(header) for header in headers})
    _settle_bare_name(mapping)
    taken = set(mapping.values())
    rest = [header for header in headers if header not in taken and not _known_field(header)]
    for header in rest:
        field = _near_field(header)
        if field and field not in mapping:
            mapping[field] = header
    return mapping


def unused_headers(headers: Sequence[str], mapping: Mapping[str, str]) -> tuple[str, ...]:
    """The columns that are kept as received and read as nothing; `mapping` is header by field."""
    used = set(mapping.values())
    return tuple(header for header in headers if header not in used)


@cache
def _known_names() -> dict[str, tuple[LeadField, int]]:
    """Every folded synonym with its field and its place in the field's list."""
    names: dict[str, tuple[LeadField, int]] = {}
    for field, lines in SYNONYMS.items():
        for place, name in enumerate(name for line in lines for name in line.split("|")):
            for key in foldings(name) | ({name} if not fold(name) else set()):
                names.setdefault(key, (field, place))
    return names


def _known_field(header: str) -> tuple[LeadField, int] | None:
    names = _known_names()
    bare = _BRACKETED.sub(" ", header)
    for key in (fold(header), header.strip()):
        if key in names:
            return names[key]
    if _READING_AID.search(header):
        return None
    return names.get(fold(bare)) or names.get(_without_prefix(bare))


def _without_prefix(header: str) -> str:
    first, _, rest = fold_words(header).partition(" ")
    return fold(rest) if first in _PREFIXES and rest else fold(header)


def _best_of_each_field(found: Mapping[str, tuple[LeadField, int] | None]) -> dict[LeadField, str]:
    mapping: dict[LeadField, str] = {}
    places: dict[LeadField, int] = {}
    for header, answer in found.items():
        if answer and answer[1] < places.get(answer[0], 1_000):
            mapping[answer[0]], places[answer[0]] = header, answer[1]
    return mapping


def _settle_bare_name(mapping: dict[LeadField, str]) -> None:
    """Beside a first name, a column `Name` holds the family name, as German lists have it."""
    is_half = LeadField.GIVEN_NAME in mapping and LeadField.FAMILY_NAME not in mapping
    if is_half and fold(mapping.get(LeadField.FULL_NAME, "")) in ("name", "名前"):
        mapping[LeadField.FAMILY_NAME] = mapping.pop(LeadField.FULL_NAME)


def _near_field(header: str) -> LeadField | None:
    """The one field whose name is nearly this, when no second field comes close."""
    key = fold(header)
    if len(key) < _FUZZY_LENGTH or _READING_AID.search(header):
        return None
    scores: dict[LeadField, float] = {}
    for name, (field, _) in _known_names().items():
        if len(name) >= _FUZZY_LENGTH:
            scores[field] = max(scores.get(field, 0.0), fuzz.ratio(key, name))
    (first, best), (_, second) = sorted(scores.items(), key=lambda item: -item[1])[:2]
    return first if best >= _FUZZY_AT_LEAST and best - second >= _FUZZY_LEAD else None

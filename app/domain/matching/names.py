"""A company's name read for comparing it with another: its words, legal form, numbers, places and initials."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from app.domain.intake.companies import company_name


@dataclass(frozen=True, slots=True)
class MatchName:
    """One name, parsed once: everything that is compared with another name."""

    raw: str
    key: str
    compact: str
    words: tuple[str, ...]
    legal_form: str
    numbers: tuple[str, ...]
    places: tuple[str, ...]
    initials: str


@lru_cache(maxsize=65_536)
def match_name(raw: str) -> MatchName:
    """The name read for comparing."""
    name = company_name(raw)
    words = tuple(name.key.split())
    return MatchName(raw, name.key, name.compact, words, name.legal_form, (), (), "".join(word[0] for word in words))

"""Whether a company's name is what a person meant to type."""

from __future__ import annotations

from rapidfuzz import fuzz

from app.domain.intake.companies import company_name
from app.domain.matching.kana import sound

LIKE_ENOUGH = 75
"""From which likeness of two words one may be the other misspelt: `simens` and `siemens` have 92 of 100."""


def is_spelt_like(typed: str, known: str) -> bool:
    """Whether every word typed is one of the name's, give or take some letters, or both sound alike."""
    asked, name = company_name(typed), company_name(known)
    if not asked.key or not name.key:
        return False
    if fuzz.ratio(asked.compact, name.compact) >= LIKE_ENOUGH or _sound_alike(typed, known):
        return True
    words = name.key.split()
    return all(max(fuzz.ratio(word, other) for other in words) >= LIKE_ENOUGH for word in asked.key.split())


def _sound_alike(typed: str, known: str) -> bool:
    one, other = sound(typed), sound(known)
    if one is None or other is None or not one.letters or not other.letters:
        return False
    return fuzz.ratio(one.letters, other.letters) >= LIKE_ENOUGH

"""Two companies' names side by side: which words of one are not in the other."""

from __future__ import annotations

import re

from app.domain.intake.companies import spelled_words

_CJK = "\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_PARTS = re.compile(rf"[{_CJK}]|\s+|[^\s{_CJK}]+")
"""Where writers leave no blanks every sign is a part of its own."""


def differing_parts(name: str, other: str) -> tuple[tuple[str, bool], ...]:
    """The name cut into parts, each with whether it differs: a word that the other name has nowhere.

    Words are compared as matching does, without case, accents, width and the dots of initials.
    """
    known = _folded(other)
    parts: list[tuple[str, bool]] = []
    for part in _PARTS.findall(name):
        differs = bool(_folded(part)) and not _folded(part) <= known
        if parts and parts[-1][1] == differs:
            parts[-1] = (parts[-1][0] + part, differs)
        else:
            parts.append((part, differs))
    return tuple(parts)


def _folded(text: str) -> frozenset[str]:
    return frozenset(word for part in _PARTS.findall(text) for word in spelled_words(part))

"""Which names say too little to identify a company: `Consulting Group`, `AB`."""

from __future__ import annotations

from app.domain.matching.names import MatchName
from app.domain.matching.weights import WordWeights

_COMMON_WORD = 6.0
"""A word in more than one of 400 names identifies nobody."""

_SHORTEST = 3
_SHORTEST_CJK = 2


def is_generic(name: MatchName, weights: WordWeights) -> bool:
    """Whether many companies may have the name: only common words (at most two of them), or hardly any letters."""
    if name.is_cjk:
        return len(name.compact) < _SHORTEST_CJK
    words = [word for word in name.words if len(word) > 1 and not (word.isdecimal() and len(word) < 2)]
    if len("".join(words)) < _SHORTEST:
        return True
    return len(name.words + name.fillers) <= 2 and all(weights.weight(word) < _COMMON_WORD for word in words)

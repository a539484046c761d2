"""How much a word of a company's name says: rare words identify, common ones do not."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.matching.background import COUNTS, RAREST, TOTAL

_UNLISTED = RAREST / 5
"""In how many names of the register a word stands that is not among its common ones, on average."""

_REGISTER_SAYS = 2_000
"""As many names of the manufacturer's as it takes to weigh as much as the whole register."""


@dataclass(frozen=True, slots=True)
class WordWeights:
    """How many of a manufacturer's `total` names hold each word, for the words asked for; the register added."""

    total: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)

    def weight(self, word: str) -> float:
        """The word's rarity, the natural logarithm of one in how many names holds it: 2 (`fund`) to 11 (unheard of)."""
        register = COUNTS.get(word, _UNLISTED) / TOTAL
        share = (self.counts.get(word, 0) + _REGISTER_SAYS * register) / (self.total + _REGISTER_SAYS)
        return -math.log(share)

    def is_in_use(self, word: str) -> bool:
        """Whether companies' names are known to hold the word, so that it is hardly another word misspelled."""
        return word in COUNTS

"""How much a word of a company's name says: rare words identify, common ones do not."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class WordWeights:
    """How many of a manufacturer's `total` names hold each word, for the words asked for; the background added."""

    total: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)

    def weight(self, word: str) -> float:
        """The word's rarity (inverse document frequency); the higher the more it identifies."""
        return math.log((self.total + 1) / (self.counts.get(word, 0) + 1)) + 1

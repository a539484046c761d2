"""An amount of money."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in hundredths of the currency's unit, for every currency alike (¥1,800,000 is 180,000,000)."""

    cents: int
    currency: str

    def __str__(self) -> str:
        return f"{self.cents / 100:,.2f} {self.currency}"

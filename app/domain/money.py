"""An amount of money and its currency."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """`cents` are hundredths of the currency's main unit, for every currency: ¥1,800 is 180,000 JPY hundredths.

    One scale for all keeps columns, sums and filters alike; how many decimals a currency shows is the page's matter.
    """

    cents: int
    currency: str

    @property
    def major(self) -> float:
        """The amount in main units, for showing and for ratios; never for sums."""
        return self.cents / 100

    def __str__(self) -> str:
        sign = "-" if self.cents < 0 else ""
        whole, rest = divmod(abs(self.cents), 100)
        return f"{sign}{whole:,}{f'.{rest:02}' if rest else ''} {self.currency}"

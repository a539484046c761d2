"""Rough sizes that a partner may see before a claim: of the value, of the company, of the score."""

from __future__ import annotations

from enum import StrEnum

from app.domain.money import Money
from app.domain.phrases import N_, Phrase


class ValueBand(StrEnum):
    """How much the lead may be worth, from the expected revenue."""

    UNKNOWN = "unknown"
    TINY = "tiny"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"
    HUGE = "huge"


class SizeBand(StrEnum):
    """How many people the prospect's company employs; the limits are the EU's for small and medium enterprises."""

    UNKNOWN = "unknown"
    MICRO = "micro"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


class ScoreBand(StrEnum):
    """How good the lead is, from its score of 0 to 100."""

    UNKNOWN = "unknown"
    COOL = "cool"
    WARM = "warm"
    HOT = "hot"


VALUE_LIMITS: dict[ValueBand, tuple[int | None, int | None]] = {
    ValueBand.UNKNOWN: (None, None),
    ValueBand.TINY: (None, 10_000_00),
    ValueBand.SMALL: (10_000_00, 50_000_00),
    ValueBand.MEDIUM: (50_000_00, 250_000_00),
    ValueBand.LARGE: (250_000_00, 1_000_000_00),
    ValueBand.HUGE: (1_000_000_00, None),
}
"""From where to below where each band reaches, in hundredths of a currency about as large as the euro."""

UNITS_PER_EURO = {
    "CNY": 10, "CZK": 25, "DKK": 10, "HUF": 400, "INR": 100, "JPY": 100, "KRW": 1000, "MXN": 20, "NOK": 10, "PLN": 5,
    "SEK": 10, "THB": 50, "TRY": 50, "TWD": 50, "ZAR": 20,
}  # fmt: skip
"""Round numbers near the exchange rate, so that a band means about the same in every currency."""

SIZE_LIMITS = ((10, SizeBand.MICRO), (50, SizeBand.SMALL), (250, SizeBand.MEDIUM))
"""Below how many employees each band ends; above them all a company is large."""

SIZE_BAND_PHRASES: dict[SizeBand, Phrase] = {
    SizeBand.UNKNOWN: Phrase(N_("size unknown")),
    SizeBand.MICRO: Phrase(N_("up to 9 employees")),
    SizeBand.SMALL: Phrase(N_("10 to 49 employees")),
    SizeBand.MEDIUM: Phrase(N_("50 to 249 employees")),
    SizeBand.LARGE: Phrase(N_("250 employees or more")),
}

SCORE_BAND_PHRASES: dict[ScoreBand, Phrase] = {
    ScoreBand.UNKNOWN: Phrase(N_("no score")),
    ScoreBand.COOL: Phrase(N_("score below 50")),
    ScoreBand.WARM: Phrase(N_("score 50 to 79")),
    ScoreBand.HOT: Phrase(N_("score 80 or more")),
}


def value_band(value: Money | None) -> ValueBand:
    """The band of an expected revenue; currencies of small units (JPY) are scaled to the same meaning."""
    if value is None or value.cents <= 0:
        return ValueBand.UNKNOWN
    cents = value.cents // UNITS_PER_EURO.get(value.currency, 1)
    above = [band for band, (low, _) in VALUE_LIMITS.items() if low is not None and cents >= low]
    return above[-1] if above else ValueBand.TINY


def value_band_phrase(band: ValueBand, currency: str) -> Phrase:
    """A band in words, with its limits in the lead's own currency."""
    low, high = (
        Money(limit * UNITS_PER_EURO.get(currency, 1), currency) if limit is not None else None
        for limit in VALUE_LIMITS[band]
    )
    if low is None and high is None:
        return Phrase(N_("value unknown"))
    if low is None:
        return Phrase(N_("below %(high)s"), {"high": high})
    if high is None:
        return Phrase(N_("%(low)s or more"), {"low": low})
    return Phrase(N_("%(low)s to %(high)s"), {"low": low, "high": high})


def size_band(employees: int | None) -> SizeBand:
    """The band of a number of employees."""
    if employees is None or employees < 1:
        return SizeBand.UNKNOWN
    return next((band for limit, band in SIZE_LIMITS if employees < limit), SizeBand.LARGE)


def score_band(score: int | None) -> ScoreBand:
    """The band of a lead's score."""
    if score is None:
        return ScoreBand.UNKNOWN
    return next((band for limit, band in ((50, ScoreBand.COOL), (80, ScoreBand.WARM)) if score < limit), ScoreBand.HOT)

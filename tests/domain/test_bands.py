"""Rough sizes of a lead."""

from __future__ import annotations

import pytest

from app.domain.bands import (
    SCORE_BAND_PHRASES,
    SIZE_BAND_PHRASES,
    ScoreBand,
    SizeBand,
    ValueBand,
    score_band,
    size_band,
    value_band,
    value_band_phrase,
)
from app.domain.money import Money


@pytest.mark.parametrize(
    ("value", "band"),
    [
        (None, ValueBand.UNKNOWN),
        (Money(0, "EUR"), ValueBand.UNKNOWN),
        (Money(1, "EUR"), ValueBand.TINY),
        (Money(999_999, "EUR"), ValueBand.TINY),
        (Money(1_000_000, "EUR"), ValueBand.SMALL),
        (Money(3_800_000, "USD"), ValueBand.SMALL),
        (Money(5_000_000, "USD"), ValueBand.MEDIUM),
        (Money(25_000_000, "CHF"), ValueBand.LARGE),
        (Money(100_000_000, "EUR"), ValueBand.HUGE),
        (Money(180_000_000, "JPY"), ValueBand.SMALL),
        (Money(570_000_000, "JPY"), ValueBand.MEDIUM),
    ],
)
def test_value(value: Money | None, band: ValueBand) -> None:
    assert value_band(value) is band


@pytest.mark.parametrize("currency", ["EUR", "JPY"])
@pytest.mark.parametrize("band", [band for band in ValueBand if band is not ValueBand.UNKNOWN])
def test_the_words_and_the_band_agree(band: ValueBand, currency: str) -> None:
    limits = value_band_phrase(band, currency).values
    low, high = limits.get("low"), limits.get("high")
    if isinstance(low, Money):
        assert value_band(low) is band
    if isinstance(high, Money):
        assert value_band(high) is not band
        assert value_band(Money(high.cents - 1, currency)) is band
    assert limits


def test_an_unknown_value_has_words() -> None:
    assert str(value_band_phrase(ValueBand.UNKNOWN, "EUR")) == "value unknown"


@pytest.mark.parametrize(
    ("employees", "band"),
    [
        (None, SizeBand.UNKNOWN),
        (0, SizeBand.UNKNOWN),
        (1, SizeBand.MICRO),
        (9, SizeBand.MICRO),
        (10, SizeBand.SMALL),
        (50, SizeBand.MEDIUM),
        (249, SizeBand.MEDIUM),
        (250, SizeBand.LARGE),
    ],
)
def test_size(employees: int | None, band: SizeBand) -> None:
    assert size_band(employees) is band
    assert band in SIZE_BAND_PHRASES


@pytest.mark.parametrize(
    ("score", "band"),
    [
        (None, ScoreBand.UNKNOWN),
        (0, ScoreBand.COOL),
        (49, ScoreBand.COOL),
        (50, ScoreBand.WARM),
        (79, ScoreBand.WARM),
        (80, ScoreBand.HOT),
        (100, ScoreBand.HOT),
    ],
)
def test_score(score: int | None, band: ScoreBand) -> None:
    assert score_band(score) is band
    assert band in SCORE_BAND_PHRASES

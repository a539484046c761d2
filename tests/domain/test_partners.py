"""Tiers and certifications."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.domain.catalog import ProductLine, highest_min_tier
from app.domain.partners import DEFAULT_TIERS, Certification

REGISTERED, SILVER, GOLD, PLATINUM = DEFAULT_TIERS
TODAY = date(2026, 11, 21)
DAY = timedelta(days=1)


def test_the_default_tiers_rise_and_see_leads_earlier() -> None:
    assert [tier.rank for tier in DEFAULT_TIERS] == [1, 2, 3, 4]
    assert [tier.head_start / timedelta(hours=1) for tier in DEFAULT_TIERS] == [8, 4, 2, 0]


@pytest.mark.covers("B-05", "T-02")
@pytest.mark.parametrize(
    ("valid_from", "valid_until", "is_valid"),
    [
        (None, TODAY, True),
        (TODAY, TODAY, True),
        (TODAY - DAY, TODAY + DAY, True),
        (None, TODAY - DAY, False),
        (TODAY + DAY, TODAY + DAY, False),
        (TODAY - DAY, None, False),
        (None, None, False),
    ],
)
def test_a_certification_holds_between_its_dates(
    valid_from: date | None, valid_until: date | None, is_valid: bool
) -> None:
    assert Certification("ROBOT", valid_from, valid_until).is_valid_on(TODAY) is is_valid


@pytest.mark.parametrize(
    ("lines", "tier"),
    [
        ((), None),
        ((ProductLine("PUMP"),), None),
        ((ProductLine("PUMP", REGISTERED), ProductLine("ROBOT", GOLD), ProductLine("DRIVE", SILVER)), GOLD),
        ((ProductLine("PUMP"), ProductLine("ROBOT", PLATINUM)), PLATINUM),
    ],
)
def test_a_lead_needs_the_highest_tier_of_its_products(lines: tuple[ProductLine, ...], tier: object) -> None:
    assert highest_min_tier(lines) is tier

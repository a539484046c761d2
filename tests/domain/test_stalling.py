"""Leads that fall asleep, and long deals that are kept warm."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.errors import Invalid
from app.domain.stalling import (
    DEFAULT_STALL_RULES,
    StallAction,
    StallRules,
    is_follow_up_passed,
    nurture_touches,
    quiet_since,
    stall_times,
)

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
REMIND, TELL, RETURN = StallAction


def day(number: float) -> datetime:
    return START + timedelta(days=number)


@pytest.mark.covers("W-08")
def test_what_is_done_about_a_quiet_lead_and_when() -> None:
    assert stall_times(START) == ((REMIND, day(14)), (TELL, day(21)), (RETURN, day(30)))


@pytest.mark.parametrize(
    "wrong",
    [
        {"remind_after_days": 0},
        {"remind_after_days": 21},
        {"return_after_days": 20},
        {"tell_after_days": 14},
        {"nurture_every_days": 0},
    ],
)
def test_waits_must_grow(wrong: dict[str, int]) -> None:
    with pytest.raises(Invalid):
        StallRules(**wrong)


@pytest.mark.parametrize(
    ("follow_up_at", "quiet_from"),
    [
        (None, day(0)),
        (day(-3), day(0)),
        (day(45), day(45)),
        (day(180), day(180)),
        (day(2_000), day(180)),
    ],
    ids=["none", "before the activity", "agreed", "at the limit", "never meant"],
)
def test_an_agreed_follow_up_holds_the_clock_off(follow_up_at: datetime | None, quiet_from: datetime) -> None:
    assert quiet_since(day(0), follow_up_at, DEFAULT_STALL_RULES) == quiet_from


@pytest.mark.parametrize(
    ("follow_up_at", "last_activity_at", "passed"),
    [
        (None, None, False),
        (day(11), None, False),
        (day(10), None, True),
        (day(9), day(8), True),
        (day(9), day(9), False),
        (day(9), day(9.5), False),
    ],
)
def test_a_follow_up_passes_when_nothing_was_logged(
    follow_up_at: datetime | None, last_activity_at: datetime | None, passed: bool
) -> None:
    assert is_follow_up_passed(follow_up_at, last_activity_at, now=day(10)) is passed


@pytest.mark.covers("K-12")
@pytest.mark.parametrize(
    ("follow_up_at", "now", "days"),
    [
        (None, day(0), [30, 60, 90, 120, 150, 180]),
        (None, day(30), [60, 90, 120, 150, 180]),
        (None, day(29.9), [30, 60, 90, 120, 150, 180]),
        (None, day(180), []),
        (day(95), day(40), [120, 150, 180]),
        (day(20), day(40), [60, 90, 120, 150, 180]),
        (day(400), day(40), []),
    ],
)
def test_long_deals_are_kept_warm(follow_up_at: datetime | None, now: datetime, days: list[int]) -> None:
    assert nurture_touches(START, follow_up_at, now) == tuple(map(day, days))


def test_how_often_is_a_setting() -> None:
    rules = StallRules(nurture_every_days=45, nurture_until_day=100)
    assert nurture_touches(START, None, START, rules) == (day(45), day(90))

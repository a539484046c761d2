"""Who may take an offer now: every refusal with its rule, its number and its remedy."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.domain.claims import (
    CONTACT_WINDOW,
    HOT_CONTACT_WINDOW,
    ClaimFacts,
    ClaimGranted,
    ClaimRefused,
    ClaimRule,
    Declined,
    decide_claim,
    decide_decline,
)
from app.domain.distribution import DeclineReason, OfferAnswer
from app.domain.errors import Invalid
from app.domain.partners import PartnershipStatus

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
TICK = timedelta(microseconds=1)
FREE = ClaimFacts(now=NOW, visible_from=NOW, closes_at=NOW + HOUR)


@pytest.mark.covers("B-01", "B-06")
@pytest.mark.parametrize(
    "change",
    [
        {},
        {"closes_at": NOW + TICK},
        {"open_claims": 4, "claims_today": 9},
        {"open_claims": 99, "open_claim_cap": None, "claims_today": 99, "daily_claim_cap": None},
        {"on_leave_until": NOW, "suspended_until": NOW, "cool_down_until": NOW},
    ],
)
def test_granted(change: dict[str, Any]) -> None:
    assert decide_claim(replace(FREE, **change)) == ClaimGranted(CONTACT_WINDOW)


@pytest.mark.covers("W-12")
def test_a_hot_lead_is_called_sooner() -> None:
    assert decide_claim(replace(FREE, is_hot=True)).contact_window == HOT_CONTACT_WINDOW


def test_a_repeat_by_the_winner_is_granted_again() -> None:
    won = replace(FREE, answer=OfferAnswer.CLAIMED, is_round_open=False, taken_at=NOW, closes_at=NOW - HOUR)
    assert decide_claim(won).is_repeat


REFUSALS: list[tuple[dict[str, Any], ClaimRule]] = [
    ({"answer": OfferAnswer.DECLINED}, ClaimRule.ANSWERED),
    ({"taken_at": NOW - HOUR, "is_round_open": False}, ClaimRule.TAKEN),
    ({"taken_at": NOW - HOUR, "answer": OfferAnswer.LOST_RACE}, ClaimRule.TAKEN),
    ({"is_round_open": False}, ClaimRule.ROUND_CLOSED),
    ({"answer": OfferAnswer.WITHDRAWN}, ClaimRule.ROUND_CLOSED),
    ({"closes_at": NOW}, ClaimRule.WINDOW_CLOSED),
    ({"closes_at": NOW, "is_round_open": False}, ClaimRule.WINDOW_CLOSED),
    ({"is_eligible": False}, ClaimRule.NOT_ELIGIBLE),
    ({"status": PartnershipStatus.PAUSED}, ClaimRule.PARTNERSHIP),
    ({"status": PartnershipStatus.ENDED}, ClaimRule.PARTNERSHIP),
    ({"status": PartnershipStatus.SUSPENDED, "is_eligible": False}, ClaimRule.PARTNERSHIP),
    ({"is_eligible": False, "open_claims": 5}, ClaimRule.NOT_ELIGIBLE),
    ({"visible_from": NOW + TICK}, ClaimRule.HEAD_START),
    ({"on_leave_until": NOW + HOUR}, ClaimRule.ON_LEAVE),
    ({"suspended_until": NOW + HOUR}, ClaimRule.SUSPENDED),
    ({"cool_down_until": NOW + HOUR}, ClaimRule.COOL_DOWN),
    ({"open_claims": 5}, ClaimRule.OPEN_CAP),
    ({"open_claims": 2, "open_claim_cap": 2}, ClaimRule.OPEN_CAP),
    ({"open_claims": 0, "open_claim_cap": 0}, ClaimRule.OPEN_CAP),
    ({"claims_today": 10}, ClaimRule.DAILY_CAP),
]


@pytest.mark.covers("B-01", "T-05", "W-17")
@pytest.mark.parametrize(("change", "rule"), REFUSALS)
def test_refused_with_rule_and_remedy(change: dict[str, Any], rule: ClaimRule) -> None:
    with pytest.raises(ClaimRefused) as refusal:
        decide_claim(replace(FREE, **change))
    assert refusal.value.code == rule.value
    assert str(refusal.value.phrase)
    assert str(refusal.value.remedy)


@pytest.mark.parametrize(
    ("change", "number", "restored_at"),
    [
        ({"open_claims": 5}, 5, None),
        ({"claims_today": 10}, 10, None),
        ({"visible_from": NOW + HOUR}, None, NOW + HOUR),
        ({"suspended_until": NOW + HOUR}, None, NOW + HOUR),
        ({"cool_down_until": NOW + HOUR}, None, NOW + HOUR),
        ({"on_leave_until": NOW + HOUR}, None, NOW + HOUR),
    ],
)
def test_the_number_and_when_it_lifts(change: dict[str, Any], number: int | None, restored_at: datetime | None) -> None:
    with pytest.raises(ClaimRefused) as refusal:
        decide_claim(replace(FREE, **change))
    assert (refusal.value.number, refusal.value.restored_at) == (number, restored_at)


def test_a_refusal_reads_like_a_sentence() -> None:
    with pytest.raises(ClaimRefused) as refusal:
        decide_claim(replace(FREE, open_claims=6))
    assert str(refusal.value) == "You hold 6 leads without a contact attempt; the limit is 5."
    assert (
        str(refusal.value.remedy)
        == "Log a contact attempt for one of them, or ask your channel manager to give it to somebody else."
    )


def test_a_full_or_paused_partner_may_decline() -> None:
    full = replace(FREE, open_claims=9, status=PartnershipStatus.PAUSED, visible_from=NOW + HOUR)
    assert decide_decline(full, reason=DeclineReason.NO_CAPACITY) == Declined(DeclineReason.NO_CAPACITY)


def test_declining_twice_changes_nothing() -> None:
    declined = replace(FREE, answer=OfferAnswer.DECLINED)
    assert decide_decline(declined, reason=DeclineReason.WRONG_FIT).is_repeat


@pytest.mark.parametrize(
    "change", [{"answer": OfferAnswer.CLAIMED}, {"taken_at": NOW}, {"closes_at": NOW}, {"is_round_open": False}]
)
def test_nothing_left_to_decline(change: dict[str, Any]) -> None:
    with pytest.raises(ClaimRefused):
        decide_decline(replace(FREE, **change), reason=DeclineReason.WRONG_FIT)


def test_another_reason_needs_words() -> None:
    with pytest.raises(Invalid) as problem:
        decide_decline(FREE, reason=DeclineReason.OTHER, text="  ")
    assert set(problem.value.fields) == {"text"}
    assert decide_decline(FREE, reason=DeclineReason.OTHER, text=" too far ").text == "too far"

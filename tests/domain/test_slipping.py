"""Why a lead is about to be lost, as rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.deadlines import DeadlineKind
from app.domain.distribution import RoundKind
from app.domain.money import Money
from app.domain.phrases import Phrase
from app.domain.slipping import (
    ALSO_PROMISED,
    SLIP_HEADINGS,
    Hindrance,
    SlipFacts,
    SlipKind,
    slip_reason,
    urgency,
    what_is_promised,
)

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.mark.covers("A-03", "A-04")
def test_the_most_urgent_is_hot_then_worth_most_then_due_first() -> None:
    def at(hours: int | None, euros: int | None, *, is_hot: bool = False) -> tuple[object, ...]:
        worth = Money(euros * 100, "EUR") if euros is not None else None
        due_at = NOW + timedelta(hours=hours) if hours is not None else None
        return urgency(is_hot=is_hot, worth=worth, due_at=due_at, since=NOW)

    in_order = [
        at(9, 100, is_hot=True),
        at(9, 300_000),
        at(1, 60_000),
        at(5, 70_000),
        at(None, 70_000),
        at(1, 100),
        at(1, None),
    ]
    assert sorted(in_order[3:] + in_order[:3]) == in_order


@pytest.mark.parametrize("kind", SlipKind)
@pytest.mark.parametrize("round_kind", [None, RoundKind.BOARD, RoundKind.DIRECT])
def test_every_group_has_a_name_and_a_reason_that_can_be_read(kind: SlipKind, round_kind: RoundKind | None) -> None:
    facts = SlipFacts(round_kind=round_kind, holder="Nordwind", question=Phrase("Duplicate"), quiet_since=NOW)
    assert SLIP_HEADINGS[kind] and str(slip_reason(kind, facts))


def test_the_reason_counts_what_stands_in_the_way() -> None:
    facts = SlipFacts(hindrances={Hindrance.AWAY: 1, Hindrance.DECLINED: 3})
    assert "3 declined, 1 away" in str(slip_reason(SlipKind.NOBODY_LEFT, facts))


@pytest.mark.parametrize("kind", ALSO_PROMISED)
def test_every_other_promise_is_said_with_its_time(kind: DeadlineKind) -> None:
    assert "12:00" in str(what_is_promised(kind, NOW))

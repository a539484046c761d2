"""Working a lead."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.domain.cockpit import (
    OPEN_STAGES,
    ActivityKind,
    Closed,
    ContactOutcome,
    DutyFacts,
    DutyOf,
    StaleEdit,
    counts_as_reached,
    decide_edit,
    decide_lost,
    decide_stage_change,
    decide_won,
    is_contact_attempt,
    next_duty,
)
from app.domain.distribution import RoundKind
from app.domain.errors import Invalid, Refused
from app.domain.leads import LeadState, LostReason, Stage
from app.domain.money import Money

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
NOT_WORKED = [state for state in LeadState if state is not LeadState.ASSIGNED]


@pytest.mark.covers("K-03")
@pytest.mark.parametrize(
    ("kind", "outcome", "is_attempt", "is_reached"),
    [
        (ActivityKind.CALL, ContactOutcome.REACHED, True, True),
        (ActivityKind.CALL, ContactOutcome.NOT_REACHED, True, False),
        (ActivityKind.CALL, ContactOutcome.WRONG_CONTACT, True, False),
        (ActivityKind.EMAIL, ContactOutcome.REPLIED, True, True),
        (ActivityKind.MEETING, ContactOutcome.REACHED, True, True),
        (ActivityKind.VISIT, ContactOutcome.NOT_REACHED, True, False),
        (ActivityKind.MESSAGE, ContactOutcome.REPLIED, True, True),
        (ActivityKind.CALL, None, False, False),
        (ActivityKind.QUOTE, ContactOutcome.REACHED, False, False),
        (ActivityKind.NOTE, ContactOutcome.REACHED, False, False),
        (ActivityKind.NOTE, None, False, False),
    ],
)
def test_attempts_and_reached_are_counted_apart(
    kind: ActivityKind, outcome: ContactOutcome | None, is_attempt: bool, is_reached: bool
) -> None:
    assert is_contact_attempt(kind, outcome) is is_attempt
    assert counts_as_reached(kind, outcome) is is_reached


def test_an_edit_changes_what_differs() -> None:
    changed = decide_edit(3, 3, mine={"stage": "proposal", "follow_up_on": None}, theirs={"stage": "new", "version": 3})
    assert changed == {"stage": "proposal"}


@pytest.mark.covers("K-01")
def test_a_stale_edit_is_refused_with_both_versions() -> None:
    with pytest.raises(StaleEdit) as refusal:
        decide_edit(3, 4, mine={"stage": "proposal", "note": "x"}, theirs={"stage": "qualified", "note": "x"})
    assert refusal.value.code == "stale_edit"
    assert (refusal.value.mine, refusal.value.theirs) == ({"stage": "proposal"}, {"stage": "qualified"})
    assert refusal.value.current_version == 4


def test_a_stale_edit_that_says_the_same_is_no_conflict() -> None:
    assert decide_edit(3, 4, mine={"stage": "proposal"}, theirs={"stage": "proposal"}) == {}


@pytest.mark.covers("K-01")
@pytest.mark.parametrize("after", OPEN_STAGES)
def test_open_stages(after: Stage) -> None:
    assert decide_stage_change(LeadState.ASSIGNED, after) is after


@pytest.mark.parametrize("after", [Stage.WON, Stage.LOST])
def test_winning_and_losing_is_closing(after: Stage) -> None:
    with pytest.raises(Refused) as refusal:
        decide_stage_change(LeadState.ASSIGNED, after)
    assert refusal.value.code == "close_instead"


@pytest.mark.parametrize("state", NOT_WORKED)
def test_a_lead_nobody_works_is_neither_moved_nor_closed(state: LeadState) -> None:
    for attempt in (
        lambda: decide_stage_change(state, Stage.CONTACTED),
        lambda: decide_won(state),
        lambda: decide_lost(state, reason=LostReason.PRICE),
    ):
        with pytest.raises(Refused) as refusal:
            attempt()
        assert refusal.value.code == "not_assigned"


@pytest.mark.covers("K-08")
def test_closing() -> None:
    revenue = Money(4_200_000, "EUR")
    assert decide_won(LeadState.ASSIGNED, revenue=revenue) == Closed(LeadState.WON, Stage.WON, revenue=revenue)
    assert decide_won(LeadState.ASSIGNED).revenue is None
    lost = decide_lost(LeadState.ASSIGNED, reason=LostReason.COMPETITOR, competitor=" Globex ", text=" faster ")
    assert lost == Closed(LeadState.LOST, Stage.LOST, None, LostReason.COMPETITOR, "Globex", "faster")
    assert decide_lost(LeadState.ASSIGNED, reason=LostReason.PRICE, competitor="Globex").lost_to == ""


@pytest.mark.covers("K-07")
@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"reason": None}, "lost_reason"),
        ({"reason": LostReason.COMPETITOR, "competitor": " "}, "lost_to"),
        ({"reason": LostReason.OTHER}, "text"),
    ],
)
def test_losing_needs_its_reason(said: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as problem:
        decide_lost(LeadState.ASSIGNED, **said)
    assert set(problem.value.fields) == {field}


def test_revenue_is_not_negative() -> None:
    with pytest.raises(Invalid) as problem:
        decide_won(LeadState.ASSIGNED, revenue=Money(-1, "EUR"))
    assert set(problem.value.fields) == {"revenue"}


@pytest.mark.parametrize(
    ("facts", "who", "due_at", "is_overdue"),
    [
        (DutyFacts(LeadState.RECEIVED), DutyOf.MANUFACTURER, None, False),
        (DutyFacts(LeadState.IN_REVIEW), DutyOf.MANUFACTURER, None, False),
        (DutyFacts(LeadState.NURTURING), DutyOf.MANUFACTURER, None, False),
        (DutyFacts(LeadState.DISTRIBUTING, RoundKind.BOARD, LATER), DutyOf.PARTNERS, LATER, False),
        (DutyFacts(LeadState.DISTRIBUTING, RoundKind.PUSH, NOW), DutyOf.PARTNERS, NOW, True),
        (DutyFacts(LeadState.DISTRIBUTING, RoundKind.OWNER, LATER), DutyOf.PARTNERS, LATER, False),
        (DutyFacts(LeadState.DISTRIBUTING, RoundKind.OWNER, LATER, round_answer_by=NOW), DutyOf.PARTNERS, NOW, True),
        (DutyFacts(LeadState.DISTRIBUTING, RoundKind.DIRECT, LATER), DutyOf.MANUFACTURER, LATER, False),
        (DutyFacts(LeadState.DISTRIBUTING), DutyOf.MANUFACTURER, None, False),
        (DutyFacts(LeadState.ASSIGNED, contact_due_at=LATER), DutyOf.PARTNER, LATER, False),
        (DutyFacts(LeadState.ASSIGNED, contact_due_at=NOW), DutyOf.PARTNER, NOW, True),
        (
            DutyFacts(LeadState.ASSIGNED, contact_attempts=1, contact_due_at=NOW, follow_up_at=LATER),
            DutyOf.PARTNER,
            LATER,
            False,
        ),
        (DutyFacts(LeadState.ASSIGNED, contact_attempts=1), DutyOf.PARTNER, None, False),
        (DutyFacts(LeadState.WON), DutyOf.NOBODY, None, False),
        (DutyFacts(LeadState.ERASED), DutyOf.NOBODY, None, False),
    ],
)
def test_whose_turn_it_is(facts: DutyFacts, who: DutyOf, due_at: datetime | None, is_overdue: bool) -> None:
    duty = next_duty(facts, NOW)
    assert (duty.who, duty.due_at, duty.is_overdue) == (who, due_at, is_overdue)
    assert str(duty.what)


@pytest.mark.parametrize("state", LeadState)
@pytest.mark.parametrize("kind", [None, *RoundKind])
def test_there_is_always_a_top_line(state: LeadState, kind: RoundKind | None) -> None:
    assert str(next_duty(DutyFacts(state, kind), NOW).what)

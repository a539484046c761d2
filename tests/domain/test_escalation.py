"""What follows when nobody answers or calls."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.deadlines import Clock, Span
from app.domain.errors import Invalid
from app.domain.escalation import (
    ESCALATION_LABELS,
    EscalationAction,
    EscalationLadder,
    LadderStep,
    ReRoutedTo,
    decide_re_route,
    default_ladder,
    step_times,
    what_happens_next,
)
from app.domain.identity import OrganisationKind
from app.domain.working_time import WorkingCalendar
from app.domain.working_week_text import parse_week

SALES, CHANNEL, RE_ROUTE = EscalationAction
BERLIN = ZoneInfo("Europe/Berlin")
CALENDAR = WorkingCalendar("Europe/Berlin", parse_week("mon-fri 10:00-18:00"))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def ladder(*waits: Span) -> EscalationLadder:
    actions = list(EscalationAction)[: len(waits)]
    return EscalationLadder(tuple(LadderStep(action, wait, wait) for action, wait in zip(actions, waits, strict=True)))


def minutes(count: int, clock: Clock = Clock.WORKING) -> Span:
    return Span(minutes=count, clock=clock)


@pytest.mark.covers("W-02", "W-03", "W-04", "W-05")
@pytest.mark.parametrize(
    ("start", "is_hot", "due"),
    [
        ("2026-11-18T10:00", False, ["2026-11-18T14:00", "2026-11-18T18:00", "2026-11-20T18:00"]),
        ("2026-11-18T15:00", False, ["2026-11-19T11:00", "2026-11-19T15:00", "2026-11-23T15:00"]),
        ("2026-11-20T19:00", False, ["2026-11-23T14:00", "2026-11-23T18:00", "2026-11-25T18:00"]),
        ("2026-11-18T10:00", True, ["2026-11-18T10:05", "2026-11-18T10:15", "2026-11-18T11:00"]),
        ("2026-11-18T17:50", True, ["2026-11-18T17:55", "2026-11-19T10:05", "2026-11-19T10:50"]),
    ],
)
def test_the_steps_of_the_default_ladder(start: str, is_hot: bool, due: list[str]) -> None:
    times = step_times(default_ladder(), CALENDAR, at(start), is_hot=is_hot)
    assert [time.step.action for time in times] == [SALES, CHANNEL, RE_ROUTE]
    assert [time.due_at for time in times] == [at(text) for text in due]


def test_a_step_on_another_clock_never_overtakes() -> None:
    mixed = ladder(minutes(4 * 60), minutes(8 * 60, Clock.WALL), minutes(10 * 60))
    friday_evening = at("2026-11-20T17:00")
    due = [time.due_at for time in step_times(mixed, CALENDAR, friday_evening, is_hot=False)]
    assert due == [at("2026-11-23T13:00"), at("2026-11-23T13:00"), at("2026-11-24T11:00")]


def test_days_and_hours_may_be_mixed() -> None:
    due = [
        time.due_at
        for time in step_times(ladder(minutes(4 * 60), Span(days=1)), CALENDAR, at("2026-11-18T15:00"), is_hot=False)
    ]
    assert due == [at("2026-11-19T11:00"), at("2026-11-19T15:00")]


@given(
    start=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),
    waits=st.lists(st.tuples(st.integers(1, 6_000), st.sampled_from(Clock)), min_size=3, max_size=3, unique=True),
)
def test_steps_always_come_in_order_and_never_early(start: datetime, waits: list[tuple[int, Clock]]) -> None:
    chosen = ladder(*(minutes(count, clock) for count, clock in sorted(waits)))
    begun = start.replace(tzinfo=UTC)
    times = step_times(chosen, CALENDAR, begun, is_hot=False)
    assert all(before.due_at <= after.due_at for before, after in pairwise(times))
    assert all(time.due_at >= begun + timedelta(minutes=time.step.after.minutes) for time in times)


@pytest.mark.parametrize(
    ("steps", "field"),
    [
        ([(SALES, 60), (SALES, 120)], "ladder"),
        ([(SALES, 60), (RE_ROUTE, 120), (CHANNEL, 180)], "ladder"),
        ([(SALES, 60), (CHANNEL, 60)], "alert_channel_manager_after"),
        ([(SALES, 60), (CHANNEL, 30)], "alert_channel_manager_after"),
        ([(SALES, 60), (CHANNEL, 90), (RE_ROUTE, 80)], "re_route_after"),
        ([(SALES, 0)], "alert_sales_manager_after"),
    ],
    ids=["twice", "after the re-routing", "at once", "falling", "the last falls", "without a wait"],
)
def test_ladders_that_make_no_sense(steps: list[tuple[EscalationAction, int]], field: str) -> None:
    usual = [LadderStep(action, minutes(wait), minutes(1 + place)) for place, (action, wait) in enumerate(steps)]
    hot = [LadderStep(action, minutes(1 + place), minutes(wait)) for place, (action, wait) in enumerate(steps)]
    for wrong, where in ((usual, field), (hot, field.replace("_after", "_hot_after"))):
        with pytest.raises(Invalid) as refusal:
            EscalationLadder(tuple(wrong))
        assert set(refusal.value.fields) == {where}


def test_a_step_that_comes_too_soon_is_told_how_long_it_must_wait() -> None:
    with pytest.raises(Invalid) as refusal:
        ladder(minutes(60), minutes(90, Clock.WALL), Span(minutes=45))
    assert set(refusal.value.fields) == {"re_route_after"}
    assert str(refusal.value.phrase).startswith("Choose more than 1 working hour, or shorten the step before")


def test_a_step_cannot_wait_for_the_end_of_a_day() -> None:
    with pytest.raises(Invalid):
        ladder(Span(is_same_day=True))


@pytest.mark.parametrize("kept", [default_ladder(), EscalationLadder(()), ladder(Span(days=1, clock=Clock.WALL))])
def test_a_ladder_can_be_kept(kept: EscalationLadder) -> None:
    assert EscalationLadder.from_json(kept.to_json()) == kept


def test_a_ladder_without_steps_has_no_consequences() -> None:
    assert step_times(EscalationLadder(()), CALENDAR, at("2026-11-18T10:00"), is_hot=True) == ()


@pytest.mark.parametrize("action", EscalationAction)
def test_each_side_is_told_in_its_own_words(action: EscalationAction) -> None:
    step = next(step for step in default_ladder().steps if step.action is action)
    due_at = at("2026-11-18T14:00")
    told = {side: what_happens_next(step.action, due_at, side) for side in OrganisationKind}
    assert all(phrase.values == {"due_at": due_at} for phrase in told.values())
    assert len({str(phrase) for phrase in told.values()}) == len(OrganisationKind)
    assert ESCALATION_LABELS[action]


@pytest.mark.covers("W-05", "W-07")
@pytest.mark.parametrize(
    ("backup", "has_round", "target"),
    [
        (True, True, ReRoutedTo.BACKUP),
        (True, False, ReRoutedTo.BACKUP),
        (False, True, ReRoutedTo.PLAN),
        (False, False, ReRoutedTo.DIRECT),
    ],
)
def test_where_a_re_routed_lead_goes(backup: bool, has_round: bool, target: ReRoutedTo) -> None:
    assert decide_re_route(may_backup_take_it=backup, has_next_round=has_round) is target

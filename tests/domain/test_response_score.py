"""Use it or lose it: the published score."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Invalid
from app.domain.response_score import (
    DEFAULT_POINTS,
    RESPONSE_LABELS,
    ResponseEntry,
    ResponseKind,
    ResponseRules,
    ResponseScore,
    StandingStep,
    decide_standing,
    how_to_mend,
    is_slow,
    next_lapse,
    published_formula,
    score_of,
)

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
TOOK, DECLINED, FEEDBACK, SILENT, RE_ROUTED = ResponseKind
ENTRIES = st.lists(
    st.builds(
        ResponseEntry,
        st.sampled_from(ResponseKind),
        st.datetimes(datetime(2026, 6, 1), datetime(2026, 12, 31), timezones=st.just(UTC)),
    ),
    max_size=60,
)


def days_ago(number: float, kind: ResponseKind) -> ResponseEntry:
    return ResponseEntry(kind, NOW - timedelta(days=number))


def yesterday(*kinds: ResponseKind) -> list[ResponseEntry]:
    return [days_ago(1, kind) for kind in kinds]


@pytest.mark.covers("W-14", "W-15")
@pytest.mark.parametrize(
    ("kinds", "value"),
    [
        ((), 100),
        ((TOOK,), 102),
        ((DECLINED,), 101),
        ((FEEDBACK,), 101),
        ((SILENT,), 95),
        ((RE_ROUTED,), 95),
        ((TOOK, SILENT, DECLINED, FEEDBACK, RE_ROUTED), 94),
        ((TOOK,) * 15, 120),
        ((SILENT,) * 25, 0),
        # Bounds hold at every step: what is beyond them is not saved up.
        ((TOOK,) * 15 + (SILENT,), 115),
        ((SILENT,) * 25 + (TOOK,), 2),
    ],
)
def test_what_each_answer_is_worth(kinds: tuple[ResponseKind, ...], value: int) -> None:
    assert score_of(yesterday(*kinds), NOW).value == value


@pytest.mark.parametrize(("age", "value"), [(0, 95), (89.9, 95), (90, 100), (200, 100)])
def test_infractions_lapse_after_ninety_days(age: float, value: int) -> None:
    score = score_of([days_ago(age, SILENT)], NOW)
    assert score.value == value
    assert [(line.points, line.is_lapsed, line.value_after) for line in score.lines] == [(-5, value == 100, value)]


def test_what_was_done_well_does_not_lapse() -> None:
    [line] = score_of([days_ago(400, TOOK)], NOW).lines
    assert (line.lapses_at, line.is_lapsed, line.value_after) == (None, False, 102)


def test_lines_come_in_order_of_time_and_show_the_way() -> None:
    score = score_of([days_ago(1, SILENT), days_ago(3, TOOK), days_ago(2, DECLINED)], NOW)
    assert [(line.kind, line.value_after) for line in score.lines] == [(TOOK, 102), (DECLINED, 103), (SILENT, 98)]


def test_the_same_entries_tell_the_score_of_any_day() -> None:
    entries = [days_ago(10, SILENT), days_ago(5, TOOK), days_ago(1, SILENT)]
    assert [score_of(entries, NOW - timedelta(days=age)).value for age in (11, 10, 5, 0)] == [100, 95, 97, 92]


def test_what_was_kept_is_not_judged_by_later_rules() -> None:
    rules = ResponseRules(points=DEFAULT_POINTS | {SILENT: -9})
    kept = ResponseEntry(SILENT, NOW, points=-5)
    assert score_of([kept], NOW, rules).value == 95
    assert score_of(yesterday(SILENT), NOW, rules).value == 91


@given(ENTRIES)
def test_a_score_stays_in_bounds_and_follows_from_its_lines(entries: list[ResponseEntry]) -> None:
    score = score_of(entries, NOW)
    values = [100, *(line.value_after for line in score.lines)]
    assert values[-1] == score.value
    assert all(0 <= value <= 120 for value in values)
    for line, (before, after) in zip(score.lines, pairwise(values), strict=True):
        assert after == (before if line.is_lapsed else min(120, max(0, before + line.points)))


@given(ENTRIES)
def test_waiting_never_lowers_a_score(entries: list[ResponseEntry]) -> None:
    last = max((entry.at for entry in entries), default=NOW)
    assert score_of(entries, last).value <= score_of(entries, last + timedelta(days=45)).value


@given(ENTRIES, st.sampled_from([TOOK, DECLINED, FEEDBACK]))
def test_answering_never_costs_anything(entries: list[ResponseEntry], answer: ResponseKind) -> None:
    assert score_of([*entries, ResponseEntry(answer, NOW)], NOW).value >= score_of(entries, NOW).value


@pytest.mark.covers("W-15")
@pytest.mark.parametrize(
    ("before", "after", "earlier", "is_suspended", "step", "review"),
    [
        (75, 70, 0, False, None, False),
        (72, 67, 0, False, StandingStep.WARNING, False),
        (70, 65, 5, False, StandingStep.WARNING, False),
        (67, 62, 0, False, None, False),
        (67, 69, 0, False, None, False),
        (55, 50, 0, False, None, False),
        (52, 47, 0, False, StandingStep.SUSPENSION, False),
        (72, 47, 0, False, StandingStep.SUSPENSION, False),
        (47, 42, 0, True, None, False),
        (47, 42, 1, False, StandingStep.SUSPENSION, True),
        (52, 47, 1, False, StandingStep.SUSPENSION, True),
        (52, 47, 3, False, StandingStep.SUSPENSION, True),
        (42, 44, 1, False, None, False),
        (44, 44, 1, False, None, False),
    ],
)
def test_what_a_fallen_score_leads_to(
    before: int, after: int, earlier: int, is_suspended: bool, step: StandingStep | None, review: bool
) -> None:
    change = decide_standing(before, after, earlier, is_suspended=is_suspended)
    if step is None:
        assert change is None
        return
    assert change is not None
    assert (change.step, change.needs_territory_review) == (step, review)
    assert change.suspended_for == (timedelta(days=14) if step is StandingStep.SUSPENSION else None)
    assert change.reason.values["score"] == after


def test_limits_are_a_setting() -> None:
    rules = ResponseRules(warn_below=90, suspend_below=80, suspension_days=7, suspensions_until_review=1)
    change = decide_standing(82, 77, 0, rules=rules)
    assert change is not None
    assert (change.suspended_for, change.needs_territory_review) == (timedelta(days=7), True)


@pytest.mark.covers("W-15")
def test_the_way_back_up_is_said() -> None:
    assert not how_to_mend(score_of(yesterday(SILENT), NOW)).values
    low = score_of([days_ago(30, SILENT)] * 2 + yesterday(*[SILENT] * 8), NOW)
    lapsing = next_lapse(low)
    assert lapsing is not None
    told = how_to_mend(low)
    assert told.values["lapses_at"] == lapsing.lapses_at == NOW + timedelta(days=60)
    assert told.values["points"] == 5
    assert "Points missing to 70: 20." in str(told)


def test_without_anything_to_lapse_only_answers_help() -> None:
    score = ResponseScore(60)
    assert next_lapse(score) is None
    assert str(how_to_mend(score)).startswith("Points missing to 70: 10.")


def test_a_lapsed_infraction_is_not_the_next_to_lapse() -> None:
    lapsing = next_lapse(score_of([days_ago(100, SILENT), days_ago(20, RE_ROUTED)], NOW))
    assert lapsing is not None
    assert lapsing.kind is RE_ROUTED


def test_the_formula_is_published_with_every_number() -> None:
    text = " ".join(map(str, published_formula()))
    assert all(label in text for label in RESPONSE_LABELS.values())
    for number in ("100", "0 to 120", "+2", "+1", "−5", "90 days", "70", "50", "14 days", "2."):
        assert number in text


def test_the_formula_shows_the_points_that_are_set() -> None:
    text = " ".join(map(str, published_formula(ResponseRules(points=DEFAULT_POINTS | {SILENT: -7, DECLINED: 0}))))
    assert f"{RESPONSE_LABELS[SILENT]}: −7" in text
    assert RESPONSE_LABELS[DECLINED] not in text, "what moves nothing is not told"


@pytest.mark.parametrize("wrong", [{DECLINED: -1}, {TOOK: -2}, {SILENT: 1}])
def test_answering_costs_nothing_and_silence_gives_nothing(wrong: dict[ResponseKind, int]) -> None:
    with pytest.raises(Invalid) as refusal:
        ResponseRules(points=DEFAULT_POINTS | wrong)
    assert "points" in refusal.value.fields


@pytest.mark.parametrize("wrong", [{"warn_below": 50}, {"start": 130}, {"lowest": 60}, {"start": 60}])
def test_limits_must_be_in_order(wrong: dict[str, int]) -> None:
    with pytest.raises(Invalid):
        ResponseRules(**wrong)  # type: ignore[arg-type]


@pytest.mark.covers("W-14")
@pytest.mark.parametrize(
    ("score", "asked", "answered", "expected"),
    [
        (69, 0, 0, True),
        (70, 0, 0, False),
        (100, 3, 1, True),
        (100, 4, 2, False),
        (100, 2, 0, False),
        (100, 3, 3, False),
    ],
)
def test_slow_is_a_low_score_or_silence_more_often_than_not(
    score: int, asked: int, answered: int, *, expected: bool
) -> None:
    assert is_slow(score, asked=asked, answered=answered) is expected

"""Who is there, and who acts for whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.availability import (
    ABSENCE_LABELS,
    Absence,
    AbsenceKind,
    Availability,
    BoardEffect,
    availability,
    deputy_of,
    not_this_week,
    returns_at,
)
from app.domain.errors import Invalid
from app.domain.working_time import WorkingCalendar
from app.domain.working_week_text import parse_week

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
BERLIN = "Europe/Berlin"
CALENDAR = WorkingCalendar(BERLIN, parse_week("mon-fri 10:00-18:00"), frozenset({date(2026, 12, 28)}))
PAUSE, VACATION, NOT_THIS_WEEK = AbsenceKind


def day(number: float) -> datetime:
    return NOW + timedelta(days=number)


def away(begins: float, ends: float | None, deputy: int | None = None, kind: AbsenceKind = VACATION) -> Absence:
    return Absence(kind, day(begins), None if ends is None else day(ends), deputy)


def is_away(absences: list[Absence], moment: datetime) -> bool:
    return any(absence.holds_at(moment) for absence in absences)


ABSENCES = st.lists(
    st.builds(
        lambda begins, length, kind: away(begins, begins + length, kind=kind),
        st.integers(-20, 20),
        st.integers(1, 10),
        st.sampled_from(AbsenceKind),
    ),
    max_size=8,
)


@pytest.mark.covers("T-15")
@pytest.mark.parametrize(
    ("absences", "is_gone", "back"),
    [
        ([], False, NOW),
        ([away(-2, 3)], True, day(3)),
        ([away(0, 1)], True, day(1)),
        ([away(-1, 0)], False, NOW),
        ([away(1, 3)], False, NOW),
        ([away(-2, 3), away(3, 5)], True, day(5)),
        ([away(2, 9), away(-2, 3)], True, day(9)),
        ([away(-2, 3), away(4, 5)], True, day(3)),
        ([away(-2, 9), away(-1, 1)], True, day(9)),
        ([away(-2, None)], True, None),
        ([away(-2, 1), away(1, None)], True, None),
        ([away(-2, 1), away(2, None)], True, day(1)),
    ],
)
def test_who_is_away_and_until_when(absences: list[Absence], is_gone: bool, back: datetime | None) -> None:
    assert is_away(absences, NOW) is is_gone
    assert returns_at(absences, NOW) == back


@given(ABSENCES)
def test_the_return_is_the_first_moment_there(absences: list[Absence]) -> None:
    back = returns_at(absences, NOW)
    assert back is not None
    assert not is_away(absences, back)
    assert all(is_away(absences, day(number)) for number in range(40) if day(number) < back)


@pytest.mark.covers("T-15", "W-17")
@pytest.mark.parametrize(
    ("absences", "wanted"),
    [
        ([], Availability(BoardEffect.SHOWN, may_claim=True, is_pushed=True, until=None)),
        ([away(1, 2)], Availability(BoardEffect.SHOWN, may_claim=True, is_pushed=True, until=None)),
        (
            [away(-1, None, kind=PAUSE)],
            Availability(BoardEffect.MUTED, may_claim=False, is_pushed=False, until=None),
        ),
        (
            [away(-1, 2, kind=VACATION)],
            Availability(BoardEffect.MUTED, may_claim=False, is_pushed=False, until=day(2)),
        ),
        (
            [away(-1, 2, kind=NOT_THIS_WEEK)],
            Availability(BoardEffect.MUTED, may_claim=True, is_pushed=False, until=day(2)),
        ),
        (
            [away(-1, 4, kind=NOT_THIS_WEEK), away(-2, 2, kind=VACATION)],
            Availability(BoardEffect.MUTED, may_claim=False, is_pushed=False, until=day(4)),
        ),
        (
            [away(-1, 4, kind=NOT_THIS_WEEK), replace(away(-3, -2), hides_board=True)],
            Availability(BoardEffect.MUTED, may_claim=True, is_pushed=False, until=day(4)),
        ),
        (
            [away(-1, 4, kind=PAUSE), replace(away(-2, 2, kind=NOT_THIS_WEEK), hides_board=True)],
            Availability(BoardEffect.HIDDEN, may_claim=False, is_pushed=False, until=day(4)),
        ),
    ],
)
def test_what_an_absence_does(absences: list[Absence], wanted: Availability) -> None:
    assert availability(absences, NOW) == wanted


@given(ABSENCES)
def test_who_is_away_is_never_pushed(absences: list[Absence]) -> None:
    assert availability(iter(absences), NOW).is_pushed is not is_away(absences, NOW)


def test_every_kind_has_a_name() -> None:
    assert set(ABSENCE_LABELS) == set(AbsenceKind)


@pytest.mark.covers("W-17")
@pytest.mark.parametrize(
    ("absences", "deputy"),
    [
        ({}, 1),
        ({1: [away(1, 2, deputy=2)]}, 1),
        ({1: [away(-1, 1, deputy=2)]}, 2),
        ({1: [away(-1, 1, deputy=2)], 2: [away(-1, 1, deputy=3)]}, 3),
        ({1: [away(-1, 1)]}, None),
        ({1: [away(-1, 1, deputy=2)], 2: [away(-1, 1)]}, None),
        ({1: [away(-1, 1, deputy=1)]}, None),
        ({1: [away(-1, 1, deputy=2)], 2: [away(-1, 1, deputy=1)]}, None),
        ({1: [away(-1, 1, deputy=2)], 2: [away(-1, 1, deputy=3)], 3: [away(-1, 1, deputy=2)]}, None),
        ({1: [away(-1, 1, deputy=9)]}, None),
        ({1: [away(-1, 1, deputy=3), away(-2, 1, deputy=2)]}, 2),
        ({1: [away(-1, 1, deputy=3), away(-2, 1)]}, 3),
    ],
)
def test_who_acts_for_whom(absences: dict[int, list[Absence]], deputy: int | None) -> None:
    assert deputy_of(1, absences, NOW, gone={9}) == deputy


@given(st.dictionaries(st.integers(1, 6), st.integers(1, 6), max_size=6), st.integers(1, 6))
def test_chains_of_deputies_end_with_somebody_there(deputies: dict[int, int], first: int) -> None:
    absences = {user: [away(-1, 1, deputy=deputy)] for user, deputy in deputies.items()}
    assert deputy_of(first, absences, NOW) not in absences


def test_an_absence_ends_after_it_starts() -> None:
    for ends in (0, -1):
        with pytest.raises(Invalid):
            away(0, ends)


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        ("2026-11-18T12:00", "2026-11-23T10:00"),
        ("2026-11-16T09:00", "2026-11-23T10:00"),
        ("2026-11-20T17:59", "2026-11-23T10:00"),
        # No working time is left: the coming week is meant.
        ("2026-11-20T18:00", "2026-11-30T10:00"),
        ("2026-11-22T20:00", "2026-11-30T10:00"),
        # A holiday on Monday; the clocks change on Sunday.
        ("2026-12-22T12:00", "2026-12-29T10:00"),
        ("2026-10-21T12:00", "2026-10-26T10:00"),
    ],
)
def test_not_this_week(now: str, ends: str) -> None:
    zone = ZoneInfo(BERLIN)
    begun = datetime.fromisoformat(now).replace(tzinfo=zone)
    absence = not_this_week(CALENDAR, begun)
    assert (absence.kind, absence.starts_at) == (NOT_THIS_WEEK, begun)
    assert absence.ends_at == datetime.fromisoformat(ends).replace(tzinfo=zone)

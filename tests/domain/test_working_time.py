"""Working time: the vectors of domain.md §6, the clock changes, and what must hold for every calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.working_time import (
    NeverOpen,
    WorkingCalendar,
    WorkingHours,
    add_working_time,
    end_of_working_day,
    is_open_at,
    next_working_moment,
    working_time_between,
)
from app.domain.working_week_text import parse_week

BERLIN, NEW_YORK, TOKYO = "Europe/Berlin", "America/New_York", "Asia/Tokyo"
TEN_TO_SIX = parse_week("mon-fri 10:00-18:00")
WITH_BREAK = parse_week("mon-thu 08:00-12:00, 13:00-17:00; fri 08:00-14:00")
ROUND_THE_CLOCK = parse_week("mon-sun 00:00-24:00")
NIGHTS = parse_week("mon-sun 00:00-04:00")


def at(text: str, time_zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(time_zone))


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


@pytest.mark.parametrize("time_zone", [BERLIN, NEW_YORK, TOKYO])
@pytest.mark.parametrize(
    ("start", "days", "length", "due"),
    [
        # The four vectors of domain.md §6; 2026-11-18 is a Wednesday.
        ("2026-11-18T15:00", 0, 10, "2026-11-19T17:00"),
        ("2026-11-18T15:00", 1, 10, "2026-11-20T17:00"),
        ("2026-11-18T20:00", 0, 10, "2026-11-20T12:00"),
        ("2026-11-18T20:00", 1, 10, "2026-11-23T12:00"),
        # What is used up exactly at closing is due at closing.
        ("2026-11-18T10:00", 0, 8, "2026-11-18T18:00"),
        ("2026-11-18T14:00", 0, 4, "2026-11-18T18:00"),
        ("2026-11-18T14:00", 0, 4.5, "2026-11-19T10:30"),
        # Time starts to count at the first working moment; closing time is not one.
        ("2026-11-18T18:00", 0, 1, "2026-11-19T11:00"),
        ("2026-11-18T06:00", 0, 1, "2026-11-18T11:00"),
        ("2026-11-21T12:00", 0, 1, "2026-11-23T11:00"),
        ("2026-11-21T12:00", 0, 0, "2026-11-23T10:00"),
        ("2026-11-20T17:30", 0, 1, "2026-11-23T10:30"),
        ("2026-11-20T15:00", 3, 0, "2026-11-25T15:00"),
        ("2026-11-18T15:00", 0, 80, "2026-12-02T15:00"),
    ],
)
def test_vectors(time_zone: str, start: str, days: int, length: float, due: str) -> None:
    calendar = WorkingCalendar(time_zone, TEN_TO_SIX)
    found = add_working_time(calendar, at(start, time_zone), days=days, hours=hours(length))
    assert found == at(due, time_zone)
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("start", "days", "length", "due"),
    [
        ("2026-11-18T11:00", 0, 2, "2026-11-18T14:00"),
        ("2026-11-18T11:00", 0, 1, "2026-11-18T12:00"),
        ("2026-11-18T12:30", 0, 1, "2026-11-18T14:00"),
        ("2026-11-19T12:30", 1, 0, "2026-11-20T13:00"),
        ("2026-11-19T15:00", 1, 0, "2026-11-23T08:00"),
        ("2026-11-19T14:00", 1, 0, "2026-11-20T14:00"),
        ("2026-11-19T14:00", 1, 1, "2026-11-23T09:00"),
        ("2026-11-19T14:00", 2, 0, "2026-11-23T14:00"),
        ("2026-11-20T13:30", 0, 1, "2026-11-23T08:30"),
    ],
)
def test_breaks_and_a_short_friday(start: str, days: int, length: float, due: str) -> None:
    found = add_working_time(WorkingCalendar(BERLIN, WITH_BREAK), at(start, BERLIN), days=days, hours=hours(length))
    assert found == at(due, BERLIN)


def test_closed_dates_do_not_count() -> None:
    calendar = WorkingCalendar(BERLIN, TEN_TO_SIX, frozenset({date(2026, 11, 19)}))
    assert add_working_time(calendar, at("2026-11-18T15:00", BERLIN), hours=hours(10)) == at("2026-11-20T17:00", BERLIN)
    assert add_working_time(calendar, at("2026-11-18T15:00", BERLIN), days=1) == at("2026-11-20T15:00", BERLIN)


@pytest.mark.parametrize(
    ("time_zone", "start", "length", "due"),
    [
        # Berlin springs forward on 2026-03-29 at 02:00 and falls back on 2026-10-25 at 03:00.
        (BERLIN, "2026-03-28T23:00", 4, "2026-03-29T04:00"),
        (BERLIN, "2026-10-24T23:00", 4, "2026-10-25T02:00"),
        # New York springs forward on 2026-03-08 and falls back on 2026-11-01, both at 02:00.
        (NEW_YORK, "2026-03-07T23:00", 4, "2026-03-08T04:00"),
        (NEW_YORK, "2026-10-31T23:00", 5, "2026-11-01T03:00"),
        (TOKYO, "2026-03-28T23:00", 4, "2026-03-29T03:00"),
    ],
)
def test_hours_are_elapsed_when_the_clocks_change(time_zone: str, start: str, length: int, due: str) -> None:
    found = add_working_time(WorkingCalendar(time_zone, ROUND_THE_CLOCK), at(start, time_zone), hours=hours(length))
    assert f"{found.astimezone(ZoneInfo(time_zone)):%Y-%m-%dT%H:%M}" == due
    assert found - at(start, time_zone).astimezone(UTC) == hours(length)


@pytest.mark.parametrize(
    ("day", "elapsed"),
    [("2026-03-28", 4), ("2026-03-29", 3), ("2026-10-24", 4), ("2026-10-25", 5)],
)
def test_a_night_is_shorter_or_longer_when_the_clocks_change(day: str, elapsed: int) -> None:
    start, end = at(f"{day}T00:00", BERLIN), at(f"{day}T12:00", BERLIN)
    assert working_time_between(WorkingCalendar(BERLIN, NIGHTS), start, end) == hours(elapsed)


def test_a_day_keeps_the_local_time_when_the_clocks_change() -> None:
    calendar = WorkingCalendar(BERLIN, TEN_TO_SIX)
    assert add_working_time(calendar, at("2026-03-27T15:00", BERLIN), days=1) == at("2026-03-30T15:00", BERLIN)


def test_hours_that_the_clocks_skip_never_overlap() -> None:
    calendar = WorkingCalendar(BERLIN, parse_week("sun 01:00-02:30, 02:45-05:00"))
    start, end = at("2026-03-29T00:00", BERLIN), at("2026-03-29T12:00", BERLIN)
    assert working_time_between(calendar, start, end) == hours(2.75)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-18T10:00", True),
        ("2026-11-18T17:59", True),
        ("2026-11-18T18:00", False),
        ("2026-11-18T09:59", False),
        ("2026-11-21T12:00", False),
    ],
)
def test_open_at(moment: str, is_open: bool) -> None:
    assert is_open_at(WorkingCalendar(TOKYO, TEN_TO_SIX), at(moment, TOKYO)) is is_open


@pytest.mark.parametrize(
    ("start", "closes"),
    [
        ("2026-11-18T11:00", "2026-11-18T17:00"),
        ("2026-11-20T12:30", "2026-11-20T14:00"),
        ("2026-11-20T14:00", "2026-11-23T17:00"),
    ],
)
def test_end_of_working_day(start: str, closes: str) -> None:
    assert end_of_working_day(WorkingCalendar(BERLIN, WITH_BREAK), at(start, BERLIN)) == at(closes, BERLIN)


def test_a_calendar_that_never_opens_says_so() -> None:
    closed = frozenset(date(2026, 1, 1) + timedelta(days=day) for day in range(800))
    with pytest.raises(NeverOpen):
        next_working_moment(WorkingCalendar(BERLIN, TEN_TO_SIX, closed), at("2026-01-05T12:00", BERLIN))


@pytest.mark.parametrize(
    "week", [((),) * 7, TEN_TO_SIX[:5], ((WorkingHours(60, 180), WorkingHours(120, 240)),) + ((),) * 6]
)
def test_impossible_weeks(week: tuple[tuple[WorkingHours, ...], ...]) -> None:
    with pytest.raises(ValueError, match="working"):
        WorkingCalendar(BERLIN, week)


def test_naive_moments_and_negative_spans_are_errors() -> None:
    calendar = WorkingCalendar(BERLIN, TEN_TO_SIX)
    with pytest.raises(ValueError, match="time zone"):
        next_working_moment(calendar, datetime(2026, 11, 18))
    with pytest.raises(ValueError, match="only added"):
        add_working_time(calendar, at("2026-11-18T10:00", BERLIN), days=-1)


calendars = st.builds(
    WorkingCalendar,
    st.sampled_from([BERLIN, NEW_YORK, TOKYO]),
    st.sampled_from([TEN_TO_SIX, WITH_BREAK, ROUND_THE_CLOCK, NIGHTS, parse_week("sun 00:30-03:30; wed 09:00-10:00")]),
    st.frozensets(st.dates(date(2026, 3, 1), date(2026, 12, 1)), max_size=20),
)
moments = st.datetimes(datetime(2026, 3, 1), datetime(2026, 11, 10), timezones=st.just(UTC))
spans = st.integers(0, 60 * 60).map(lambda minutes: timedelta(minutes=minutes))


@settings(max_examples=150, deadline=None)
@given(calendars, moments, st.integers(0, 4), spans, spans)
def test_more_time_is_never_earlier(
    calendar: WorkingCalendar, start: datetime, days: int, span: timedelta, more: timedelta
) -> None:
    due = add_working_time(calendar, start, days=days, hours=span)
    assert start <= due <= add_working_time(calendar, start, days=days, hours=span + more)
    assert due <= add_working_time(calendar, start, days=days + 1, hours=span)


@settings(max_examples=150, deadline=None)
@given(calendars, moments, spans, spans)
def test_a_later_start_is_never_due_earlier(
    calendar: WorkingCalendar, start: datetime, span: timedelta, later: timedelta
) -> None:
    assert add_working_time(calendar, start, hours=span) <= add_working_time(calendar, start + later, hours=span)


@settings(max_examples=150, deadline=None)
@given(calendars, moments, st.integers(0, 4), spans)
def test_due_times_lie_in_working_time_or_at_its_closing(
    calendar: WorkingCalendar, start: datetime, days: int, span: timedelta
) -> None:
    due = add_working_time(calendar, start, days=days, hours=span)
    assert is_open_at(calendar, due) or is_open_at(calendar, due - timedelta(microseconds=1))


@settings(max_examples=150, deadline=None)
@given(calendars, moments, spans)
def test_adding_and_measuring_are_inverse(calendar: WorkingCalendar, start: datetime, span: timedelta) -> None:
    assert working_time_between(calendar, start, add_working_time(calendar, start, hours=span)) == span


@settings(max_examples=150, deadline=None)
@given(calendars, moments, spans, spans)
def test_hours_add_up(calendar: WorkingCalendar, start: datetime, first: timedelta, second: timedelta) -> None:
    at_once = add_working_time(calendar, start, hours=first + second)
    in_turn = add_working_time(calendar, add_working_time(calendar, start, hours=first), hours=second)
    assert next_working_moment(calendar, at_once) == next_working_moment(calendar, in_turn)

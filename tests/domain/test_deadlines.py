"""When a promise is due."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from app.domain.deadlines import Clock, Span, due_at, rests_until
from app.domain.working_time import WorkingCalendar
from app.domain.working_week_text import parse_week

BERLIN = ZoneInfo("Europe/Berlin")
CALENDAR = WorkingCalendar("Europe/Berlin", parse_week("mon-fri 10:00-18:00"))


@pytest.mark.parametrize(
    ("span", "start", "due"),
    [
        (Span(minutes=240), "2026-11-18T15:00", "2026-11-19T11:00"),
        (Span(days=3), "2026-11-18T15:00", "2026-11-23T15:00"),
        (Span(minutes=24 * 60, clock=Clock.WALL), "2026-11-20T17:00", "2026-11-21T17:00"),
        (Span(days=1, minutes=30, clock=Clock.WALL), "2026-11-20T17:00", "2026-11-21T17:30"),
        (Span(is_same_day=True), "2026-11-18T11:00", "2026-11-18T18:00"),
        (Span(is_same_day=True), "2026-11-20T19:00", "2026-11-23T18:00"),
    ],
)
def test_due(span: Span, start: str, due: str) -> None:
    found = due_at(span, CALENDAR, datetime.fromisoformat(start).replace(tzinfo=BERLIN))
    assert found == datetime.fromisoformat(due).replace(tzinfo=BERLIN)
    assert Span.from_json(span.to_json()) == span


def test_a_negative_span_is_an_error() -> None:
    with pytest.raises(ValueError, match="never negative"):
        Span(minutes=-1)


@pytest.mark.covers("W-02")
@pytest.mark.parametrize(
    ("clock", "now", "due", "goes_on"),
    [
        (Clock.WORKING, "2026-11-20T20:00", "2026-11-23T12:00", "2026-11-23T10:00"),
        (Clock.WORKING, "2026-11-20T20:00", "2026-11-23T10:00", "2026-11-23T10:00"),
        (Clock.WORKING, "2026-11-20T12:00", "2026-11-20T14:00", None),
        (Clock.WALL, "2026-11-20T20:00", "2026-11-23T12:00", None),
        # Promised when they still worked on Saturdays.
        (Clock.WORKING, "2026-11-20T20:00", "2026-11-21T12:00", None),
    ],
)
def test_a_clock_goes_on_before_its_promise_is_due_or_it_is_not_said_to_rest(
    clock: Clock, now: str, due: str, goes_on: str | None
) -> None:
    here, end = (datetime.fromisoformat(text).replace(tzinfo=BERLIN) for text in (now, due))
    told = datetime.fromisoformat(goes_on).replace(tzinfo=BERLIN) if goes_on else None
    assert rests_until(clock, CALENDAR, here, end) == told

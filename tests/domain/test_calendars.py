"""An organisation's working time as people say it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.domain.calendars import CalendarDraft, Closure, check_opens_again, days_closed, hours_of, own_closures
from app.domain.errors import Invalid
from app.domain.working_time import OFFICE_DAY, OFFICE_WEEK, Week, WorkingCalendar

FREE = ("", "", "", "", "", "", "")


def test_hours_are_written_as_they_are_read() -> None:
    draft = CalendarDraft(hours=("08:00-12:00, 13:00-17:00", *FREE[1:5], "22:00-24:00", ""))
    draft.check()
    assert hours_of(draft.week) == draft.hours
    assert CalendarDraft().week == OFFICE_WEEK
    assert CalendarDraft(hours=("8-17",) * 5 + ("", "")).written_out().hours == ("08:00-17:00",) * 5 + ("", "")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"hours": ("8 to 5", *FREE[1:])}, "mon"),
        ({"hours": (*FREE[:4], "fri 8-17", "", "")}, "fri"),
        ({"hours": ("", "09:00-12:00, 11:00-13:00", *FREE[2:])}, "tue"),
        ({"hours": FREE}, "mon"),
        ({"hours": (*FREE[:6], "09:00-12:00; mon 10:00-11:00")}, "sun"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"country": "ZZ"}, "country"),
        ({"country": "AT", "subdivision": "DE-BY"}, "subdivision"),
    ],
)
def test_what_cannot_stand_is_told_at_its_field(changes: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as told:
        CalendarDraft(**changes).check()  # type: ignore[arg-type]
    assert field in told.value.fields


def test_closing_days_in_a_row_are_one_closure() -> None:
    days = [date(2027, 1, 1), *days_closed(date(2026, 12, 24), date(2026, 12, 31)), date(2027, 5, 3)]
    assert own_closures(days) == (
        Closure(date(2026, 12, 24), date(2027, 1, 1)),
        Closure(date(2027, 5, 3), date(2027, 5, 3)),
    )


@pytest.mark.parametrize("last", [date(2026, 12, 23), date(2028, 1, 1), date.max])
def test_a_closure_ends_after_it_begins_and_before_long(last: date) -> None:
    with pytest.raises(Invalid) as told:
        days_closed(date(2026, 12, 24), last)
    assert "last" in told.value.fields


MONDAY = date(2027, 1, 4)
MONDAYS: Week = (OFFICE_DAY, *((),) * 6)


@pytest.mark.covers("W-01")
@pytest.mark.parametrize("week", [OFFICE_WEEK, MONDAYS])
@pytest.mark.parametrize(("weeks", "may"), [(40, True), (53, False)])
def test_nobody_closes_for_good(week: Week, weeks: int, may: bool) -> None:
    step = 1 if week == OFFICE_WEEK else 7
    closed = [MONDAY + timedelta(days=day) for day in range(0, 7 * weeks, step)]
    calendar = WorkingCalendar("Europe/Berlin", week, frozenset(closed))
    if may:
        check_opens_again(calendar, closed, field="last")
        return
    with pytest.raises(Invalid) as told:
        check_opens_again(calendar, closed, field="last")
    assert list(told.value.fields) == ["last"]

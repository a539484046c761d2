"""Working weeks as people write them."""

from __future__ import annotations

import pytest

from app.domain.errors import Invalid
from app.domain.working_time import OFFICE_WEEK, WorkingHours
from app.domain.working_week_text import format_week, parse_hours, parse_week

EIGHT_TO_FIVE = WorkingHours(480, 1020)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("mon-thu 08:00-17:00; fri 08:00-14:00", "mon-thu 08:00-17:00; fri 08:00-14:00"),
        ("Mon - Fri 8:00 - 12:00,13:00-17:00", "mon-fri 08:00-12:00, 13:00-17:00"),
        ("mon 13:00-17:00, 08:00-12:00;", "mon 08:00-12:00, 13:00-17:00"),
        ("mon 08:00-12:00; mon 13:00-17:00", "mon 08:00-12:00, 13:00-17:00"),
        ("sat-mon 09:00-12:00", "mon 09:00-12:00; sat-sun 09:00-12:00"),
        ("sun 00:00-24:00", "sun 00:00-24:00"),
        ("tue\u2013wed 09:00\u201312:00", "tue-wed 09:00-12:00"),
        ("mon-thu 8-17; fri 8-12, 12.30-14", "mon-thu 08:00-17:00; fri 08:00-12:00, 12:30-14:00"),
    ],
)
def test_read_and_written_again(text: str, written: str) -> None:
    assert format_week(parse_week(text)) == written
    assert parse_week(written) == parse_week(text)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("8-17", "08:00-17:00"),
        ("8 - 17", "08:00-17:00"),
        ("8:00\u201317:00", "08:00-17:00"),
        ("8.00\u201417.30", "08:00-17:30"),
        ("0800-1700", "08:00-17:00"),
        ("830-1700", "08:30-17:00"),
        ("8am-5pm", "08:00-17:00"),
        ("8:30 a.m. to 12 p.m.", "08:30-12:00"),
        ("6 PM - 12 AM", "18:00-24:00"),
        ("9 bis 12 Uhr, 13 bis 17.30 Uhr", "09:00-12:00, 13:00-17:30"),
        ("8h30-17h", "08:30-17:00"),
        ("\uff19\uff1a\uff10\uff10\uff5e\uff11\uff18\uff1a\uff10\uff10", "09:00-18:00"),
        ("9時30分から18時まで", "09:30-18:00"),
        ("8-12, 13-17", "08:00-12:00, 13:00-17:00"),
        ("13-17; 8-12", "08:00-12:00, 13:00-17:00"),
        ("8-12 und 13-17", "08:00-12:00, 13:00-17:00"),
        ("22-0:00", "22:00-24:00"),
        ("0-24", "00:00-24:00"),
    ],
)
def test_the_hours_of_a_day_are_read_as_people_write_them(text: str, written: str) -> None:
    assert ", ".join(map(str, parse_hours(text))) == written
    assert parse_hours(written) == parse_hours(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "“” is not a working time"),
        (",", "“,” is not a working time"),
        ("nine to five", "“nine to five” is not a working time. Write 08:00-17:00, or with a break"),
        ("mon 8-17", "“mon 8-17” is not a working time"),
        ("8-12-17", "“8-12-17” is not a working time"),
        ("8-5pm", "“8-5pm” is not a working time"),
        ("08:00-25:00", "“25:00” is not a time of day. Hours go from 00:00 to 24:00."),
        ("8:00-24:30", "“24:30” is not a time of day"),
        ("8:60-9:00", "“8:60” is not a time of day"),
        ("8am-13pm", "“13pm” is not a time of day"),
        ("8-5", "“8-5” ends before it begins. Write the afternoon like 17:00"),
        ("8-12, 11-13", "must not overlap"),
    ],
)
def test_hours_that_cannot_be_meant_say_which_and_what_to_write(text: str, told: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_hours(text)
    assert told in str(refused.value.phrase)


def test_the_example() -> None:
    week = parse_week("mon-thu 08:00-17:00; fri 08:00-14:00")
    assert week == ((EIGHT_TO_FIVE,),) * 4 + ((WorkingHours(480, 840),), (), ())
    assert format_week(OFFICE_WEEK) == "mon-fri 09:00-17:00"


@pytest.mark.parametrize(
    "text",
    [
        "",
        ";",
        "weekdays 08:00-17:00",
        "mon",
        "mon 08:00",
        "mon 17:00-08:00",
        "mon 08:00-08:00",
        "mon 08:00-25:00",
        "mon 08:60-09:00",
        "mon 08:00-12:00, 11:00-13:00",
        "mon 08:00-12:00; mon-fri 09:00-10:00",
    ],
)
def test_what_cannot_be_read_is_said(text: str) -> None:
    with pytest.raises(Invalid):
        parse_week(text)

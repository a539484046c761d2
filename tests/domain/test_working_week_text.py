"""Working weeks as people write them."""

from __future__ import annotations

import pytest

from app.domain.errors import Invalid
from app.domain.working_time import OFFICE_WEEK, WorkingHours
from app.domain.working_week_text import format_week, parse_week

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
    ],
)
def test_read_and_written_again(text: str, written: str) -> None:
    assert format_week(parse_week(text)) == written
    assert parse_week(written) == parse_week(text)


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

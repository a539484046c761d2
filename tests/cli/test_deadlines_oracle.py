"""`flask deadlines due` held to a clerk who counts every minute, and to files as people and programs write them."""

from __future__ import annotations

import csv
import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import Result
from flask import Flask

HEADER = "timezone,hours,closed_on,from,after"
SEMICOLONS = HEADER.replace(",", ";")
OFFICE = "mon-fri 10:00-18:00"
FIVE_PARTS = "; ".join(f"{day} 10-18" for day in ("mon", "tue", "wed", "thu", "fri"))
MINUTE = timedelta(minutes=1)
WEEKS = {
    OFFICE: {day: [(600, 1080)] for day in range(5)},
    "mon-thu 08:00-17:00; fri 08:00-14:00": {day: [(480, 1020)] for day in range(4)} | {4: [(480, 840)]},
    "mon-fri 08:00-12:00, 13:00-17:00": {day: [(480, 720), (780, 1020)] for day in range(5)},
    "mon-sun 00:00-24:00": {day: [(0, 1440)] for day in range(7)},
    "sat-mon 00:00-04:00; wed 22:00-24:00": {day: [(0, 240)] for day in (5, 6, 0)} | {2: [(1320, 1440)]},
}


class Clerk:
    """Knows nothing but whether a minute is worked, and counts."""

    def __init__(self, zone: str, week: str, closed: set[date]) -> None:
        self.zone, self.week, self.closed = ZoneInfo(zone), WEEKS[week], closed

    def due(self, start: datetime, days: int, minutes: int) -> datetime:
        moment = self._first_open(start.astimezone(UTC))
        for _ in range(days):
            moment = self._next_day(moment)
        while minutes:
            minutes -= self._is_open(moment)
            moment += MINUTE
        return moment.astimezone(self.zone)

    def _is_open(self, moment: datetime) -> bool:
        local = moment.astimezone(self.zone)
        hours = self.week.get(local.weekday(), []) if local.date() not in self.closed else []
        return any(opens <= local.hour * 60 + local.minute < closes for opens, closes in hours)

    def _first_open(self, moment: datetime) -> datetime:
        while not self._is_open(moment):
            moment += MINUTE
        return moment

    def _next_day(self, moment: datetime) -> datetime:
        """The same local time on the next day that works at all; its closing still counts."""
        local = moment.astimezone(self.zone)
        day = local.date() + timedelta(days=1)
        while day in self.closed or day.weekday() not in self.week:
            day += timedelta(days=1)
        same = datetime.combine(day, local.time(), self.zone).astimezone(UTC)
        return same if self._is_open(same - MINUTE) else self._first_open(same)


def ask(app: Flask, folder: Path, content: str | bytes) -> Result:
    file = folder / "spans.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return app.test_cli_runner().invoke(args=["deadlines", "due", "--batch", str(file)])


def _drawn(source: random.Random) -> tuple[list[str], str]:
    """One line of a file, and what the clerk says to it; most starts lie near a change of the clocks."""
    zone, week = source.choice(["Europe/Berlin", "America/New_York", "Asia/Tokyo"]), source.choice(list(WEEKS))
    around = source.choice([date(2026, 3, 6), date(2026, 3, 27), date(2026, 10, 23), date(2026, 10, 30)])
    closed = {around + timedelta(days=source.randrange(12)) for _ in range(source.randrange(4))}
    start = datetime.combine(around, datetime.min.time()) + timedelta(minutes=source.randrange(6 * 1440))
    days, hours, minutes = source.randrange(3), source.randrange(14), source.choice([0, 15, 30, 59])
    after = " ".join(f"{count}{unit}" for count, unit in ((days, "d"), (hours, "h"), (minutes, "m")) if count) or "0m"
    due = Clerk(zone, week, closed).due(start.replace(tzinfo=ZoneInfo(zone)), days, hours * 60 + minutes)
    return [zone, week, "|".join(map(str, sorted(closed))), f"{start:%Y-%m-%dT%H:%M}", after], due.isoformat()


@pytest.mark.covers("W-02")
def test_a_file_of_three_hundred_lines_is_answered_as_by_counting_minutes(app: Flask, tmp_path: Path) -> None:
    drawn = [_drawn(random.Random(seed)) for seed in range(300)]
    with (tmp_path / "lines.csv").open("w", newline="") as file:
        csv.writer(file).writerows([HEADER.split(","), *(cells for cells, _ in drawn)])
    result = ask(app, tmp_path, (tmp_path / "lines.csv").read_bytes())
    assert result.exit_code == 0
    wrong = [
        (cells, expected, found)
        for (cells, expected), found in zip(drawn, result.output.splitlines(), strict=True)
        if found != expected
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "content",
    [
        f"\ufeff{HEADER}\r\nEurope/Berlin,{OFFICE},,2026-11-18T15:00,10h\r\n",
        f"{HEADER}\nEurope/Berlin,{OFFICE},,2026-11-18T15:00,10h",
        f'"timezone","hours","closed_on","from","after"\n"Europe/Berlin","{OFFICE}","","2026-11-18T15:00","10h"\n',
        " Timezone , HOURS,closed_on,from,after\n Europe/Berlin , Mon-Fri 10:00 - 18:00 ,, 2026-11-18 15:00 , 10H \n",
        f"after,from,closed_on,hours,timezone,note\n10h,2026-11-18T15:00,,{OFFICE},Europe/Berlin,by hand\n",
        f"{HEADER}\n\nEurope/Berlin,{OFFICE},,2026-11-18T14:00Z,10h\n\n,,,,\n",
        f"{HEADER};note\nEurope/Berlin,{OFFICE},,2026-11-18T15:00,10h\n".replace(",", ";"),
        f'\ufeff{SEMICOLONS}\r\nEurope/Berlin;"{FIVE_PARTS}";25.12.2026;18.11.2026 15:00;10h\r\n;;;;\r\n',
        f'sep=;\r\n{SEMICOLONS}\r\nEurope/Berlin;"{FIVE_PARTS}";2026-12-25|2026-12-26;2026-11-18T15:00;10h\r\n',
        f"{HEADER}\nEurope/Berlin,{OFFICE},,2026-11-18T15:00,10h\n".replace(",", "\t"),
        f"{HEADER}\nEurope/Berlin,{OFFICE},,2026-11-18T15:00,10h\n".replace(",", "\t").encode("utf-16"),
        f"{HEADER},note\nEurope/Berlin,{OFFICE},,2026-11-18T15:00,10h,für München\n".encode("cp1252"),
        f"{HEADER},note\nEurope/Berlin,{OFFICE},,2026-11-18T15:00,10h\n",
    ],
    ids=["byte order mark and CRLF", "no newline at the end", "quoted", "loose", "other order", "blank lines, in UTC",
         "semicolons", "German Excel", "separator declared", "tabs", "UTF-16", "Windows-1252", "no note"],
)  # fmt: skip
def test_a_file_is_read_however_it_is_written(app: Flask, tmp_path: Path, content: str | bytes) -> None:
    result = ask(app, tmp_path, content)
    assert (result.exit_code, result.output.splitlines()) == (0, ["2026-11-19T17:00:00+01:00"])


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (f"Europe,{OFFICE},,2026-11-18T15:00,1h", "“Europe” is no time zone: write it like Europe/Berlin."),
        (f"../../etc/passwd,{OFFICE},,2026-11-18T15:00,1h", "is no time zone"),
        (
            f"Europe/Berlin,{OFFICE},2026-02-30,2026-11-18T15:00,1h",
            "“2026-02-30” is no date: write closing days",
        ),
        (f"Europe/Berlin,{OFFICE},,tomorrow,1h", "“tomorrow” is no moment: write it like 2026-03-27T15:00."),
        (f"Europe/Berlin,{OFFICE},,2026-11-18T15:00,99999999h", "is longer than a hundred years."),
        (f"Europe/Berlin,{OFFICE},,9999-12-30T15:00,90d", "outside the years 1 to 9999"),
        ("Europe/Berlin,mon-fri 08:00-12:00, 13:00-17:00,,2026-11-18T15:00,1h", "in quotation marks"),
        (f"Europe/Berlin,{OFFICE},,2026-11-18T15:00", "Only 4 cells for 5 columns: write the separator of an empty"),
        (f"{OFFICE},,2026-11-18T15:00,1h", "Only 4 cells for 5 columns"),
        (f"Europe/Berlin,{OFFICE},soon|2026-12-25,2026-11-18T15:00,1h", "“soon” is no date"),
        ("Europe/Berlin,mon-fri 10-25,,2026-11-18T15:00,1h", "“25” is not a time of day"),
    ],
)
def test_what_cannot_be_read_is_named_by_its_line_and_stops_no_other(
    app: Flask, tmp_path: Path, cells: str, told: str
) -> None:
    good = f"Europe/Berlin,{OFFICE},,2026-11-18T15:00,10h"
    result = ask(app, tmp_path, f"{HEADER}\n{good}\n{cells}\n{good}\n")
    answers = result.stdout.splitlines()
    assert result.exit_code == 1
    assert [answer.startswith("error: ") for answer in answers] == [False, True, False]
    assert told in answers[1]
    assert result.stderr.splitlines()[0].startswith("Line 3: ")
    assert told in result.stderr


@pytest.mark.parametrize("content", [SEMICOLONS[:-6].encode("utf-16"), b"\xff\x00timezone\n", b""])
def test_a_file_that_is_none_is_refused_in_words(app: Flask, tmp_path: Path, content: bytes) -> None:
    result = ask(app, tmp_path, content)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert result.stdout == ""

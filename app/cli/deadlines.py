"""`flask deadlines due`: the arithmetic of working time, at hand for operators."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from app.adapters.spreadsheets import Row, UnreadableFile, read_rows, sniff
from app.domain.deadlines import due_at
from app.domain.errors import Invalid
from app.domain.span_text import parse_span
from app.domain.working_time import NeverOpen, WorkingCalendar
from app.domain.working_week_text import parse_week
from app.localisation import phrase_text

COLUMNS = ("timezone", "hours", "closed_on", "from", "after")
_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a line of the file comes to: when it is due, or why that cannot be said."""

    line: int
    due: str = ""
    problem: str = ""

    def __str__(self) -> str:
        return f"error: {self.problem}" if self.problem else self.due


class _Unreadable(ValueError):
    """A cell that means nothing, with what to write instead."""


@click.group()
def deadlines() -> None:
    """Reckon with working time."""


@deadlines.command("due")
@click.option(
    "--batch",
    "file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=f"A CSV or Excel file with the columns {','.join(COLUMNS)}.",
)
def print_due_times(file: Path) -> None:
    """Print when each line of a file is due, as ISO 8601 with offset; a line that cannot be read says why instead.

    The columns are separated by commas, semicolons or tabs and stand in any order. `hours` is a working week (`mon-thu
    08:00-17:00; fri 08:00-14:00`), `closed_on` are dates joined by `|`, `from` is local time unless it has an offset,
    `after` is a span of working time such as `1d 10h` or `90m`. What cannot be read is named once more, with the number
    of its line, on the error output, and the command ends with 1.
    """
    try:
        answers = list(_answers(file))
    except UnreadableFile as error:
        raise click.ClickException(f"{file}: {phrase_text(error.phrase, 'en', 'UTC')}") from error
    for answer in answers:
        click.echo(str(answer))
    unread = [answer for answer in answers if answer.problem]
    for answer in unread:
        click.echo(f"Line {answer.line}: {answer.problem}", err=True)
    if unread:
        raise click.ClickException(f"{len(unread)} of {len(answers)} lines could not be read.")


def _answers(file: Path) -> Iterator[_Answer]:
    data = file.read_bytes()
    shape = sniff(data, file.name, columns=COLUMNS)
    places = {header.lower(): header for header in shape.headers}
    missing = [name for name in COLUMNS if name not in places]
    if missing:
        raise click.ClickException(
            f"{file} has no column {', '.join(missing)}. Its first line must name {', '.join(COLUMNS)}, in any order, "
            "separated by commas, semicolons or tabs."
        )
    for row in read_rows(data, shape):
        yield _answer(row, {name: row.values[places[name]].strip() for name in COLUMNS})


def _answer(row: Row, cells: Mapping[str, str]) -> _Answer:
    try:
        _check_length(row)
        return _Answer(row.line_no, due=_due(cells))
    except Invalid as error:
        return _Answer(row.line_no, problem=phrase_text(error.phrase, "en", "UTC"))
    except NeverOpen:
        problem = "With these hours and closing days nothing would be due within a year."
        return _Answer(row.line_no, problem=problem)
    except OverflowError:
        return _Answer(row.line_no, problem="This would be due outside the years 1 to 9999.")
    except _Unreadable as error:
        return _Answer(row.line_no, problem=str(error))


def _check_length(row: Row) -> None:
    """Refuse a row whose cells have shifted, before one of them is read as another."""
    whole = len(row.values)
    if row.surplus:
        found = whole + len(row.surplus)
        raise _Unreadable(f"{found} cells for {whole} columns: put a cell that holds a separator in quotation marks.")
    absent = {header.lower() for header in list(row.values)[whole - row.missing :]}
    if not absent.isdisjoint(COLUMNS):
        found = whole - row.missing
        raise _Unreadable(f"Only {found} cells for {whole} columns: write the separator of an empty cell too.")


def _due(cells: Mapping[str, str]) -> str:
    zone = _zone(cells["timezone"])
    calendar = WorkingCalendar(cells["timezone"], parse_week(cells["hours"]), _closed_on(cells["closed_on"]))
    return due_at(parse_span(cells["after"]), calendar, _start(cells["from"], zone)).astimezone(zone).isoformat()


def _zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise _Unreadable(f"“{text}” is no time zone: write it like Europe/Berlin.") from error


def _closed_on(text: str) -> frozenset[date]:
    return frozenset(_day(day.strip()) for day in text.split("|") if day.strip())


def _day(text: str) -> date:
    try:
        return date.fromisoformat(_year_first(text))
    except ValueError as error:
        raise _Unreadable(f"“{text}” is no date: write closing days like 2026-12-25|2026-12-26.") from error


def _start(text: str, zone: ZoneInfo) -> datetime:
    try:
        start = datetime.fromisoformat(_year_first(text))
    except ValueError as error:
        raise _Unreadable(f"“{text}” is no moment: write it like 2026-03-27T15:00.") from error
    return start if start.tzinfo else start.replace(tzinfo=zone)


def _year_first(text: str) -> str:
    """A day as Excel writes it where days come first, `25.12.2026`, as ISO has it; anything else as it is."""
    day = _DAY_FIRST.match(text)
    return f"{day[3]}-{day[2]:0>2}-{day[1]:0>2}{text[day.end() :]}" if day else text


COMMANDS = (deadlines,)

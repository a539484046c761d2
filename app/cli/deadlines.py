"""`flask deadlines due`: the arithmetic of working time, at hand for operators."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from app.domain.deadlines import due_at
from app.domain.errors import Invalid
from app.domain.span_text import parse_span
from app.domain.working_time import NeverOpen, WorkingCalendar
from app.domain.working_week_text import parse_week
from app.localisation import phrase_text

COLUMNS = ("timezone", "hours", "closed_on", "from", "after")
_SURPLUS = "surplus"


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
    help=f"A CSV file with the columns {','.join(COLUMNS)}.",
)
def print_due_times(file: Path) -> None:
    """Print when each line of a file is due, as ISO 8601 with offset; a line that cannot be read says why instead.

    `hours` is a working week (`mon-thu 08:00-17:00; fri 08:00-14:00`), `closed_on` are dates joined by `|`, `from` is
    local time unless it has an offset, `after` is a span of working time such as `1d 10h` or `90m`. What cannot be
    read is named once more, with the number of its line, on the error output, and the command ends with 1.
    """
    try:
        answers = list(_answers(file))
    except (csv.Error, UnicodeDecodeError) as error:
        raise click.ClickException(f"{file} is not a CSV file in UTF-8: {error}") from error
    for answer in answers:
        click.echo(str(answer))
    unread = [answer for answer in answers if answer.problem]
    for answer in unread:
        click.echo(f"Line {answer.line}: {answer.problem}", err=True)
    if unread:
        raise click.ClickException(f"{len(unread)} of {len(answers)} lines could not be read.")


def _answers(file: Path) -> Iterator[_Answer]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines, restkey=_SURPLUS)
        rows.fieldnames = [name.strip().lower() for name in rows.fieldnames or ()]
        missing = [name for name in COLUMNS if name not in rows.fieldnames]
        if missing:
            raise click.ClickException(f"{file} has no column {', '.join(missing)}.")
        for row in rows:
            yield _answer(rows.line_num, row)


def _answer(line: int, row: Mapping[str, str | None]) -> _Answer:
    try:
        return _Answer(line, due=_due(row))
    except Invalid as error:
        return _Answer(line, problem=phrase_text(error.phrase, "en", "UTC"))
    except NeverOpen:
        return _Answer(line, problem="With these hours and closing days nothing would be due within a year.")
    except OverflowError:
        return _Answer(line, problem="This would be due outside the years 1 to 9999.")
    except _Unreadable as error:
        return _Answer(line, problem=str(error))


def _due(row: Mapping[str, str | None]) -> str:
    if row.get(_SURPLUS):
        raise _Unreadable("There are more cells than columns: put a cell that holds a comma in quotation marks.")
    cells = {name: (row[name] or "").strip() for name in COLUMNS}
    zone = _zone(cells["timezone"])
    calendar = WorkingCalendar(cells["timezone"], parse_week(cells["hours"]), _closed_on(cells["closed_on"]))
    return due_at(parse_span(cells["after"]), calendar, _start(cells["from"], zone)).astimezone(zone).isoformat()


def _zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise _Unreadable(f"“{text}” is no time zone: write it like Europe/Berlin.") from error


def _closed_on(text: str) -> frozenset[date]:
    days = [day.strip() for day in text.split("|")]
    try:
        return frozenset(date.fromisoformat(day) for day in days if day)
    except ValueError as error:
        raise _Unreadable(f"“{text}” are no dates: write them like 2026-12-25|2026-12-26.") from error


def _start(text: str, zone: ZoneInfo) -> datetime:
    try:
        start = datetime.fromisoformat(text)
    except ValueError as error:
        raise _Unreadable(f"“{text}” is no moment: write it like 2026-03-27T15:00.") from error
    return start if start.tzinfo else start.replace(tzinfo=zone)


COMMANDS = (deadlines,)

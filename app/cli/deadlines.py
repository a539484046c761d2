"""`flask deadlines due`: the arithmetic of working time, at hand for operators."""

from __future__ import annotations

import csv
from collections.abc import Mapping
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
    local time unless it has an offset, `after` is a span of working time such as `1d 10h` or `90m`.
    """
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines)
        missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
        if missing:
            raise click.ClickException(f"{file} has no column {', '.join(missing)}.")
        answers = [_answer(row) for row in rows]
    for answer in answers:
        click.echo(answer)
    unreadable = sum(answer.startswith("error:") for answer in answers)
    if unreadable:
        raise click.ClickException(f"{unreadable} of {len(answers)} lines could not be read.")


def _answer(row: Mapping[str, str | None]) -> str:
    try:
        return _due(row)
    except Invalid as error:
        return f"error: {phrase_text(error.phrase, 'en', 'UTC')}"
    except NeverOpen:
        return "error: with these hours and closing days nothing would be due within a year"
    except (ValueError, ZoneInfoNotFoundError) as error:
        return f"error: {error}"


def _due(row: Mapping[str, str | None]) -> str:
    cells = {name: (row[name] or "").strip() for name in COLUMNS}
    zone = ZoneInfo(cells["timezone"])
    closed = frozenset(date.fromisoformat(day.strip()) for day in cells["closed_on"].split("|") if day.strip())
    calendar = WorkingCalendar(cells["timezone"], parse_week(cells["hours"]), closed)
    start = datetime.fromisoformat(cells["from"])
    if start.tzinfo is None:
        start = start.replace(tzinfo=zone)
    return due_at(parse_span(cells["after"]), calendar, start).astimezone(zone).isoformat()


COMMANDS = (deadlines,)

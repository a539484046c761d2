"""`flask deadlines due --batch`: the vectors of working time, and lines that cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

HEADER = "timezone,hours,closed_on,from,after\n"
OFFICE = "mon-fri 10:00-18:00"


def due(app: Flask, folder: Path, *lines: str) -> tuple[int, list[str]]:
    file = folder / "spans.csv"
    file.write_text(HEADER + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    result = app.test_cli_runner().invoke(args=["deadlines", "due", "--batch", str(file)])
    return result.exit_code, result.output.splitlines()


@pytest.mark.covers("W-02")
@pytest.mark.parametrize(
    ("line", "answer"),
    [
        (f"Europe/Berlin,{OFFICE},,2026-11-18T15:00,10h", "2026-11-19T17:00:00+01:00"),
        (f"Europe/Berlin,{OFFICE},,2026-11-18T15:00,1d 10h", "2026-11-20T17:00:00+01:00"),
        (f"Europe/Berlin,{OFFICE},,2026-11-18T20:00,10h", "2026-11-20T12:00:00+01:00"),
        (f"Europe/Berlin,{OFFICE},,2026-11-18T20:00,1d 10h", "2026-11-23T12:00:00+01:00"),
        (
            "Europe/Berlin,mon-thu 08:00-17:00; fri 08:00-14:00,2026-12-25|2026-12-26,2026-03-27T15:00,1d 10h",
            "2026-04-01T09:00:00+02:00",
        ),
        ("Asia/Tokyo,mon-fri 09:00-18:00,2026-11-23,2026-11-20T17:30,90m", "2026-11-24T10:00:00+09:00"),
        ("America/New_York,mon-sun 00:00-24:00,,2026-10-31T12:00,24h", "2026-11-01T11:00:00-05:00"),
    ],
)
def test_each_line_is_answered_with_its_due_time(app: Flask, tmp_path: Path, line: str, answer: str) -> None:
    assert due(app, tmp_path, line) == (0, [answer])


def test_a_line_that_cannot_be_read_says_why_and_the_others_are_answered(app: Flask, tmp_path: Path) -> None:
    code, lines = due(
        app,
        tmp_path,
        f"Europe/Berlin,{OFFICE},,2026-11-18T15:00,soon",
        f"Nowhere/Land,{OFFICE},,2026-11-18T15:00,1h",
        "Europe/Berlin,never,,2026-11-18T15:00,1h",
        f"Europe/Berlin,{OFFICE},,2026-11-18T15:00,1h",
    )
    assert code == 1
    assert [line.startswith("error:") for line in lines[:4]] == [True, True, True, False]
    assert lines[3] == "2026-11-18T16:00:00+01:00"


def test_a_file_without_the_columns_is_refused(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "other.csv"
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    result = app.test_cli_runner().invoke(args=["deadlines", "due", "--batch", str(file)])
    assert result.exit_code == 1
    assert "timezone" in result.output

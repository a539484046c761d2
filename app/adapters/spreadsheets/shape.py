"""What a file is, what a row is, and the words for a file that cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.errors import Invalid

MAX_BYTES = 25_000_000
"""The largest file taken in; a list of 100,000 leads is about 20 MB."""

GUARDED_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""First characters that make a spreadsheet run a cell as a formula; the wide ones do so in Japanese editions."""


class FileKind(StrEnum):
    """How the rows are stored."""

    DELIMITED = "delimited"
    WORKBOOK = "workbook"


class UnreadableFile(Invalid):
    """The file cannot be opened as a list of rows (HTTP 422)."""

    code = "unreadable_file"


@dataclass(frozen=True, slots=True)
class FileShape:
    """What `sniff` found. `header_line` is the physical line (or sheet row) of the headers, counted from 1."""

    kind: FileKind
    headers: tuple[str, ...]
    header_line: int = 1
    row_count: int = 0
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row by header. Cells beyond the headers are kept in `surplus`, cells that are not there counted."""

    line_no: int
    values: dict[str, str]
    surplus: tuple[str, ...] = ()
    missing: int = 0


def unique_headers(cells: Sequence[str]) -> tuple[str, ...]:
    """The headers as given, made distinct: a second `Email` becomes `Email (2)`, an empty one `#3`."""
    seen: set[str] = set()
    headers: list[str] = []
    for place, cell in enumerate(cells, start=1):
        base = " ".join(cell.split()) or f"#{place}"
        name, copy = base, 2
        while name in seen:
            name, copy = f"{base} ({copy})", copy + 1
        seen.add(name)
        headers.append(name)
    while headers and headers[-1] == f"#{len(headers)}":
        headers.pop()
    return tuple(headers)


def row_of(line_no: int, cells: Sequence[str], headers: tuple[str, ...]) -> Row:
    """The row by header; nothing of a ragged row is lost."""
    clean = [_unguarded(cell) for cell in cells]
    values = {header: clean[place] if place < len(clean) else "" for place, header in enumerate(headers)}
    surplus = clean[len(headers) :]
    while surplus and not surplus[-1].strip():
        surplus.pop()
    return Row(line_no, values, tuple(surplus), max(0, len(headers) - len(clean)))


def _unguarded(cell: str) -> str:
    """A cell without the apostrophe our own export put before a formula sign, so that a list survives the round."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(GUARDED_STARTS) else cell

"""Workbooks (xlsx, xls, ods): the first sheet that has anything in it, cells as plain text."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook

from app.adapters.spreadsheets.delimited import header_place, is_filled
from app.adapters.spreadsheets.shape import FileKind, FileShape, Row, UnreadableFile, row_of, unique_headers
from app.domain.phrases import N_, Phrase

MAX_UNPACKED_BYTES = 200_000_000
"""What a packed workbook may unfold to. 100,000 rows of 20 cells unfold to about 120 MB."""
_MAX_PARTS = 2_000
_MAX_CELLS = 10_000_000
_CELL_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Z]{0,3})(\d{1,7})["']""")
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_SHARED_TEXT = re.compile(rb"<(?:\w+:)?si[\s/>].*?(?=<(?:\w+:)?si[\s/>]|\Z)", re.DOTALL)
_SHARED_CELL = re.compile(rb"""\st\s*=\s*["']s["'][^>]*>\s*<(?:\w+:)?v[^>]*>\s*(\d{1,9})""")

DAMAGED = Phrase(N_("This workbook is damaged or protected. Save it again without a password."))

Cell = int | float | str | bool | time | date | datetime | timedelta


def sniff_workbook(data: bytes) -> FileShape:
    """The sheet, headers and number of rows of a workbook."""
    refuse_oversized(data)
    sheet, rows = _first_filled_sheet(data)
    filled = [(number, cells) for number, cells in enumerate(rows, start=1) if is_filled(cells)]
    if not filled:
        return FileShape(FileKind.WORKBOOK, (), sheet=sheet)
    place = header_place([cells for _, cells in filled])
    number, cells = filled[place]
    headers = unique_headers(cells)
    return FileShape(FileKind.WORKBOOK, headers, number, len(filled) - place - 1, sheet=sheet)


def read_workbook(data: bytes, shape: FileShape) -> Iterator[Row]:
    """Every row after the headers that has anything in it."""
    refuse_oversized(data)
    _, rows = _first_filled_sheet(data)
    for number, cells in enumerate(rows, start=1):
        if number > shape.header_line and is_filled(cells):
            yield row_of(number, cells, shape.headers)


def cell_text(cell: Cell) -> str:
    """The cell as plain text: dates as ISO, whole numbers without a point."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return _number_text(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell).replace("\x00", "")


def _number_text(number: float) -> str:
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    text = f"{number:.10f}".rstrip("0")
    # Three places after the point would look like thousands to a German reader; a fourth settles it.
    return text + "0" if len(text.partition(".")[2]) == 3 else text


def _first_filled_sheet(data: bytes) -> tuple[str, list[list[str]]]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name in book.sheet_names:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            if rows:
                return name, [[cell_text(cell) for cell in row] for row in rows]
    except (CalamineError, ValueError, OSError) as error:
        raise UnreadableFile(
            Phrase(N_("This workbook is damaged or protected. Save it again without a password."))
        ) from error
    return "", []


def refuse_oversized(data: bytes) -> None:
    """Refuse a packed workbook that would unfold beyond the limits; the sizes written in the file are not believed."""
    if not data.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
        if not any(part.filename == "xl/workbook.xml" for part in parts):
            raise UnreadableFile(Phrase(N_("This file is not an Excel workbook.")))
        is_oversized = len(parts) > _MAX_PARTS or _unfolds_beyond_limits(data, parts)
    except (zipfile.BadZipFile, zlib.error, struct.error, ValueError, OSError) as error:
        raise UnreadableFile(DAMAGED) from error
    if is_oversized:
        raise UnreadableFile(Phrase(N_("This workbook unpacks to more than is taken in. Split it into smaller files.")))


def _unfolds_beyond_limits(data: bytes, parts: list[zipfile.ZipInfo]) -> bool:
    room = MAX_UNPACKED_BYTES
    sheets, texts = [], b""
    for part in parts:
        unpacked = _unpacked(data, part, room)
        room -= len(unpacked)
        if room <= 0:
            return True
        if part.filename.startswith("xl/worksheets/"):
            sheets.append(unpacked)
        elif part.filename == "xl/sharedStrings.xml":
            texts = unpacked
    return any(_area(sheet) > _MAX_CELLS for sheet in sheets) or _repeats_too_much(sheets, texts)


def _repeats_too_much(sheets: list[bytes], texts: bytes) -> bool:
    """Whether the cells that share a text would hold too much: one long text, named by every cell, fills any memory."""
    lengths = [len(text) for text in _SHARED_TEXT.findall(texts)]
    if (
        not lengths
        or sum(len(sheet) for sheet in sheets) // len('<c t="s"><v>0</v>') * max(lengths) <= MAX_UNPACKED_BYTES
    ):
        return False
    room = MAX_UNPACKED_BYTES
    for sheet in sheets:
        for cell in _SHARED_CELL.finditer(sheet):
            place = int(cell[1])
            room -= lengths[place] if place < len(lengths) else 0
            if room < 0:
                return True
    return False


def _area(sheet: bytes) -> int:
    """The cells of the rectangle the sheet spans; one cell in the far corner would make a reader fill all of it."""
    places = set(_CELL_PLACE.findall(sheet))
    height = max((int(row) for _, row in places), default=0)
    width = max((_column_number(letters) for letters, _ in places), default=0)
    # Cells that name no place stand one after the other.
    return max(height * max(width, 1), sum(1 for _ in _CELL.finditer(sheet)))


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _unpacked(data: bytes, part: zipfile.ZipInfo, room: int) -> bytes:
    """What `part` really unfolds to, cut off once it exceeds `room`."""
    name_length, extra_length = struct.unpack_from("<HH", data, part.header_offset + 26)
    start = part.header_offset + 30 + name_length + extra_length
    packed = data[start : start + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        return packed
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise ValueError("a packing no spreadsheet uses")
    return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, room + 1)

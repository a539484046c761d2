"""Text files with a delimiter: which one it is, and their records with the line each began on."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Collection, Iterator

from app.adapters.spreadsheets.encoding import guess_encoding
from app.adapters.spreadsheets.shape import MAX_BYTES, FileKind, FileShape, Row, row_of, unique_headers
from app.domain.separators import SEPARATORS, declared_separator, separator_of

_RECORDS_LOOKED_AT = 60

csv.field_size_limit(MAX_BYTES)

Record = tuple[int, list[str]]


def sniff_delimited(data: bytes, encoding: str = "", delimiter: str = "", columns: Collection[str] = ()) -> FileShape:
    """The encoding, delimiter, headers and number of rows of a text file; a person's word goes before the guess."""
    encoding = encoding or guess_encoding(data)
    text = decode(data, encoding)
    delimiter = delimiter or _declared_delimiter(text) or _naming(text, columns) or _likely_delimiter(text)
    found = list(_filled_records(text, delimiter))
    if not found:
        return FileShape(FileKind.DELIMITED, (), encoding=encoding, delimiter=delimiter)
    place = header_place([cells for _, cells in found])
    line, cells = found[place]
    return FileShape(
        kind=FileKind.DELIMITED,
        headers=unique_headers(cells),
        header_line=line,
        row_count=len(found) - place - 1,
        encoding=encoding,
        delimiter=delimiter,
    )


def read_delimited(data: bytes, shape: FileShape) -> Iterator[Row]:
    """Every row after the headers that has anything in it."""
    for line, cells in _filled_records(decode(data, shape.encoding), shape.delimiter):
        if line > shape.header_line:
            yield row_of(line, cells, shape.headers)


def decode(data: bytes, encoding: str) -> str:
    """The text without zero bytes; what the encoding does not know shows as the replacement sign."""
    return data.decode(encoding, errors="replace").replace("\x00", "").removeprefix("\ufeff")


def header_place(records: list[list[str]]) -> int:
    """Where the headers are: the first record with two filled cells, so a title line above them does no harm."""
    for place, cells in enumerate(records[:10]):
        if sum(1 for cell in cells if cell.strip()) >= 2:
            return place
    return 0


def is_filled(cells: list[str]) -> bool:
    """Whether anything but blanks stands in the record."""
    return any(cell.strip() for cell in cells)


def _declared_delimiter(text: str) -> str:
    """Excel's own first line `sep=;`."""
    return declared_separator(text[:8].splitlines()[0] if text[:8] else "")


def _naming(text: str, columns: Collection[str]) -> str:
    """The delimiter by which the first line that is not blank names all the columns that are known beforehand."""
    first = next((line for line in io.StringIO(text) if line.strip()), "")
    return separator_of(first, columns) if columns else ""


def _likely_delimiter(text: str) -> str:
    """The delimiter that cuts the most records into the same, and most, columns."""
    return max(SEPARATORS, key=lambda delimiter: (_evenness(text, delimiter), -SEPARATORS.index(delimiter)))


def _evenness(text: str, delimiter: str) -> float:
    records = [cells for _, cells in itertools.islice(_filled_records(text, delimiter), _RECORDS_LOOKED_AT)]
    if not records:
        return 0.0
    headers = records[header_place(records)]
    if len(headers) < 2:
        return 0.0
    return len(headers) * sum(1 for cells in records if len(cells) == len(headers)) / len(records)


def _filled_records(text: str, delimiter: str) -> Iterator[Record]:
    declared = bool(_declared_delimiter(text))
    for line, cells in _records(text, delimiter):
        if is_filled(cells) and not (declared and line == 1):
            yield line, cells


def _records(text: str, delimiter: str) -> Iterator[Record]:
    """Every record with its first line, quoted newlines kept.

    A quote that is opened and never closed would swallow the rest of the file as one cell; such a line is read
    without quoting, and reading goes on behind it.
    """
    lines = list(io.StringIO(text, newline=""))
    start = 0
    while start < len(lines):
        reader = csv.reader(itertools.islice(lines, start, None), delimiter=delimiter)
        restart = 0
        done = 0
        for cells in reader:
            begun, done = done, reader.line_num
            if done - begun > 1 and start + done >= len(lines) and _is_open(lines[start + begun :], delimiter):
                restart = start + begun + 1
                yield restart, next(csv.reader([lines[restart - 1]], delimiter=delimiter, quoting=csv.QUOTE_NONE))
                break
            yield start + begun + 1, cells
        start = restart or len(lines)


def _is_open(lines: list[str], delimiter: str) -> bool:
    """Whether the record made of `lines` ends inside a quoted cell."""
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error as error:
        return "unexpected end of data" in str(error)
    return False

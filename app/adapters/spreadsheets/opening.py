"""The one way to open a list, whatever it is."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TextIO

from app.adapters.spreadsheets.delimited import read_delimited, sniff_delimited
from app.adapters.spreadsheets.encoding import guess_encoding
from app.adapters.spreadsheets.shape import MAX_BYTES, FileKind, FileShape, Row, UnreadableFile
from app.adapters.spreadsheets.workbook import read_workbook, sniff_workbook
from app.domain.phrases import N_, Phrase

_BEGINNING_BYTES = 4_000_000
_PACKED = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NOT_LISTS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"\x7fELF", b"MZ\x90")


def sniff(
    data: bytes, filename: str = "", *, encoding: str = "", delimiter: str = "", columns: Collection[str] = ()
) -> FileShape:
    """What the file is: kind, encoding, delimiter, headers, number of rows. Its content decides, not its name.

    `encoding` and `delimiter` are what a person saw better than the guess; a workbook needs neither. `columns` are
    those the file must have, in small letters: where its first line names them all, no guess is needed.
    Raises `UnreadableFile` with the reason when it is no list, too large, or has no header line.
    """
    if len(data) > MAX_BYTES:
        limit = Phrase(N_("The file is larger than %(limit)s MB. Split it."), {"limit": MAX_BYTES // 1_000_000})
        raise UnreadableFile(limit)
    if data.startswith(_NOT_LISTS):
        raise UnreadableFile(Phrase(N_("%(name)s is not a list. Upload a CSV or Excel file."), {"name": filename}))
    is_workbook = data.startswith((_PACKED, _OLD_EXCEL))
    shape = sniff_workbook(data) if is_workbook else sniff_delimited(data, encoding, delimiter, columns)
    if not shape.headers:
        raise UnreadableFile(Phrase(N_("The file is empty: it needs one line of headers and at least one row.")))
    return shape


def read_rows(data: bytes, shape: FileShape) -> Iterator[Row]:
    """The rows under the headers in their order, each with its line number; empty lines are passed over."""
    if shape.kind is FileKind.WORKBOOK:
        return read_workbook(data, shape)
    return read_delimited(data, shape)


def open_lines(path: Path) -> TextIO:
    """A text file too long to be held at once, to be read line by line; its beginning tells the encoding."""
    with path.open("rb") as file:
        beginning = file.read(_BEGINNING_BYTES)
    whole_lines = beginning[: beginning.rfind(b"\n") + 1] or beginning
    return path.open(encoding=guess_encoding(whole_lines), errors="replace", newline="")

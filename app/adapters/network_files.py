"""The network's files opened, whatever programme wrote them: CSV in any encoding, or a workbook."""

from __future__ import annotations

from app.adapters.spreadsheets import UnreadableFile, read_rows, sniff
from app.domain.network.files import FileRow, OpenedFile


def open_network_file(data: bytes, filename: str) -> OpenedFile:
    """The headers and rows of one file; a file that is no list says why instead of raising."""
    try:
        shape = sniff(data, filename)
        rows = tuple(FileRow(row.line_no, row.values) for row in read_rows(data, shape))
    except UnreadableFile as error:
        return OpenedFile(refusal=error.phrase)
    return OpenedFile(shape.headers, rows)

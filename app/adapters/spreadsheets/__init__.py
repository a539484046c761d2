"""Files people exchange lists in: delimited text and workbooks, opened whatever programme wrote them, and written.

`sniff` says what a file is, `read_rows` reads it row by row, `open_lines` one too long for that; `write_csv` and
`write_xlsx` write for spreadsheets.
May import the foundation of the domain (errors, phrases, separators) and the sibling modules of this package.
"""

from app.adapters.spreadsheets.opening import open_lines, read_rows, sniff
from app.adapters.spreadsheets.shape import MAX_BYTES, FileKind, FileShape, Row, UnreadableFile
from app.adapters.spreadsheets.writing import write_csv, write_xlsx

__all__ = [
    "MAX_BYTES",
    "FileKind",
    "FileShape",
    "Row",
    "UnreadableFile",
    "open_lines",
    "read_rows",
    "sniff",
    "write_csv",
    "write_xlsx",
]

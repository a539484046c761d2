"""Lists written for spreadsheets, so that no cell of a stranger's text runs as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

import xlsxwriter

from app.adapters.spreadsheets.shape import GUARDED_STARTS

_SEMICOLON_LANGUAGES = frozenset({"de", "fr", "it", "es", "nl"})
_MAX_CELL = 32_767


def write_csv(rows: Iterable[Sequence[object]], language: str = "en", delimiter: str = "") -> bytes:
    """The rows as CSV that Excel opens in the reader's language: UTF-8 with its mark, `;` where `,` is the decimal.

    A given delimiter goes before the language's.
    """
    text = io.StringIO(newline="")
    usual = ";" if language.partition("-")[0].partition("_")[0] in _SEMICOLON_LANGUAGES else ","
    writer = csv.writer(text, delimiter=delimiter or usual, lineterminator="\r\n")
    writer.writerows([_guarded(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def write_xlsx(rows: Iterable[Sequence[object]], sheet: str = "Sheet1") -> bytes:
    """The rows as a workbook, the first one bold as headers; text stays text, numbers and dates stay themselves."""
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(stream, options) as book:
        bold, day, moment = (
            book.add_format(style)
            for style in ({"bold": True}, {"num_format": "yyyy-mm-dd"}, {"num_format": "yyyy-mm-dd hh:mm:ss"})
        )
        page = book.add_worksheet(sheet[:31])
        page.freeze_panes(1, 0)
        for line, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, datetime):
                    page.write_datetime(line, column, cell.replace(tzinfo=None), moment)
                elif isinstance(cell, date):
                    page.write_datetime(line, column, cell, day)
                elif isinstance(cell, int | float | Decimal):
                    page.write(line, column, cell)
                elif cell is not None:
                    page.write_string(line, column, str(cell)[:_MAX_CELL], bold if line == 0 else None)
    return stream.getvalue()


def _guarded(cell: object) -> object:
    """Text that a spreadsheet would run gets an apostrophe before it; numbers of ours are left alone."""
    if cell is None:
        return ""
    if isinstance(cell, int | float | Decimal):
        return cell
    text = str(cell)
    return f"'{text}" if text.startswith(GUARDED_STARTS) else text

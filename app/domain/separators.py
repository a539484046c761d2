"""Which sign parts the columns of a list whose columns are known: programmes of some countries write semicolons."""

from __future__ import annotations

import csv
from collections.abc import Collection

SEPARATORS = (",", ";", "\t", "|")


def split_line(line: str, separator: str) -> list[str]:
    """The cells of one line without blanks around them; quotation marks are signs where nothing can be made of them."""
    try:
        cells = next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        cells = line.split(separator)
    return [cell.strip() for cell in cells]


def separator_of(header: str, columns: Collection[str]) -> str:
    """The sign that cuts a header into all of `columns`, in any order and among others; empty when none does."""
    named = set(columns)
    return next((sign for sign in SEPARATORS if named <= set(split_line(header.lower(), sign))), "")


def declared_separator(line: str) -> str:
    """The sign in a first line `sep=;`, as Excel writes it; empty when the line is another."""
    text = line.strip("\r\n")
    return text[4] if len(text) == 5 and text.lower().startswith("sep=") else ""

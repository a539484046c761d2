"""Files that say where postal codes lie: the tab-separated lists of GeoNames, and a plain CSV (T-06, T-09).

The list has no header and twelve columns: country, postal code, place, three names and codes of areas, latitude,
longitude, accuracy. The CSV's header is `country,postal_code,latitude,longitude`, in any order; commas, semicolons or
tabs part it, and degrees may have a decimal comma.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain
from math import isfinite

from app.domain.errors import Invalid
from app.domain.intake.postcodes import normalise_postal_code
from app.domain.nearness import Point
from app.domain.network.values import read_country, read_postal_code
from app.domain.phrases import N_, Phrase
from app.domain.separators import SEPARATORS, declared_separator, separator_of, split_line

CSV_COLUMNS = ("country", "postal_code", "latitude", "longitude")
_PLACES_IN_LIST = (0, 1, 9, 10)
"""Where in the list the four columns stand that count."""
_BLANK = " \t\r\n,;|"
"""What spreadsheets leave of an empty line."""


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """One line of a file: a place of a postal code, which may have several; the code as territory rules compare it."""

    country: str
    postal_code: str
    point: Point


@dataclass(frozen=True, slots=True)
class LineFault:
    """Why one line cannot be taken."""

    line_no: int
    reason: Phrase


def read_postal_file(lines: Iterable[str]) -> Iterator[PlaceLine | LineFault]:
    """Each line of a file as the place it states, or as the reason why it cannot be read; blank lines are passed by.

    Each line stands alone, so that a quotation mark left open costs no other. `Invalid` when the first is that of
    neither kind of file.
    """
    numbered = enumerate(lines, start=1)
    line_no, first = next(numbered, (1, ""))
    first = first.removeprefix("\ufeff")
    if declared_separator(first):
        line_no, first = next(numbered, (2, ""))
    if separator := separator_of(first, CSV_COLUMNS):
        header = split_line(first.lower(), separator)
        layout = _Layout(
            partial(split_line, separator=separator), [header.index(name) for name in CSV_COLUMNS], len(header)
        )
        return _read_lines(numbered, layout)
    if first.count("\t") >= max(_PLACES_IN_LIST):
        return _read_lines(chain([(line_no, first)], numbered), _LIST)
    raise Invalid(_missing_columns(first))


@dataclass(frozen=True, slots=True)
class _Layout:
    """How the lines of a file are cut into cells, where the four stand that count, and how many there may be."""

    split: Callable[[str], list[str]]
    places: Sequence[int]
    width: int | None = None

    def cut(self, line: str) -> list[str]:
        """The four cells of a line that count; `Invalid` where it has too few, or so many that they have shifted."""
        cells = self.split(line)
        if len(cells) <= max(self.places):
            told = N_("The line has only %(count)s of %(needed)s columns. Write the separator of an empty cell too.")
            needed = self.width or max(self.places) + 1
            raise Invalid(Phrase(told, {"count": len(cells), "needed": needed}))
        if self.width is not None and any(cells[self.width :]):
            told = N_("The line has more cells than columns. Put a cell that holds a separator in quotation marks.")
            raise Invalid(Phrase(told))
        return [cells[place] for place in self.places]


def _split_at_tabs(line: str) -> list[str]:
    """A line of the list, in which a quotation mark is a sign like any other."""
    return [cell.strip() for cell in line.split("\t")]


_LIST = _Layout(_split_at_tabs, _PLACES_IN_LIST)


def _missing_columns(header: str) -> Phrase:
    named = {name for sign in SEPARATORS for name in split_line(header.lower(), sign)}
    missing = [name for name in CSV_COLUMNS if name not in named]
    told = N_("The file has no column %(names)s. Its first line must name %(all)s.")
    return Phrase(told, {"names": ", ".join(missing or CSV_COLUMNS), "all": ", ".join(CSV_COLUMNS)})


def _read_lines(numbered: Iterable[tuple[int, str]], layout: _Layout) -> Iterator[PlaceLine | LineFault]:
    """Read of each line the four columns that count."""
    for line_no, line in numbered:
        if not line.strip(_BLANK):
            continue
        try:
            yield _read_place(*layout.cut(line))
        except Invalid as error:
            yield LineFault(line_no, error.phrase)


_country_of = lru_cache(maxsize=512)(read_country)


def _read_place(country_text: str, code_text: str, latitude: str, longitude: str) -> PlaceLine:
    country = _country_of(country_text)
    if country is None:
        raise Invalid(Phrase(N_("The country is missing.")))
    code = read_postal_code(normalise_postal_code(code_text, country) or code_text)
    if code is None:
        raise Invalid(Phrase(N_("The postal code is missing.")))
    point = Point(_read_degrees(latitude), _read_degrees(longitude))
    if not point.is_on_earth:
        told = N_("There is no place at %(latitude)s, %(longitude)s.")
        raise Invalid(Phrase(told, {"latitude": latitude, "longitude": longitude}))
    return PlaceLine(country, code, point)


def _read_degrees(text: str) -> float:
    """Degrees with a point or a comma; the comma that parts columns is gone by now."""
    try:
        degrees = float(text.replace(",", "."))
    except ValueError:
        degrees = float("nan")
    if not isfinite(degrees):
        raise Invalid(Phrase(N_("“%(text)s” is not a number of degrees such as 52.52."), {"text": text}))
    return degrees

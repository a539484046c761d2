"""Files that say where postal codes lie: the tab-separated lists of GeoNames, and a plain CSV (T-06, T-09).

The list has no header and twelve columns: country, postal code, place, three names and codes of areas, latitude,
longitude, accuracy. The CSV's header is `country,postal_code,latitude,longitude`, in any order.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from math import isfinite

from app.domain.errors import Invalid
from app.domain.intake.postcodes import normalise_postal_code
from app.domain.nearness import Point
from app.domain.network.values import read_country, read_postal_code
from app.domain.phrases import N_, Phrase

CSV_COLUMNS = ("country", "postal_code", "latitude", "longitude")
_PLACES_IN_LIST = (0, 1, 9, 10)
"""Where in the list the four columns stand that count."""


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
    if "\t" in first:
        return _read_lines(chain([(line_no, first)], numbered), _split_at_tabs, _PLACES_IN_LIST)
    header = [name.lower() for name in _split_at_commas(first)]
    if missing := [name for name in CSV_COLUMNS if name not in header]:
        raise Invalid(Phrase(N_("The file has no column %(names)s."), {"names": ", ".join(missing)}))
    return _read_lines(numbered, _split_at_commas, [header.index(name) for name in CSV_COLUMNS])


def _split_at_tabs(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("\t")]


def _split_at_commas(line: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line]), [])]
    except csv.Error as error:
        raise Invalid(Phrase(N_("The line cannot be read."))) from error


def _read_lines(
    numbered: Iterable[tuple[int, str]], split: Callable[[str], list[str]], places: Sequence[int]
) -> Iterator[PlaceLine | LineFault]:
    """Read of each line the four columns that count."""
    for line_no, line in numbered:
        if not line.strip():
            continue
        try:
            cells = split(line)
            if len(cells) <= max(places):
                raise Invalid(Phrase(N_("The line has only %(count)s columns."), {"count": len(cells)}))
            yield _read_place(*(cells[place] for place in places))
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
    try:
        degrees = float(text)
    except ValueError:
        degrees = float("nan")
    if not isfinite(degrees):
        raise Invalid(Phrase(N_("“%(text)s” is not a number of degrees such as 52.52."), {"text": text}))
    return degrees

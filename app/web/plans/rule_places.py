"""States and provinces in the conditions of a rule: offered and read by name, kept by their codes."""

from __future__ import annotations

from collections.abc import Sequence

import pycountry

from app.domain.errors import Invalid
from app.domain.network.values import read_subdivision
from app.domain.phrases import N_, Phrase
from app.web.places import country_name, subdivision_name


def subdivision_choices(countries: Sequence[str]) -> list[tuple[str, str]]:
    """The subdivisions of these countries by code, each with its name; with several countries, with the country's."""
    named = [
        (subdivision_name(one.code), one.code, country)
        for country in countries
        for one in pycountry.subdivisions.get(country_code=country) or ()  # type: ignore[no-untyped-call]
    ]
    is_one = len(countries) == 1
    return [(code, name if is_one else f"{name}, {country_name(country)}") for name, code, country in sorted(named)]


def read_subdivisions(text: str, countries: Sequence[str]) -> str:
    """Several names or codes, parted by commas, as codes; a name is looked for in each of these countries.

    Raises `Invalid` for a name that none of them knows.
    """
    return ", ".join(_read(part.strip(), countries) for part in text.split(",") if part.strip())


def _read(text: str, countries: Sequence[str]) -> str:
    for country in (None, *countries):
        try:
            return read_subdivision(text, country) or ""
        except Invalid:
            continue
    problem = N_("“%(text)s” is no state or province we know. Write its name, or its code such as DE-BY.")
    raise Invalid(Phrase(problem, {"text": text}))

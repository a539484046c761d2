"""Countries and their subdivisions by name, in the reader's language where the world has agreed on one."""

from __future__ import annotations

from functools import lru_cache
from gettext import NullTranslations, translation

import pycountry
from babel import Locale
from flask import Flask
from flask_babel import get_locale


def init_places(app: Flask) -> None:
    """Give templates the filters `country_name`, `subdivision_name` and `place_name`."""
    app.jinja_env.filters.update(country_name=country_name, subdivision_name=subdivision_name, place_name=place_name)


def country_name(code: str | None) -> str:
    """The country's name in the reader's language; its code when it has none, a dash for nothing."""
    return _countries(_language()).get(code, code) if code else "–"


def subdivision_name(code: str | None) -> str:
    """The subdivision's name in the reader's language, else its own (ISO 3166-2); a dash for nothing."""
    if not code:
        return "–"
    known = pycountry.subdivisions.get(code=code)  # type: ignore[no-untyped-call]
    return _subdivisions(_language()).gettext(known.name) if known is not None else code


def place_name(code: str | None) -> str:
    """The name behind a region's code: a subdivision's or a country's."""
    return subdivision_name(code) if code and "-" in code else country_name(code)


def country_choices() -> list[tuple[str, str]]:
    """Every country for a form, by name."""
    return sorted(_countries(_language()).items(), key=lambda item: item[1].casefold())


def _language() -> str:
    return str(get_locale() or "en")


@lru_cache(maxsize=16)
def _countries(language: str) -> dict[str, str]:
    names = Locale.parse(language).territories
    return {country.alpha_2: names.get(country.alpha_2, country.name) for country in pycountry.countries}


@lru_cache(maxsize=16)
def _subdivisions(language: str) -> NullTranslations:
    """Their names in `language`; in English they keep their own, of which pycountry translates but one or two."""
    languages = [] if language == "en" else [language]
    return translation("iso3166-2", pycountry.LOCALES_DIR, languages=languages, fallback=True)

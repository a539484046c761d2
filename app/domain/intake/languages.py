"""In which language a prospect is written to."""

from __future__ import annotations

from functools import cache

from babel import Locale, UnknownLocaleError

from app.domain.intake.folding import fold, foldings

_LANGUAGES = ("en", "de", "ja", "fr", "it", "es", "nl")


def language_code(text: str) -> str | None:
    """The ISO 639-1 code of a language's name or code (`Deutsch`, `de-AT`, `日本語`); None when it is none."""
    names = _languages()
    return names.get(fold(text)) or names.get(fold(text.strip().replace("_", "-").partition("-")[0]))


@cache
def language_of_country(country: str) -> str:
    """The language most people there read; empty when the country is not known."""
    try:
        return str(Locale.parse(f"und_{country}").language) if country else ""
    except (UnknownLocaleError, ValueError):
        return ""


@cache
def _languages() -> dict[str, str]:
    names: dict[str, str] = {}
    for language in _LANGUAGES:
        for code, name in Locale.parse(language).languages.items():
            if len(code) == 2:
                names |= {key: code for key in (*foldings(name), code) if key not in names}
    return names

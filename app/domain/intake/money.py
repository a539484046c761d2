"""Amounts as people write them: `$38,000`, `38.000,00 €`, `￥1,800,000`, `EUR 12k`, `1,5 Mio. €`, `180万円`."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from functools import cache

import pycountry
from babel import Locale, UnknownLocaleError
from babel.numbers import get_territory_currencies

from app.domain.money import Money

LARGEST = Decimal(10) ** 13
"""Beyond ten trillion main units a cell holds something else than a deal's value; it also fits the column."""

_LONGEST = 60
"""A longer cell is prose, not an amount."""

_SIGNS = {
    "€": "EUR", "£": "GBP", "₩": "KRW", "₹": "INR", "₺": "TRY", "zł": "PLN", "kč": "CZK", "円": "JPY", "元": "CNY",
    "us$": "USD", "a$": "AUD", "c$": "CAD", "ca$": "CAD", "au$": "AUD", "nz$": "NZD", "hk$": "HKD", "s$": "SGD",
    "yen": "JPY", "euro": "EUR", "euros": "EUR", "dollar": "USD", "dollars": "USD", "us-dollar": "USD",
    "fr.": "CHF", "sfr.": "CHF", "franken": "CHF", "pound": "GBP", "pounds": "GBP", "ユーロ": "EUR", "ドル": "USD",
    "米ドル": "USD", "rmb": "CNY", "cn¥": "CNY",
}  # fmt: skip
_SHARED_SIGNS = {
    "$": ("USD", {"USD", "CAD", "AUD", "NZD", "HKD", "SGD", "MXN", "TWD", "ARS", "CLP", "COP"}),
    "¥": ("JPY", {"JPY", "CNY"}),
    "kr": ("SEK", {"SEK", "NOK", "DKK", "ISK"}),
    "kr.": ("DKK", {"SEK", "NOK", "DKK", "ISK"}),
}
_SCALES = {
    "k": 10**3, "tsd": 10**3, "t": 10**3, "tausend": 10**3, "thousand": 10**3, "m": 10**6, "mio": 10**6, "mn": 10**6,
    "mm": 10**6, "million": 10**6, "millions": 10**6, "millionen": 10**6, "bn": 10**9, "b": 10**9, "mrd": 10**9,
    "billion": 10**9, "milliarde": 10**9, "milliarden": 10**9,
}  # fmt: skip
_KANJI_SCALES = {"億": 10**8, "万": 10**4, "千": 10**3, "百": 10**2}
_KANJI_PART = re.compile(r"(\d[\d,.]*)\s*(百万|千万|[億万千百])?")
_LEAD_IN = re.compile(r"^(?:ca\.?|circa|approx\.?|about|around|ungefähr|etwa|rund|約|およそ|~|≈)\s*")
_THOUSANDS = re.compile(r"^t(eur|€)\s*(.+)$|^(.+?)\s*t(eur|€)$")
_WHOLE_MARK = re.compile(r"[.,](?:-{1,2}|—|–|=)$")
_AMOUNT = re.compile(r"^(?P<number>\d[\d.,'’ _]*?)\s*(?P<scale>[a-z]+)?\.?$")


def parse_money(text: str, *, country: str = "", currency: str = "") -> Money | None:
    """The amount in hundredths of the currency named in `text`, else of `currency`, else of the country's.

    `country` (ISO 3166-1) also says whether a lone `1.234` is a thousand or a fraction. None for what is no single,
    positive amount: ranges, dates, negative numbers, words, amounts without any currency to be told.
    """
    if len(text) > _LONGEST:
        return None
    wanted = unicodedata.normalize("NFKC", text).casefold().replace("\u2212", "-").strip()
    wanted = _THOUSANDS.sub(r"\2\3 t \1\4", _LEAD_IN.sub("", wanted))
    hint = currency.strip().upper() or currency_of(country)
    number_text, found = _without_currency(wanted, hint)
    amount = _read_amount(_WHOLE_MARK.sub("", number_text.strip()), decimal_sign(country))
    if amount is None or amount > LARGEST or not (found or hint):
        return None
    return Money(int((amount * 100).to_integral_value()), found or hint)


@cache
def currency_of(country: str) -> str:
    """The currency in use in a country today; empty when the country is not known."""
    current = get_territory_currencies(country.upper()) if country else []
    return str(current[0]) if current else ""


@cache
def decimal_sign(country: str) -> str:
    """What parts whole from fraction in that country: `,` or `.`."""
    try:
        symbols = Locale.parse(f"und_{country.upper()}").number_symbols if country else {}
    except (UnknownLocaleError, ValueError):
        return "."
    sign = symbols.get("latn", {}).get("decimal", ".") if symbols else "."
    return "," if sign == "," else "."


@cache
def _currency_marks() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Signs and ISO codes, longest first; a word must stand apart from other letters."""
    marks = dict(_SIGNS) | {currency.alpha_3.lower(): currency.alpha_3 for currency in pycountry.currencies}
    marks |= {sign: sign for sign in _SHARED_SIGNS}
    ordered = sorted(marks, key=len, reverse=True)
    return tuple((re.compile(_apart(mark)), marks[mark]) for mark in ordered)


def _apart(mark: str) -> str:
    before = r"(?<![a-z])" if mark[0].isascii() and mark[0].isalpha() else ""
    after = r"(?![a-z])" if mark[-1].isascii() and mark[-1].isalpha() else ""
    return before + re.escape(mark) + after


def _without_currency(text: str, hint: str) -> tuple[str, str]:
    """The text without its currency, and that currency; the hint decides between those that share a sign."""
    found = ""
    for pattern, mark in _currency_marks():
        rest, times = pattern.subn(" ", text)
        if times:
            usual, sharing = _SHARED_SIGNS.get(mark, (mark, frozenset()))
            named = hint if hint in sharing else usual
            if found in ("", named) or mark in _SHARED_SIGNS:
                found, text = found or named, rest
    return text, found


def _read_amount(text: str, decimal: str) -> Decimal | None:
    if any(sign in text for sign in _KANJI_SCALES):
        return _read_kanji_amount(text)
    match = _AMOUNT.match(text)
    if not match or (match["scale"] and match["scale"] not in _SCALES):
        return None
    number = _read_number(match["number"].strip(), decimal)
    return None if number is None else number * _SCALES.get(match["scale"] or "", 1)


def _read_kanji_amount(text: str) -> Decimal | None:
    """`1億5000万` part by part; Japanese numbers use the point for fractions and the comma for thousands."""
    if _KANJI_PART.sub("", text).strip():
        return None
    total = Decimal(0)
    for digits, scale in _KANJI_PART.findall(text):
        number = _read_number(digits, ".")
        if number is None:
            return None
        for sign in scale:
            number *= _KANJI_SCALES[sign]
        total += number
    return total


def _read_number(text: str, decimal: str) -> Decimal | None:
    """Digits with separators; only a lone separator before three digits needs the country's habit."""
    compact = re.sub(r"(?<=\d)['’ _](?=\d{3}(?!\d))", "", text)
    points, commas = compact.count("."), compact.count(",")
    if points and commas:
        fraction = "." if compact.rfind(".") > compact.rfind(",") else ","
    elif points + commas == 1:
        sign = "." if points else ","
        may_group = re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", compact)
        fraction = "" if may_group and sign != decimal else sign
    else:
        fraction = ""
    whole, _, rest = compact.rpartition(fraction) if fraction else (compact, "", "")
    if not re.fullmatch(r"\d+|\d{1,3}(?:[.,]\d{2,3})*[.,]\d{3}", whole) or (rest and not rest.isdecimal()):
        return None
    try:
        return Decimal(re.sub(r"[.,]", "", whole) + (f".{rest}" if rest else ""))
    except InvalidOperation:
        return None


def currency_code(text: str) -> str:
    """The ISO 4217 code named by a cell of its own (`EUR`, `€`, `Yen`, `円`); empty when it names none."""
    _, found = _without_currency(unicodedata.normalize("NFKC", text).casefold().strip(), "")
    return found

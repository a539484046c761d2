"""Languages, time zones, and how a value becomes text for its reader."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers
from babel import Locale
from babel.dates import format_date, format_datetime, format_time, format_timedelta, get_day_names, get_timezone_name
from babel.numbers import format_currency, format_decimal
from flask import Flask, has_request_context, request
from flask_babel import force_locale, get_locale, gettext
from flask_login import current_user

from app.domain.money import Money
from app.domain.phrases import Phrase
from app.extensions import babel

LANGUAGES = {"en": "English", "de": "Deutsch", "ja": "日本語"}
TIME_ZONES = sorted(available_timezones())


def init_app(app: Flask) -> None:
    """Choose the reader's language and zone for each request and give templates the filters below."""
    babel.init_app(app, locale_selector=_reader_language, timezone_selector=_reader_zone_name)
    filters = {
        "phrase": phrase_text,
        "datetime_local": datetime_text,
        "time_local": time_text,
        "date_local": date_text,
        "weekday": weekday_text,
        "duration": duration_text,
        "money": money_text,
        "number": number_text,
        "phone": phone_text,
    }
    app.jinja_env.filters.update(filters)


def _reader_language() -> str:
    if not has_request_context():
        return "en"
    if current_user and current_user.is_authenticated:
        return str(current_user.language)
    chosen = request.cookies.get("language", "")
    if chosen in LANGUAGES:
        return chosen
    return request.accept_languages.best_match(list(LANGUAGES), "en") or "en"


def _reader_zone_name() -> str:
    if has_request_context() and current_user and current_user.is_authenticated:
        return str(current_user.time_zone)
    return "UTC"


def _language(language: str | None) -> str:
    return language or str(get_locale() or "en")


def _zone(zone: str | None) -> ZoneInfo:
    return ZoneInfo(zone or _reader_zone_name())


_TWO_STOPS = re.compile(r"(?<=[^\s.])\.\.(?!\.)")
"""Where a sentence ends with a name that ends with a stop itself: “Acme Inc.”."""


def phrase_text(phrase: Phrase | Mapping[str, Any] | str, language: str | None = None, zone: str | None = None) -> str:
    """A phrase (or its stored JSON) in the reader's language, with every value formatted for that reader."""
    if isinstance(phrase, str):
        return phrase
    known = phrase if isinstance(phrase, Phrase) else Phrase.from_json(phrase)
    if language is not None:
        with force_locale(language):
            return _filled(known, language, zone)
    return _filled(known, _language(None), zone)


def _filled(phrase: Phrase, language: str, zone: str | None) -> str:
    values = {name: value_text(value, language, zone) for name, value in phrase.values.items()}
    template = gettext(phrase.template)
    return _TWO_STOPS.sub(".", template % values) if values else template.replace("%%", "%")


def value_text(value: object, language: str | None = None, zone: str | None = None) -> str:
    """One value of a phrase as text: times in the reader's zone, money and numbers in the reader's format."""
    match value:
        case Phrase():
            return _filled(value, _language(language), zone)
        case bool():
            return gettext("yes") if value else gettext("no")
        case Money():
            return money_text(value, language)
        case datetime():
            return datetime_text(value, language, zone)
        case date():
            return date_text(value, language)
        case timedelta():
            return duration_text(value, language)
        case int() | float():
            return number_text(value, language)
        case None:
            return "–"
    return str(value)


def zone_abbreviation(at: datetime, language: str | None = None, zone: str | None = None) -> str:
    """The short name of the zone as it is at that moment: CET, JST, GMT+2."""
    local = at.astimezone(_zone(zone))
    name = local.tzname() or "UTC"
    if name[:1] in "+-":
        name = get_timezone_name(local, width="short", locale=_language(language))
    return name


def datetime_text(at: datetime | None, language: str | None = None, zone: str | None = None) -> str:
    """A moment in the reader's zone, with the zone's name, never a bare clock time."""
    if at is None:
        return "–"
    local = at.astimezone(_zone(zone))
    pattern = {"ja": "y/M/d H:mm", "de": "d. MMM y, HH:mm"}.get(_language(language), "d MMM y, HH:mm")
    text = format_datetime(local, pattern, tzinfo=local.tzinfo, locale=_language(language))
    return f"{text} {zone_abbreviation(at, language, zone)}"


def time_text(at: datetime, now: datetime, language: str | None = None, zone: str | None = None) -> str:
    """A near moment, as short as it stays clear: "14:30 CET" today, "Tue 14:30 CET" in the coming 6 days.

    Any other carries its date: a weekday alone would not tell the last Tuesday from the next.
    """
    local, here = at.astimezone(_zone(zone)), now.astimezone(_zone(zone))
    days = (local.date() - here.date()).days
    if not 0 <= days <= 6:
        return datetime_text(at, language, zone)
    clock = format_time(local, "HH:mm", tzinfo=local.tzinfo, locale=_language(language))
    day = "" if days == 0 else format_date(local, "EEE ", locale=_language(language))
    return f"{day}{clock} {zone_abbreviation(at, language, zone)}"


def date_text(day: date | None, language: str | None = None) -> str:
    """A calendar day in the reader's format, in the order in which `datetime_text` has it."""
    pattern = {"en": "d MMM y"}.get(_language(language), "medium")
    return "–" if day is None else format_date(day, pattern, locale=_language(language))


def weekday_text(day: int, language: str | None = None) -> str:
    """A day of the week by its short name; Monday is 0."""
    return str(get_day_names("abbreviated", locale=_language(language))[day])


def duration_text(span: timedelta | None, language: str | None = None) -> str:
    """A span in its two largest units: "3 h 58 min", "2 d 4 h", "41 s"."""
    if span is None:
        return "–"
    seconds = int(abs(span.total_seconds()))
    counts = (seconds // 86_400, seconds // 3_600 % 24, seconds // 60 % 60, seconds % 60)
    first = next((place for place, count in enumerate(counts) if count), 3)
    last = first if first >= 2 else first + 1
    shown = [place for place in (first, last) if counts[place] or place == 3 == first]
    return " ".join(_unit_text(counts[place], place, language) for place in dict.fromkeys(shown))


_UNITS: tuple[tuple[Literal["day", "hour", "minute", "second"], int], ...] = (
    ("day", 86_400),
    ("hour", 3_600),
    ("minute", 60),
    ("second", 1),
)


def _unit_text(count: int, place: int, language: str | None) -> str:
    unit, size = _UNITS[place]
    span = timedelta(seconds=count * size)
    return format_timedelta(span, granularity=unit, threshold=10_000, format="short", locale=_language(language))


def money_text(amount: Money | None, language: str | None = None) -> str:
    """An amount in the reader's format, without the cents when there are none."""
    if amount is None:
        return "–"
    locale = Locale.parse(_language(language), sep="-")
    pattern = locale.currency_formats["standard"].pattern
    if amount.cents % 100 == 0:
        pattern = pattern.replace(".00", "")
    return format_currency(amount.major, amount.currency, pattern, locale=locale, currency_digits=False)


def number_text(value: float, language: str | None = None) -> str:
    """A number in the reader's format."""
    return format_decimal(value, locale=_language(language))


def phone_text(number: str) -> str:
    """A telephone number in groups a person can read out: +49 30 23125025. One that cannot be read stays as it is."""
    try:
        return phonenumbers.format_number(phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    except phonenumbers.NumberParseException:
        return number

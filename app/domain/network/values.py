"""One text of a file or form, read as the value it stands for. Each reader raises `Invalid` with a reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from ipaddress import ip_network
from typing import TypeVar

import pycountry

from app.domain.errors import Invalid
from app.domain.intake.countries import country_code
from app.domain.intake.domains import is_disposable, is_free_mail, registrable_domain
from app.domain.intake.money import parse_money
from app.domain.intake.numbers import read_corporate_number
from app.domain.intake.places import subdivision_code
from app.domain.money import Money
from app.domain.people import TIME_ZONES
from app.domain.phrases import N_, Phrase
from app.domain.territories import compact_postal_code

LANGUAGES = ("en", "de", "ja")
_WIDEST_NETWORK = {4: 16, 6: 32}
LONGEST_CORPORATE_NUMBER = 40
_YES = frozenset({"1", "yes", "true", "y", "x", "ja", "j", "wahr", "はい"})
_NO = frozenset({"", "0", "no", "false", "n", "nein", "falsch", "いいえ"})

Choice = TypeVar("Choice", bound=StrEnum)


def unreadable(template: str, text: object, **values: object) -> Invalid:
    """The refusal of one value: the sentence, with the text as it was given."""
    return Invalid(Phrase(template, {"text": text, **values}))


def read_text(text: str) -> str:
    """A name or code as given, blanks trimmed."""
    return " ".join(text.split())


def read_country(text: str) -> str | None:
    """An ISO 3166-1 code from a country's code or name; empty is unknown."""
    if not text.strip():
        return None
    if (code := country_code(text)) is None:
        raise unreadable(N_("“%(text)s” is not a country."), text)
    return code


def read_subdivision(text: str, country: str | None = None) -> str | None:
    """An ISO 3166-2 code such as DE-BY, or within a known country its name or short code; empty is none."""
    code = text.strip().upper()
    if code and pycountry.subdivisions.get(code=code) is None:  # type: ignore[no-untyped-call]
        if country and (named := subdivision_code(text, country)):
            return named
        raise unreadable(
            N_("“%(text)s” is not a subdivision. Write its ISO 3166-2 code, such as DE-BY."),
            text,
        )
    return code or None


def read_postal_code(text: str) -> str | None:
    """A postal code or its beginning as the rules compare it: upper case, without hyphens and spaces."""
    code = compact_postal_code(text)
    if code and not (code.isascii() and code.isalnum()):
        raise unreadable(N_("“%(text)s” is not a postal code."), text)
    return code or None


def read_time_zone(text: str) -> str:
    """A time zone's name in the tz database; empty is UTC."""
    name = text.strip() or "UTC"
    if name not in TIME_ZONES:
        raise unreadable(N_("“%(text)s” is not a time zone. Write it like Europe/Berlin."), text)
    return name


def read_language(text: str) -> str:
    """One of the product's languages; empty is English."""
    code = text.strip().lower() or "en"
    if code not in LANGUAGES:
        raise unreadable(N_("“%(text)s” is not one of the languages en, de, ja."), text)
    return code


def read_count(text: str) -> int | None:
    """A whole number from 0 to 1,000,000; empty means none is set."""
    plain = text.strip()
    if not plain:
        return None
    if not plain.isascii() or not plain.isdecimal() or int(plain) > 1_000_000:
        raise unreadable(N_("“%(text)s” is not a whole number from 0 on."), text)
    return int(plain)


def read_date(text: str) -> date | None:
    """A day written YYYY-MM-DD; a time behind it, as workbooks add, is ignored. Empty is none."""
    plain = text.strip()
    if not plain:
        return None
    try:
        return date.fromisoformat(plain[:10])
    except ValueError as error:
        raise unreadable(N_("“%(text)s” is not a date. Write it like 2027-06-30."), text) from error


def read_yes_no(text: str) -> bool:
    """Yes or no in our languages, or 1 and 0; empty is no."""
    plain = text.strip().lower()
    if plain not in _YES | _NO:
        raise unreadable(N_("“%(text)s” is neither yes nor no."), text)
    return plain in _YES


def read_money(text: str) -> Money | None:
    """An amount with its currency, such as 80,000 EUR; empty is none."""
    if not text.strip():
        return None
    if (amount := parse_money(text)) is None or not amount.currency:
        raise unreadable(N_("“%(text)s” is not an amount with its currency. Write it like 80,000 EUR."), text)
    return amount


def read_domain(text: str) -> str | None:
    """The registrable domain of a company's website or mail; empty is none."""
    if not text.strip():
        return None
    if not (domain := registrable_domain(text)):
        raise unreadable(N_("“%(text)s” is not an internet domain."), text)
    return domain


def read_domains(text: str) -> tuple[str, ...]:
    """Several domains, separated by `|`."""
    return tuple(dict.fromkeys(domain for part in read_list(text) if (domain := read_domain(part))))


def read_own_domain(text: str) -> str | None:
    """A domain of a company's own; not one where anybody has an address, for it would claim everybody's leads."""
    domain = read_domain(text)
    if domain and is_disposable(domain):
        raise unreadable(N_("“%(text)s” gives addresses to throw away, so it names no company."), text)
    if domain and is_free_mail(domain):
        raise unreadable(
            N_("“%(text)s” is a free mail service: anybody has addresses there, so it names no company."), text
        )
    return domain


def read_company_number(text: str) -> str | None:
    """A number of a trade or tax register as it is compared, refused when it is longer than any register's."""
    number = read_corporate_number(text)
    if number and len(number) > LONGEST_CORPORATE_NUMBER:
        raise unreadable(
            N_("This number is too long: write one of up to %(longest)s signs."), text, longest=LONGEST_CORPORATE_NUMBER
        )
    return number


def read_network(text: str) -> str:
    """A network of a company's own in CIDR, such as 192.0.2.0/24; an address alone is the network of that one."""
    try:
        network = ip_network(text.strip(), strict=False)
    except ValueError as error:
        raise unreadable(N_("“%(text)s” is not a network. Write it like 192.0.2.0/24."), text) from error
    if network.prefixlen < _WIDEST_NETWORK[network.version]:
        raise unreadable(N_("“%(text)s” is too wide for one company's own network."), text)
    return str(network)


def read_networks(text: str) -> tuple[str, ...]:
    """Several networks, separated by `|`."""
    return tuple(dict.fromkeys(map(read_network, read_list(text))))


def read_list(text: str) -> tuple[str, ...]:
    """Several texts, separated by `|` or `;` or on lines of their own; each once, in their order."""
    parts = text.replace(";", "|").replace("\n", "|").split("|")
    return tuple(dict.fromkeys(filter(None, map(read_text, parts))))


def one_of(choices: type[Choice], *, empty: Choice | None = None) -> Callable[[str], Choice]:
    """A reader of one word of a vocabulary; `empty` is what nothing means, if nothing is allowed."""

    def read(text: str) -> Choice:
        word = text.strip().lower().replace(" ", "_")
        if not word and empty is not None:
            return empty
        try:
            return choices(word)
        except ValueError as error:
            known = ", ".join(choice.value for choice in choices)
            raise unreadable(N_("“%(text)s” is not one of %(known)s."), text, known=known) from error

    return read


def one_of_or_none(choices: type[Choice]) -> Callable[[str], Choice | None]:
    """A reader of one word of a vocabulary, where nothing means that it is not known."""
    read_one = one_of(choices)
    return lambda text: read_one(text) if text.strip() else None


def any_of(choices: type[Choice]) -> Callable[[str], tuple[Choice, ...]]:
    """A reader of several words of a vocabulary."""
    read_one = one_of(choices)
    return lambda text: tuple(dict.fromkeys(map(read_one, read_list(text))))

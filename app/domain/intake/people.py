"""A person's name, e-mail address and telephone number in the form we keep them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from app.domain.intake.folding import plain
from app.domain.person_names import EAST_ASIAN
from app.domain.phrases import N_, Phrase

_FAMILY_FIRST = frozenset({"HU"})
_SALUTATION = re.compile(r"^(?:(?:herrn?|frau|mr|mrs|ms|miss|mx|sir|madame?|fräulein)(?:\.\s*|\s+))+", re.IGNORECASE)
_TITLE = re.compile(
    r"^(?:dr|prof|professor|dipl|ing|dipl\.?-ing|med|phil|rer|nat|h\.?c|mag|msc|bsc|mba)\.?$", re.IGNORECASE
)
_HONORIFIC = re.compile(r"\s*(?:様|さま|さん|殿|氏|先生|御中)$")
_ADDRESS_IN_ANGLES = re.compile(r"<([^<>]+@[^<>]+)>")
_LONGEST_ADDRESS = 320
_LONGEST_NUMBER = 250
_PHONE_PARTS = re.compile(r"\s*(?:;|,|\bor\b|\boder\b|または|\n| / )\s*")


@dataclass(frozen=True, slots=True)
class PersonName:
    """`full` is written in the order of the name's own culture; a part that cannot be told stays empty."""

    given: str = ""
    family: str = ""
    full: str = ""


@dataclass(frozen=True, slots=True)
class EmailReading:
    """`address` is normalised when `problem` is None; otherwise it is what was received."""

    address: str = ""
    problem: Phrase | None = None

    @property
    def is_usable(self) -> bool:
        """Whether a mail can be written to it."""
        return bool(self.address) and self.problem is None


@dataclass(frozen=True, slots=True)
class PhoneReading:
    """`number` is E.164 when `problem` is None; otherwise it is what was received."""

    number: str = ""
    problem: Phrase | None = None

    @property
    def is_usable(self) -> bool:
        """Whether it can be dialled."""
        return bool(self.number) and self.problem is None


def read_name(given: str = "", family: str = "", full: str = "", *, country: str = "") -> PersonName:
    """The name from its parts or from one cell: `Müller, Max`, `Herr Dr. Max Müller`, `山田 太郎様`.

    Names in East Asian writing (and Hungarian ones) have the family name first; others last.
    """
    parts = PersonName(_without_courtesy(given), _without_courtesy(family))
    if not (parts.given or parts.family):
        parts = _split(_without_courtesy(full), country)
    elif not (parts.given and parts.family) and _without_courtesy(full):
        split = _split(_without_courtesy(full), country)
        parts = PersonName(parts.given or split.given, parts.family or split.family)
    is_family_first = country in _FAMILY_FIRST or EAST_ASIAN.search(parts.family + parts.given)
    order = (parts.family, parts.given) if is_family_first else (parts.given, parts.family)
    whole = " ".join(part for part in order if part)
    return PersonName(parts.given, parts.family, whole or _without_courtesy(full))


def _without_courtesy(text: str) -> str:
    return _HONORIFIC.sub("", _SALUTATION.sub("", plain(text)))


def _split(full: str, country: str) -> PersonName:
    if "," in full:
        family, _, given = (part.strip() for part in full.partition(","))
        return PersonName(given, family)
    words = full.split(" ")
    if len(words) < 2:
        return PersonName(full=full)
    if EAST_ASIAN.search(full) or country in _FAMILY_FIRST:
        return PersonName(" ".join(words[1:]), words[0])
    names = [word for word in words if not _TITLE.match(word)] or words
    place = next((n for n, word in enumerate(names[1:], start=1) if word in _PARTICLES), len(names) - 1)
    titles = [word for word in words if word not in names]
    return PersonName(" ".join(titles + names[:place]), " ".join(names[place:]))


_PARTICLES = frozenset(
    {"von", "van", "de", "der", "zu", "zum", "zur", "di", "da", "del", "della", "la", "le", "ter", "ten"}
)
"""Words that begin a family name: `Ludwig van Beethoven`."""


def read_email(text: str) -> EmailReading:
    """The address in lower case, or what was received and why it cannot be used. Nobody is asked on the network."""
    received = unicodedata.normalize("NFKC", text).strip()
    if not received:
        return EmailReading()
    angled = _ADDRESS_IN_ANGLES.search(received[: 2 * _LONGEST_ADDRESS])
    bare = (angled[1] if angled else received).strip().removeprefix("mailto:").strip(" .,;'\"")
    try:
        checked = validate_email(bare[: _LONGEST_ADDRESS + 1], check_deliverability=False)
    except (EmailNotValidError, ValueError):
        return EmailReading(received, Phrase(N_("“%(text)s” is not an e-mail address."), {"text": received[:120]}))
    return EmailReading(checked.normalized.lower())


def read_phone(text: str, country: str = "") -> PhoneReading:
    """The first number of the cell in E.164, dialled from `country`; or what was received and why it cannot be used."""
    received = unicodedata.normalize("NFKC", text).strip()
    if not received:
        return PhoneReading()
    for part in (received, *_PHONE_PARTS.split(received[:_LONGEST_NUMBER])):
        if number := _dialled(re.sub(r"^\D*00(?=[1-9])", "+", part), country):
            return PhoneReading(number)
    return PhoneReading(received, Phrase(N_("“%(text)s” is not a telephone number."), {"text": received[:60]}))


def _dialled(text: str, country: str) -> str:
    try:
        number = phonenumbers.parse(text, country.upper() or None)
    except phonenumbers.NumberParseException:
        return ""
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason != phonenumbers.ValidationResult.IS_POSSIBLE:
        return ""
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))

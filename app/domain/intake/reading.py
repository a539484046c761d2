"""One arrival read whole: every field normalised, what cannot be read named, nothing lost."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import phonenumbers

from app.domain.consent import ConsentScope
from app.domain.intake.companies import CompanyName, company_name
from app.domain.intake.consent import Consent, parse_consent
from app.domain.intake.domains import is_disposable, is_free_mail, registrable_domain
from app.domain.intake.executives import DEFAULT_TITLE_RULES, TitleRules, is_executive
from app.domain.intake.fields import LeadField
from app.domain.intake.folding import plain
from app.domain.intake.languages import language_code, language_of_country
from app.domain.intake.money import currency_code, currency_of, parse_money
from app.domain.intake.numbers import corporate_number, read_count, read_score
from app.domain.intake.people import EmailReading, PersonName, PhoneReading, read_email, read_name, read_phone
from app.domain.intake.places import country_code, normalise_postal_code, subdivision_code, subdivision_of_postal_code
from app.domain.intake.sources import source_kind
from app.domain.intake.times import parse_time
from app.domain.leads import SourceKind
from app.domain.money import Money
from app.domain.phrases import N_, Phrase

_PRODUCT_BREAKS = re.compile(r"\s*[,;|、，；\n\t]\s*")


@dataclass(frozen=True, slots=True)
class IntakeDefaults:
    """What holds where a row says nothing: set by the form, the import or the manufacturer."""

    country: str = ""
    currency: str = ""
    home_currency: str = ""
    """The manufacturer's own, where neither the row nor its country tells one."""
    time_zone: str = "UTC"
    language: str = "en"
    source: SourceKind = SourceKind.OTHER
    consent: Consent = Consent(ConsentScope.NONE)
    titles: TitleRules = DEFAULT_TITLE_RULES


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be read. A fatal one keeps the row in quarantine; any other keeps the text as received."""

    field: LeadField
    phrase: Phrase
    is_fatal: bool = False


@dataclass(frozen=True, slots=True)
class LeadReading:
    """One lead as the rules work with it. Empty text and None mean: not given, or not readable (see `problems`)."""

    external_id: str = ""
    person: PersonName = PersonName()
    job_title: str = ""
    department: str = ""
    is_executive: bool = False
    company: CompanyName = CompanyName("", "", "")
    corporate_number: str = ""
    email: EmailReading = EmailReading()
    email_domain: str = ""
    is_free_mail: bool = False
    is_disposable_mail: bool = False
    phone: PhoneReading = PhoneReading()
    website: str = ""
    website_domain: str = ""
    street: str = ""
    city: str = ""
    country: str = ""
    subdivision: str = ""
    postal_code: str = ""
    products: tuple[str, ...] = ()
    amount: Money | None = None
    score: int | None = None
    consent: Consent = Consent(ConsentScope.NONE)
    source: str = ""
    source_kind: SourceKind = SourceKind.OTHER
    campaign: str = ""
    message: str = ""
    created_at: datetime | None = None
    industry: str = ""
    employees: int | None = None
    language: str = "en"
    urgency: str = ""
    problems: tuple[Problem, ...] = field(default=())

    @property
    def is_readable(self) -> bool:
        """Whether it can be distributed; otherwise it belongs in quarantine."""
        return not any(problem.is_fatal for problem in self.problems)


class _Reader:
    """The cells of one row, and the problems met so far."""

    def __init__(self, raw: Mapping[LeadField, str]) -> None:
        self.raw = raw
        self.problems: list[Problem] = []

    def text(self, name: LeadField) -> str:
        return plain(self.raw.get(name, ""))

    def note(self, name: LeadField, message: str, *, is_fatal: bool = False) -> None:
        """`message` is a template marked with N_ at the call; `text` is what stood in the cell."""
        self.problems.append(Problem(name, Phrase(message, {"text": self.text(name)[:120]}), is_fatal))


def read_lead(raw: Mapping[LeadField, str], defaults: IntakeDefaults | None = None) -> LeadReading:
    """Read one arrival. Never raises for anything a cell may hold; the same cells always give the same reading.

    Fatal are: a country that is missing or unreadable, and a row without any way to make contact.
    Which products the words mean, and whether there are any, is decided against the catalogue by the caller.
    """
    defaults = defaults or IntakeDefaults()
    reader = _Reader(raw)
    prospect = _read_prospect(reader, defaults)
    return replace(
        prospect,
        external_id=reader.text(LeadField.EXTERNAL_ID),
        products=split_products(raw.get(LeadField.PRODUCTS, "")),
        amount=_read_amount(reader, prospect.country, defaults),
        score=_read_score(reader),
        consent=_read_consent(reader, defaults.consent),
        source=reader.text(LeadField.SOURCE),
        source_kind=source_kind(reader.text(LeadField.SOURCE), defaults.source),
        campaign=reader.text(LeadField.CAMPAIGN),
        message=clean_message(raw.get(LeadField.MESSAGE, "")),
        created_at=_read_created_at(reader, prospect.country, defaults.time_zone),
        language=_read_language(reader, prospect.country, defaults.language),
        urgency=reader.text(LeadField.URGENCY),
        problems=tuple(reader.problems),
    )


def split_products(text: str) -> tuple[str, ...]:
    """The products asked for, as written, each once: `PUMP; VALVE`, `PUMP, VALVE`, `PUMP、VALVE`."""
    parts = (plain(part) for part in _PRODUCT_BREAKS.split(text))
    return tuple(dict.fromkeys(part for part in parts if part))


def clean_message(text: str) -> str:
    """The prospect's words with their lines, without control characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if sign.isprintable() or sign in "\n\t").strip()


def _read_prospect(reader: _Reader, defaults: IntakeDefaults) -> LeadReading:
    """Who asks, from which company and place; nothing yet of what is asked for."""
    country = _read_country(reader, defaults.country)
    postal_code = _read_postal_code(reader, country)
    subdivision = _read_subdivision(reader, country, postal_code)
    email = read_email(reader.raw.get(LeadField.EMAIL, ""))
    phone = read_phone(reader.raw.get(LeadField.PHONE, ""), country)
    _note_contact_problems(reader, email, phone)
    email_domain = registrable_domain(email.address) if email.is_usable else ""
    job_title, website = reader.text(LeadField.JOB_TITLE), reader.text(LeadField.WEBSITE)
    return LeadReading(
        person=_read_person(reader, country),
        job_title=job_title,
        department=reader.text(LeadField.DEPARTMENT),
        is_executive=is_executive(job_title, defaults.titles),
        company=company_name(reader.raw.get(LeadField.COMPANY, "")),
        corporate_number=corporate_number(reader.text(LeadField.CORPORATE_NUMBER)),
        email=email,
        email_domain=email_domain,
        is_free_mail=is_free_mail(email_domain),
        is_disposable_mail=is_disposable(email_domain),
        phone=phone,
        website=website,
        website_domain=registrable_domain(website),
        street=reader.text(LeadField.STREET),
        city=reader.text(LeadField.CITY),
        country=country,
        subdivision=subdivision,
        postal_code=postal_code,
        industry=reader.text(LeadField.INDUSTRY),
        employees=read_count(reader.text(LeadField.EMPLOYEES)),
    )


def _read_person(reader: _Reader, country: str) -> PersonName:
    given, family, full = (
        reader.raw.get(name, "") for name in (LeadField.GIVEN_NAME, LeadField.FAMILY_NAME, LeadField.FULL_NAME)
    )
    return read_name(given, family, full, country=country)


def _read_country(reader: _Reader, default: str) -> str:
    text = reader.text(LeadField.COUNTRY)
    if text:
        if code := country_code(text):
            return code
        reader.note(LeadField.COUNTRY, N_("“%(text)s” is not a country we know."), is_fatal=True)
        return ""
    if found := default or _country_of_phone(reader.text(LeadField.PHONE)):
        return found
    reader.note(LeadField.COUNTRY, N_("The country is missing."), is_fatal=True)
    return ""


def _country_of_phone(text: str) -> str:
    """The country of a number written with its international code."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(text)) or ""
    except phonenumbers.NumberParseException:
        return ""


def _read_postal_code(reader: _Reader, country: str) -> str:
    text = reader.text(LeadField.POSTAL_CODE)
    if not text or not country:
        return text
    code = normalise_postal_code(text, country)
    if code is None:
        reader.note(LeadField.POSTAL_CODE, N_("“%(text)s” is not a postal code of that country."))
    return text if code is None else code


def _read_subdivision(reader: _Reader, country: str, postal_code: str) -> str:
    """From the region's name; else from the postal code. The name wins where they disagree."""
    text = reader.text(LeadField.REGION)
    named = subdivision_code(text, country) if text else None
    located = subdivision_of_postal_code(postal_code, country) if postal_code else None
    if text and country and not named:
        reader.note(LeadField.REGION, N_("“%(text)s” is not a region of that country."))
    if named and located and named != located:
        reader.note(LeadField.POSTAL_CODE, N_("The postal code %(text)s lies in another region than the one named."))
    return named or located or ""


def _note_contact_problems(reader: _Reader, email: EmailReading, phone: PhoneReading) -> None:
    for name, problem in ((LeadField.EMAIL, email.problem), (LeadField.PHONE, phone.problem)):
        if problem:
            reader.problems.append(Problem(name, problem))
    if not (email.is_usable or phone.is_usable):
        nothing = N_("There is neither an e-mail address nor a telephone number to use.")
        reader.note(LeadField.EMAIL, nothing, is_fatal=True)


def _read_amount(reader: _Reader, country: str, defaults: IntakeDefaults) -> Money | None:
    text = reader.text(LeadField.AMOUNT)
    if not text:
        return None
    named = currency_code(reader.text(LeadField.CURRENCY)) or defaults.currency
    amount = parse_money(text, country=country, currency=named or currency_of(country) or defaults.home_currency)
    if amount is None:
        reader.note(LeadField.AMOUNT, N_("“%(text)s” is not an amount of money."))
    return amount


def _read_score(reader: _Reader) -> int | None:
    text = reader.text(LeadField.SCORE)
    score = read_score(text) if text else None
    if text and score is None:
        reader.note(LeadField.SCORE, N_("“%(text)s” is not a score of 0 to 100."))
    return score


def _read_consent(reader: _Reader, default: Consent) -> Consent:
    text = reader.text(LeadField.CONSENT)
    if not text:
        return default
    consent = parse_consent(text)
    if consent is None:
        reader.note(LeadField.CONSENT, N_("“%(text)s” is not a consent we can read; it counts as none."))
    return consent or Consent(ConsentScope.NONE)


def _read_created_at(reader: _Reader, country: str, time_zone: str) -> datetime | None:
    text = reader.text(LeadField.CREATED_AT)
    moment = parse_time(text, ZoneInfo(time_zone), country=country) if text else None
    if text and moment is None:
        reader.note(LeadField.CREATED_AT, N_("“%(text)s” is not a date and time."))
    return moment


def _read_language(reader: _Reader, country: str, default: str) -> str:
    """The language named; else that of the country; else the default."""
    text = reader.text(LeadField.LANGUAGE)
    named = language_code(text) if text else None
    if text and not named:
        reader.note(LeadField.LANGUAGE, N_("“%(text)s” is not a language we know."))
    return named or language_of_country(country) or default

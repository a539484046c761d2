"""A score for leads whose source gives none: a visible sum of rules, each with its points and its reason."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.intake.reading import LeadReading
from app.domain.money import Money
from app.domain.phrases import N_

Fact = str | int | bool

_UNITS_PER_EURO = {"JPY": 150, "KRW": 1_400, "INR": 90, "CNY": 8, "TWD": 35, "CZK": 25, "HUF": 400, "SEK": 11,
                   "NOK": 11, "DKK": 7, "PLN": 4, "MXN": 20, "BRL": 6, "TRY": 40}  # fmt: skip
"""Orders of magnitude, to tell a small amount from a large one in any currency; never for figures shown to people."""

_MANAGERS = re.compile(
    r"\b(?:manager|director|head|lead|supervisor|superintendent)\b|leit(?:er|erin|ung)\b|meister|chef\b|部長|課長|係長|主任|工場長|マネー?ジャー",
    re.IGNORECASE,
)
_URGENT = re.compile(r"urgent|asap|immediate|high|hoch|sofort|dringend|eilig|至急|緊急|すぐ|高", re.IGNORECASE)


class ScoreField(StrEnum):
    """What a rule may look at."""

    ALWAYS = "always"
    EMAIL_KIND = "email_kind"
    HAS_PHONE = "has_phone"
    HAS_COMPANY = "has_company"
    SENIORITY = "seniority"
    AMOUNT = "amount"
    MESSAGE_LENGTH = "message_length"
    SOURCE_KIND = "source_kind"
    PRODUCT_COUNT = "product_count"
    EMPLOYEES = "employees"
    INDUSTRY = "industry"
    COUNTRY = "country"
    IS_URGENT = "is_urgent"


class ScoreOperator(StrEnum):
    """How a rule compares."""

    EQUALS = "equals"
    AT_LEAST = "at_least"
    ONE_OF = "one_of"


@dataclass(frozen=True, slots=True)
class ScoreRule:
    """`points` (may be negative) when the field compares so with `value`; `one_of` takes values parted by `|`."""

    field: ScoreField
    operator: ScoreOperator
    value: Fact
    points: int
    label: str


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One rule that counted: its label (to be translated) and its points."""

    label: str
    points: int


@dataclass(frozen=True, slots=True)
class ScoreResult:
    """The sum, kept within 0 to 100, and the lines it comes from."""

    total: int
    lines: tuple[ScoreLine, ...]


_IS, _MIN, _IN = ScoreOperator.EQUALS, ScoreOperator.AT_LEAST, ScoreOperator.ONE_OF

DEFAULT_SCORE_RULES: tuple[ScoreRule, ...] = (
    ScoreRule(ScoreField.ALWAYS, _IS, True, 10, N_("Asked to be contacted")),
    ScoreRule(ScoreField.EMAIL_KIND, _IS, "business", 20, N_("Business e-mail address")),
    ScoreRule(ScoreField.EMAIL_KIND, _IS, "disposable", -40, N_("Throw-away e-mail address")),
    ScoreRule(ScoreField.HAS_PHONE, _IS, True, 10, N_("Telephone number given")),
    ScoreRule(ScoreField.HAS_COMPANY, _IS, True, 10, N_("Company named")),
    ScoreRule(ScoreField.SENIORITY, _IS, "executive", 15, N_("Executive")),
    ScoreRule(ScoreField.SENIORITY, _IS, "manager", 10, N_("Manager")),
    ScoreRule(ScoreField.AMOUNT, _MIN, 1, 10, N_("Budget named")),
    ScoreRule(ScoreField.AMOUNT, _MIN, 50_000, 10, N_("Budget of 50,000 or more")),
    ScoreRule(ScoreField.MESSAGE_LENGTH, _MIN, 40, 5, N_("Wrote a message")),
    ScoreRule(ScoreField.SOURCE_KIND, _IN, "trade_fair|web_form|phone|partner", 10, N_("Came to us by itself")),
    ScoreRule(ScoreField.PRODUCT_COUNT, _MIN, 2, 5, N_("Several product lines")),
    ScoreRule(ScoreField.IS_URGENT, _IS, True, 10, N_("Urgent")),
)
"""A company that asks by a business address with a telephone number reaches 50, the release score; a private address
needs a budget or a senior person besides."""


def score_lead(reading: LeadReading, rules: Sequence[ScoreRule] = DEFAULT_SCORE_RULES) -> ScoreResult:
    """The score of a lead whose source gave none, with every line that counted."""
    facts = score_facts(reading)
    lines = tuple(ScoreLine(rule.label, rule.points) for rule in rules if _counts(rule, facts))
    return ScoreResult(min(100, max(0, sum(line.points for line in lines))), lines)


def score_facts(reading: LeadReading) -> Mapping[ScoreField, Fact]:
    """What the rules see of a lead."""
    return {
        ScoreField.ALWAYS: True,
        ScoreField.EMAIL_KIND: _email_kind(reading),
        ScoreField.HAS_PHONE: reading.phone.is_usable,
        ScoreField.HAS_COMPANY: bool(reading.company.key),
        ScoreField.SENIORITY: _seniority(reading),
        ScoreField.AMOUNT: _in_euro_scale(reading.amount),
        ScoreField.MESSAGE_LENGTH: len(reading.message),
        ScoreField.SOURCE_KIND: reading.source_kind.value,
        ScoreField.PRODUCT_COUNT: len(reading.products),
        ScoreField.EMPLOYEES: reading.employees or 0,
        ScoreField.INDUSTRY: reading.industry.casefold(),
        ScoreField.COUNTRY: reading.country,
        ScoreField.IS_URGENT: bool(_URGENT.search(reading.urgency)),
    }


def _counts(rule: ScoreRule, facts: Mapping[ScoreField, Fact]) -> bool:
    fact = facts[rule.field]
    if rule.operator is ScoreOperator.AT_LEAST:
        return isinstance(fact, int) and isinstance(rule.value, int) and fact >= rule.value
    if rule.operator is ScoreOperator.ONE_OF:
        return str(fact).casefold() in str(rule.value).casefold().split("|")
    return fact == rule.value


def _email_kind(reading: LeadReading) -> str:
    if not reading.email.is_usable:
        return "none"
    if reading.is_disposable_mail:
        return "disposable"
    return "free" if reading.is_free_mail else "business"


def _seniority(reading: LeadReading) -> str:
    if reading.is_executive:
        return "executive"
    return "manager" if _MANAGERS.search(reading.job_title) else "other"


def _in_euro_scale(amount: Money | None) -> int:
    return amount.cents // 100 // _UNITS_PER_EURO.get(amount.currency, 1) if amount else 0

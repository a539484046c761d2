"""Conditions on any field of a lead, joined by and, or, not; each says itself in words (T-14, T-21, T-22)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.domain.errors import Invalid
from app.domain.phrases import N_, Phrase

Fact = str | int | bool | frozenset[str] | None


class LeadField(StrEnum):
    """What of a lead a condition may look at. Sets hold codes; amounts are whole units of the lead's own currency."""

    COUNTRY = "country"
    SUBDIVISION = "subdivision"
    POSTAL_CODE = "postal_code"
    CITY = "city"
    COMPANY = "company"
    INDUSTRY = "industry"
    EMPLOYEES = "employees"
    JOB_TITLE = "job_title"
    DEPARTMENT = "department"
    SOURCE_KIND = "source_kind"
    SOURCE_NAME = "source_name"
    CAMPAIGN = "campaign"
    PRODUCTS = "products"
    AMOUNT = "amount"
    CURRENCY = "currency"
    SCORE = "score"
    IS_HOT = "is_hot"
    ACCOUNT_LEVEL = "account_level"
    ACCOUNT_STATUS = "account_status"
    CONSENT = "consent"
    LANGUAGE = "language"
    MESSAGE = "message"
    TIMES_ASKED = "times_asked"


class Operator(StrEnum):
    """How a field is compared. Where several values stand, one of them is enough."""

    IS = "is"
    IS_NOT = "is_not"
    CONTAINS = "contains"
    STARTS_WITH = "starts_with"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    IS_KNOWN = "is_known"
    IS_UNKNOWN = "is_unknown"


LeadValues = Mapping[LeadField, Fact]

FIELD_LABELS = {
    LeadField.COUNTRY: N_("Country"),
    LeadField.SUBDIVISION: N_("State or province"),
    LeadField.POSTAL_CODE: N_("Postal code"),
    LeadField.CITY: N_("City"),
    LeadField.COMPANY: N_("Company"),
    LeadField.INDUSTRY: N_("Industry"),
    LeadField.EMPLOYEES: N_("Employees"),
    LeadField.JOB_TITLE: N_("Job title"),
    LeadField.DEPARTMENT: N_("Department"),
    LeadField.SOURCE_KIND: N_("Kind of source"),
    LeadField.SOURCE_NAME: N_("Source"),
    LeadField.CAMPAIGN: N_("Campaign"),
    LeadField.PRODUCTS: N_("Product line"),
    LeadField.AMOUNT: N_("Amount"),
    LeadField.CURRENCY: N_("Currency"),
    LeadField.SCORE: N_("Score"),
    LeadField.IS_HOT: N_("Hot"),
    LeadField.ACCOUNT_LEVEL: N_("Account level"),
    LeadField.ACCOUNT_STATUS: N_("Status of the account"),
    LeadField.CONSENT: N_("Consent"),
    LeadField.LANGUAGE: N_("Language"),
    LeadField.MESSAGE: N_("Message"),
    LeadField.TIMES_ASKED: N_("How often asked"),
}
"""What people call the fields."""

OPERATOR_LABELS = {
    Operator.IS: N_("is"),
    Operator.IS_NOT: N_("is not"),
    Operator.CONTAINS: N_("contains"),
    Operator.STARTS_WITH: N_("begins with"),
    Operator.AT_LEAST: N_("is at least"),
    Operator.AT_MOST: N_("is at most"),
    Operator.IS_KNOWN: N_("is known"),
    Operator.IS_UNKNOWN: N_("is not known"),
}
"""How people read the operators."""

_NUMBERS = frozenset({LeadField.EMPLOYEES, LeadField.AMOUNT, LeadField.SCORE, LeadField.TIMES_ASKED})
_LIMITS = frozenset({Operator.AT_LEAST, Operator.AT_MOST})
_VALUELESS = frozenset({Operator.IS_KNOWN, Operator.IS_UNKNOWN})
_YES_OR_NO = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class FieldCondition:
    """A field compared with a value; several values stand parted by commas, `yes` or `no` for what is or is not so."""

    field: LeadField
    operator: Operator
    value: str = ""

    def check(self) -> None:
        """Raise `Invalid` where the comparison makes no sense for the field."""
        if self.operator in _VALUELESS:
            return
        if not self.values:
            raise Invalid(Phrase(N_("Say what %(field)s is compared with."), {"field": field_name(self.field)}))
        if self.operator in _LIMITS and self.field not in _NUMBERS:
            told = N_("%(field)s is no number: it cannot be at least or at most something.")
            raise Invalid(Phrase(told, {"field": field_name(self.field)}))
        if self.field in _NUMBERS and not all(value.isdecimal() for value in self.values):
            raise Invalid(Phrase(N_("%(field)s is compared with a whole number."), {"field": field_name(self.field)}))
        if self.operator in _LIMITS and len(self.values) > 1:
            raise Invalid(Phrase(N_("%(field)s is compared with one number."), {"field": field_name(self.field)}))
        if self.field is LeadField.IS_HOT and not _YES_OR_NO.keys() >= set(self.values):
            raise Invalid(Phrase(N_("%(field)s is yes or no."), {"field": field_name(self.field)}))

    @property
    def values(self) -> tuple[str, ...]:
        """What the field is compared with, as it is compared."""
        return tuple(part for part in (part.strip().casefold() for part in self.value.split(",")) if part)

    def holds_for(self, values: LeadValues) -> bool:
        """Whether a lead meets it. What is not known of a lead meets nothing but “is not known”."""
        fact = values.get(self.field)
        is_known = fact is not None and fact not in ("", frozenset())
        if self.operator in _VALUELESS:
            return is_known is (self.operator is Operator.IS_KNOWN)
        return is_known and self._compares_with(fact)

    def _compares_with(self, fact: Fact) -> bool:
        if self.operator in _LIMITS:
            return isinstance(fact, int) and self._is_within(fact)
        texts = fact if isinstance(fact, frozenset) else [_text(fact)]
        found = any(self._is_alike(text.casefold(), value) for text in texts for value in self.values)
        return found is not (self.operator is Operator.IS_NOT)

    def _is_within(self, number: int) -> bool:
        limit = int(self.value)
        return number >= limit if self.operator is Operator.AT_LEAST else number <= limit

    def _is_alike(self, text: str, value: str) -> bool:
        if self.operator is Operator.CONTAINS:
            return value in text
        return text.startswith(value) if self.operator is Operator.STARTS_WITH else text == value

    @property
    def phrase(self) -> Phrase:
        """The condition in words."""
        said = {"field": field_name(self.field), "operator": Phrase(OPERATOR_LABELS[self.operator])}
        if self.operator in _VALUELESS:
            return Phrase("%(field)s %(operator)s", said)
        return Phrase("%(field)s %(operator)s %(value)s", said | {"value": self.value})

    def to_json(self) -> dict[str, object]:
        """A form that JSON can keep."""
        return {"field": self.field.value, "operator": self.operator.value, "value": self.value}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> FieldCondition:
        """Read what `to_json` wrote."""
        return cls(LeadField(data["field"]), Operator(data["operator"]), data["value"])


def is_number(field: LeadField) -> bool:
    """Whether a field holds a whole number."""
    return field in _NUMBERS


def field_name(field: LeadField) -> Phrase:
    """What people call a field."""
    return Phrase(FIELD_LABELS[field])


def _text(fact: Fact) -> str:
    return ("yes" if fact else "no") if isinstance(fact, bool) else str(fact)


class Junction(StrEnum):
    """How several conditions are joined."""

    ALL = "all"
    ANY = "any"
    NONE = "not"


JUNCTION_LABELS = {
    Junction.ALL: N_("all of these hold"),
    Junction.ANY: N_("one of these holds"),
    Junction.NONE: N_("none of these holds"),
}
"""How people read the junctions."""


@dataclass(frozen=True, slots=True)
class ConditionGroup:
    """Conditions and further groups, joined. No part at all: every lead meets it, however it is joined."""

    junction: Junction = Junction.ALL
    parts: tuple[FieldCondition | ConditionGroup, ...] = ()

    def check(self) -> None:
        """Raise `Invalid` where a part makes no sense."""
        for part in self.parts:
            part.check()

    def holds_for(self, values: LeadValues) -> bool:
        """Whether a lead meets it."""
        if not self.parts:
            return True
        met = (part.holds_for(values) for part in self.parts)
        if self.junction is Junction.ALL:
            return all(met)
        return any(met) is (self.junction is Junction.ANY)

    @property
    def phrase(self) -> Phrase:
        """The conditions in words."""
        if not self.parts:
            return Phrase(N_("always"))
        joins = {Junction.ALL: N_("%(first)s and %(next)s"), Junction.ANY: N_("%(first)s or %(next)s")}
        join = joins.get(self.junction, N_("%(first)s or %(next)s"))
        said = joined([_bracketed(part) for part in self.parts], join)
        return Phrase(N_("not (%(what)s)"), {"what": said}) if self.junction is Junction.NONE else said

    def to_json(self) -> dict[str, object]:
        """A form that JSON can keep."""
        return {self.junction.value: [part.to_json() for part in self.parts]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ConditionGroup:
        """Read what `to_json` wrote; nothing at all is met by every lead."""
        for junction in Junction:
            if junction in data:
                return cls(junction, tuple(map(_part_from_json, data[junction])))
        return cls()


def _part_from_json(data: Mapping[str, Any]) -> FieldCondition | ConditionGroup:
    return FieldCondition.from_json(data) if "field" in data else ConditionGroup.from_json(data)


def _bracketed(part: FieldCondition | ConditionGroup) -> Phrase:
    is_plain = isinstance(part, FieldCondition) or len(part.parts) < 2
    return part.phrase if is_plain else Phrase("(%(what)s)", {"what": part.phrase})


def joined(phrases: Sequence[Phrase], join: str = "%(first)s, %(next)s") -> Phrase:
    """Several phrases as one; at least one."""
    said = phrases[0]
    for following in phrases[1:]:
        said = Phrase(join, {"first": said, "next": following})
    return said

"""Conditions that no lead can meet."""

from __future__ import annotations

import pytest

from app.domain.contradictions import contradiction_in
from app.domain.lead_conditions import ConditionGroup, FieldCondition, Junction, LeadField, Operator

DE = (LeadField.COUNTRY, Operator.IS, "DE")
FR = (LeadField.COUNTRY, Operator.IS, "fr")
BAVARIA = (LeadField.SUBDIVISION, Operator.IS, "DE-BY")
HIGH = (LeadField.SCORE, Operator.AT_LEAST, "80")
LOW = (LeadField.SCORE, Operator.AT_MOST, "20")
PUMP = (LeadField.PRODUCTS, Operator.IS, "PUMP")
ROBOT = (LeadField.PRODUCTS, Operator.IS, "ROBOT")
NO_PUMP = (LeadField.PRODUCTS, Operator.IS_NOT, "PUMP")

Triple = tuple[LeadField, Operator, str]


def joined(junction: Junction, *triples: Triple) -> ConditionGroup:
    return ConditionGroup(junction, tuple(FieldCondition(*one) for one in triples))


@pytest.mark.parametrize(
    ("field", "triples"),
    [
        (LeadField.COUNTRY, (DE, FR)),
        (LeadField.COUNTRY, (DE, (LeadField.COUNTRY, Operator.IS_UNKNOWN, ""))),
        (LeadField.COUNTRY, (DE, (LeadField.COUNTRY, Operator.IS_NOT, "AT, DE"))),
        (LeadField.POSTAL_CODE, tuple((LeadField.POSTAL_CODE, Operator.STARTS_WITH, one) for one in ("80", "90"))),
        (LeadField.SCORE, (HIGH, LOW)),
        (LeadField.SCORE, ((LeadField.SCORE, Operator.AT_LEAST, "101"),)),
        (LeadField.TIMES_ASKED, ((LeadField.TIMES_ASKED, Operator.AT_MOST, "0"),)),
        (LeadField.PRODUCTS, (PUMP, NO_PUMP)),
        (LeadField.SUBDIVISION, (FR, BAVARIA)),
        (LeadField.SUBDIVISION, (BAVARIA, (LeadField.COUNTRY, Operator.IS_NOT, "AT, DE"))),
        (LeadField.SUBDIVISION, (FR, (LeadField.SUBDIVISION, Operator.STARTS_WITH, "DE-"))),
        (LeadField.IS_HOT, tuple((LeadField.IS_HOT, Operator.IS, one) for one in ("yes", "no"))),
    ],
)
def test_what_cannot_hold_together(field: LeadField, triples: tuple[Triple, ...]) -> None:
    assert contradiction_in(joined(Junction.ALL, *triples)) is field


@pytest.mark.parametrize(
    "triples",
    [
        (),
        (DE, HIGH),
        (PUMP, ROBOT),
        (DE, BAVARIA),
        (BAVARIA, (LeadField.COUNTRY, Operator.IS_NOT, "FR")),
        (FR, (LeadField.SUBDIVISION, Operator.IS_NOT, "DE-BY")),
        (FR, (LeadField.SUBDIVISION, Operator.IS, "DE-BY, FR-IDF")),
        (FR, (LeadField.SUBDIVISION, Operator.IS_UNKNOWN, "")),
        (HIGH, (LeadField.SCORE, Operator.AT_MOST, "80")),
        ((LeadField.COUNTRY, Operator.IS_NOT, "DE"), (LeadField.COUNTRY, Operator.IS_NOT, "FR")),
        tuple((LeadField.POSTAL_CODE, Operator.STARTS_WITH, one) for one in ("80", "8033, 9")),
        tuple((LeadField.COMPANY, Operator.CONTAINS, one) for one in ("Werk", "Bau")),
        ((LeadField.POSTAL_CODE, Operator.STARTS_WITH, "80"), (LeadField.POSTAL_CODE, Operator.IS_NOT, "80")),
    ],
)
def test_what_can_hold_together(triples: tuple[Triple, ...]) -> None:
    assert contradiction_in(joined(Junction.ALL, *triples)) is None


def test_one_of_two_is_enough_and_none_forbids_both() -> None:
    """One alternative that can hold saves the rule; none of them forbids what is asked besides."""
    any_country = joined(Junction.ANY, DE, FR)
    assert contradiction_in(any_country) is None
    assert contradiction_in(ConditionGroup(Junction.ALL, (joined(Junction.ALL, DE), any_country))) is None
    without_both = ConditionGroup(Junction.ALL, (joined(Junction.NONE, DE, FR), any_country))
    assert contradiction_in(without_both) is LeadField.COUNTRY
    assert contradiction_in(joined(Junction.NONE, DE, FR)) is None
    known_or_not = [(LeadField.COUNTRY, one, "") for one in (Operator.IS_KNOWN, Operator.IS_UNKNOWN)]
    assert contradiction_in(joined(Junction.NONE, *known_or_not)) is LeadField.COUNTRY

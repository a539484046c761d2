"""Conditions on any field of a lead."""

from __future__ import annotations

import json

import pytest

from app.domain.errors import Invalid
from app.domain.lead_conditions import (
    FIELD_LABELS,
    OPERATOR_LABELS,
    ConditionGroup,
    FieldCondition,
    Junction,
    LeadField,
    LeadValues,
    Operator,
)

LEAD: LeadValues = {
    LeadField.COUNTRY: "DE",
    LeadField.POSTAL_CODE: "80331",
    LeadField.INDUSTRY: "Medical devices",
    LeadField.EMPLOYEES: 120,
    LeadField.JOB_TITLE: "Head of Accounting",
    LeadField.PRODUCTS: frozenset({"PUMP", "VALVE"}),
    LeadField.AMOUNT: None,
    LeadField.IS_HOT: False,
    LeadField.CITY: "",
    LeadField.MESSAGE: "We need 100 seats urgently",
}


def condition(text: str) -> FieldCondition:
    field, operator, value = [*text.split(" ", 2), ""][:3]
    return FieldCondition(LeadField(field), Operator(operator), value)


@pytest.mark.covers("T-10", "T-13", "T-17", "T-22")
@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("country is de", True),
        ("country is AT, DE", True),
        ("country is AT", False),
        ("country is_not AT", True),
        ("country is_not AT,DE", False),
        ("postal_code starts_with 80,81", True),
        ("postal_code starts_with 81", False),
        ("industry contains medical", True),
        ("industry is medical", False),
        ("job_title contains marketing, accounting", True),
        ("products is PUMP", True),
        ("products is ROBOT", False),
        ("products is_not PUMP", False),
        ("employees at_least 120", True),
        ("employees at_least 121", False),
        ("employees at_most 120", True),
        ("employees at_most 119", False),
        ("employees is 120", True),
        ("is_hot is no", True),
        ("is_hot is yes", False),
        ("message contains 100 SEATS", True),
        ("amount at_least 0", False),
        ("amount is_unknown", True),
        ("amount is_known", False),
        ("city is_not Berlin", False),
        ("city is_unknown", True),
        ("campaign is_unknown", True),
        ("campaign is_not spring", False),
        ("is_hot is_known", True),
    ],
)
def test_a_field_is_compared(text: str, holds: bool) -> None:
    comparison = condition(text)
    comparison.check()
    assert comparison.holds_for(LEAD) is holds


@pytest.mark.parametrize(
    "text",
    [
        "country is",
        "country is ,",
        "country at_least 5",
        "employees at_least many",
        "employees is -1",
        "score at_most 5,6",
        "is_hot is perhaps",
    ],
)
def test_what_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        condition(text).check()
    with pytest.raises(Invalid):
        ConditionGroup(Junction.ANY, (ConditionGroup(Junction.ALL, (condition(text),)),)).check()


GERMAN, JAPANESE, LARGE = condition("country is DE"), condition("country is JP"), condition("employees at_least 100")


@pytest.mark.covers("T-14", "T-21")
@pytest.mark.parametrize(
    ("group", "holds", "said"),
    [
        (ConditionGroup(), True, "always"),
        (ConditionGroup(Junction.ANY), True, "always"),
        (ConditionGroup(Junction.ALL, (GERMAN, LARGE)), True, "Country is DE and Employees is at least 100"),
        (ConditionGroup(Junction.ALL, (JAPANESE, LARGE)), False, "Country is JP and Employees is at least 100"),
        (ConditionGroup(Junction.ANY, (JAPANESE, LARGE)), True, "Country is JP or Employees is at least 100"),
        (ConditionGroup(Junction.NONE, (JAPANESE,)), True, "not (Country is JP)"),
        (ConditionGroup(Junction.NONE, (JAPANESE, LARGE)), False, "not (Country is JP or Employees is at least 100)"),
        (
            ConditionGroup(Junction.ALL, (ConditionGroup(Junction.ANY, (JAPANESE, GERMAN)), LARGE)),
            True,
            "(Country is JP or Country is DE) and Employees is at least 100",
        ),
    ],
)
def test_conditions_are_joined(group: ConditionGroup, holds: bool, said: str) -> None:
    group.check()
    assert group.holds_for(LEAD) is holds
    assert str(group.phrase) == said
    assert ConditionGroup.from_json(json.loads(json.dumps(group.to_json()))) == group


def test_everything_has_a_name() -> None:
    assert FIELD_LABELS.keys() == set(LeadField)
    assert OPERATOR_LABELS.keys() == set(Operator)

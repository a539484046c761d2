"""What rules do with leads: kept, told, and refused where it contradicts itself."""

from __future__ import annotations

import json

import pytest

from app.domain.errors import Invalid
from app.domain.lead_conditions import Fact, LeadField, LeadValues
from app.domain.phrases import Phrase
from app.domain.rule_actions import ActionNames, RuleActions, RuleDestination

NAMES = ActionNames(
    partners={1: "Nordwind", 2: "Kansai"},
    people={5: "Eva", 6: Phrase("%(name)s (has left)", {"name": "Udo"})},
    tiers={"gold": "Gold"},
    products={"PUMP": "Industrial pumps"},
)
EVERYTHING = RuleActions(
    only_ids=frozenset({1, 2}),
    excluded_ids=frozenset({3}),
    makes_hot=True,
    score=70,
    destination=RuleDestination.REVIEW,
    preferred_ids=frozenset({2}),
    notified_ids=frozenset({5, 6}),
    min_tier="gold",
    product="PUMP",
)


@pytest.mark.parametrize("actions", [RuleActions(), EVERYTHING, RuleActions(score=0)])
def test_actions_survive_json(actions: RuleActions) -> None:
    assert RuleActions.from_json(json.loads(json.dumps(actions.to_json()))) == actions


@pytest.mark.parametrize(
    ("actions", "said"),
    [
        (RuleActions(), "it goes into the distribution plan"),
        (RuleActions(only_ids=frozenset({1, 2})), "only Kansai, Nordwind may have it"),
        (RuleActions(preferred_ids=frozenset({1})), "asked first: Nordwind"),
        (RuleActions(excluded_ids=frozenset({9})), "not for –"),
        (RuleActions(min_tier="gold"), "from the tier Gold up only"),
        (RuleActions(product="PUMP"), "it is about Industrial pumps where it names no product line"),
        (RuleActions(notified_ids=frozenset({5, 6})), "told at once: Eva, Udo (has left)"),
        (
            RuleActions(makes_hot=True, score=5, destination=RuleDestination.REVIEW),
            "it is hot, its score is 5, it goes to a person, who decides",
        ),
    ],
)
def test_actions_are_told(actions: RuleActions, said: str) -> None:
    assert str(actions.phrase(NAMES)) == said


@pytest.mark.covers("T-13")
@pytest.mark.parametrize(
    ("values", "changes"),
    [
        ({}, {LeadField.IS_HOT: True, LeadField.SCORE: 70, LeadField.PRODUCTS: frozenset({"PUMP"})}),
        ({LeadField.PRODUCTS: frozenset({"ROBOT"})}, {LeadField.IS_HOT: True, LeadField.SCORE: 70}),
        ({LeadField.PRODUCTS: frozenset({"ROBOT"}), LeadField.SCORE: 70, LeadField.IS_HOT: True}, {}),
    ],
)
def test_fields_are_set_once_and_no_product_line_is_replaced(
    values: LeadValues, changes: dict[LeadField, Fact]
) -> None:
    assert EVERYTHING.changes_to(values) == changes
    assert EVERYTHING.changes_to({**values, **changes}) == {}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (RuleActions(score=101), "score"),
        (RuleActions(only_ids=frozenset({1}), excluded_ids=frozenset({1})), "excluded_ids"),
        (RuleActions(preferred_ids=frozenset({1}), excluded_ids=frozenset({1})), "preferred_ids"),
        (RuleActions(preferred_ids=frozenset({1}), only_ids=frozenset({2})), "preferred_ids"),
    ],
)
def test_what_contradicts_itself_is_refused(wrong: RuleActions, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        wrong.check()
    assert list(refused.value.fields) == [field]

"""Whether a lead can meet conditions at all: a rule that never applies is a mistake of whoever wrote it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import product

from app.domain.lead_conditions import ConditionGroup, Fact, FieldCondition, Junction, LeadField, Operator, is_number

Wanted = tuple[FieldCondition, bool]
"""A condition, and whether it is to hold."""

_RANGES = {LeadField.SCORE: (0, 100), LeadField.TIMES_ASKED: (1, None)}
_SOMETHING_ELSE = "\0"
"""No text that a person writes: what is compared with others and is none of them."""


def contradiction_in(group: ConditionGroup) -> LeadField | None:
    """The field that would have to be two things at once for a lead to meet the conditions; None where one can."""
    impossible: LeadField | None = None
    for wanted in _alternatives(group, True):
        impossible = next((field for field, asked in _by_field(wanted) if not _can_hold(field, asked)), None)
        if impossible is None:
            return None
    return impossible


def _alternatives(part: FieldCondition | ConditionGroup, is_wanted: bool) -> list[tuple[Wanted, ...]]:
    """Every way in which a part holds (or does not): of each, all is to hold together."""
    if isinstance(part, FieldCondition):
        return [((part, is_wanted),)]
    if not part.parts:
        return [()] if is_wanted else []
    each = is_wanted is not (part.junction is Junction.NONE)
    ways = [_alternatives(one, each) for one in part.parts]
    if is_wanted is (part.junction is Junction.ANY):
        return [way for one in ways for way in one]
    return [tuple(wanted for way in chosen for wanted in way) for chosen in product(*ways)]


def _by_field(wanted: Iterable[Wanted]) -> Iterable[tuple[LeadField, list[Wanted]]]:
    asked: dict[LeadField, list[Wanted]] = defaultdict(list)
    for condition, holds in wanted:
        asked[condition.field].append((condition, holds))
    return asked.items()


def _can_hold(field: LeadField, asked: Sequence[Wanted]) -> bool:
    """Whether there is something, or nothing known, that meets all that is asked of one field."""
    facts = _facts_to_try(field, asked)
    return facts is None or any(
        all(condition.holds_for({field: fact}) is holds for condition, holds in asked) for fact in (None, *facts)
    )


def _facts_to_try(field: LeadField, asked: Sequence[Wanted]) -> list[Fact] | None:
    """What to try: between the values that are named nothing changes. None where there would be too much to try."""
    if field is LeadField.IS_HOT:
        return [True, False]
    if is_number(field):
        return _numbers(field, asked)
    if any(condition.operator is Operator.CONTAINS for condition, _ in asked):
        return None
    named = [value for condition, _ in asked for value in condition.values]
    if field is LeadField.PRODUCTS:
        return _sets(asked, named)
    return [*named, *(f"{value}{_SOMETHING_ELSE}" for value in named), _SOMETHING_ELSE]


def _numbers(field: LeadField, asked: Sequence[Wanted]) -> list[Fact]:
    low, high = _RANGES.get(field, (0, None))
    named = {int(value) for condition, _ in asked for value in condition.values}
    near = {number + step for number in named for step in (-1, 0, 1)} | {low}
    return [number for number in sorted(near) if low <= number and (high is None or number <= high)]


def _sets(asked: Sequence[Wanted], named: Sequence[str]) -> list[Fact]:
    """All that is named but what must not be there."""
    unwanted = {
        value
        for condition, holds in asked
        for value in condition.values
        if holds is (condition.operator is Operator.IS_NOT)
    }
    return [frozenset({*named, _SOMETHING_ELSE} - unwanted)]

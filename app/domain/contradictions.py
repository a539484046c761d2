"""Whether a lead can meet conditions at all: a rule that never applies is a mistake of whoever wrote it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
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
        impossible = _impossible_in(_by_field(wanted))
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


def _by_field(wanted: Iterable[Wanted]) -> dict[LeadField, list[Wanted]]:
    asked: dict[LeadField, list[Wanted]] = defaultdict(list)
    for condition, holds in wanted:
        asked[condition.field].append((condition, holds))
    return dict(asked)


def _impossible_in(asked: Mapping[LeadField, Sequence[Wanted]]) -> LeadField | None:
    """The first field of which too much is asked, by itself or with the country a subdivision lies in."""
    possible = {field: _what_meets(field, wanted) for field, wanted in asked.items()}
    for field, facts in possible.items():
        if facts is not None and not facts:
            return field
    places, countries = possible.get(LeadField.SUBDIVISION), asked.get(LeadField.COUNTRY, ())
    is_elsewhere = places is not None and not any(_lies_in(place, countries) for place in places)
    return LeadField.SUBDIVISION if is_elsewhere else None


def _lies_in(place: Fact, countries: Sequence[Wanted]) -> bool:
    """Whether a subdivision (ISO 3166-2) may lie where the country is as asked; one not named lies anywhere."""
    country, dash, _ = str(place or "").partition("-")
    return not dash or _meets(LeadField.COUNTRY, country, countries)


def _what_meets(field: LeadField, asked: Sequence[Wanted]) -> list[Fact] | None:
    """What meets all that is asked of one field, if only that nothing is known. None where there is too much to try."""
    facts = _facts_to_try(field, asked)
    return None if facts is None else [fact for fact in (None, *facts) if _meets(field, fact, asked)]


def _meets(field: LeadField, fact: Fact, asked: Sequence[Wanted]) -> bool:
    return all(condition.holds_for({field: fact}) is holds for condition, holds in asked)


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

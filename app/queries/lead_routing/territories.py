"""The territory rules that touch a lead's place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Integer, Text, and_, bindparam, cast, column, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from app.database import is_one_of
from app.domain.territories import Place, TerritoryMode, compact_postal_code, containing_subdivisions
from app.domain.territories import TerritoryRule as TerritoryFacts
from app.models import TerritoryRule

_COLUMNS = (
    TerritoryRule.partnership_id,
    TerritoryRule.is_exclude,
    TerritoryRule.country,
    TerritoryRule.subdivision,
    TerritoryRule.postal_prefix,
    TerritoryRule.postal_from,
    TerritoryRule.postal_to,
)
Rules = Mapping[int, list[TerritoryFacts]]
"""What touches one place, by partnership."""


def _touches(country: Any, postal: Any, is_within: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a rule speaks of the place with this country and compact postal code, both given or read."""
    in_range = and_(
        func.left(TerritoryRule.postal_from, func.length(postal)).collate("C") <= postal,
        func.left(postal, func.length(TerritoryRule.postal_to)).collate("C") <= TerritoryRule.postal_to,
    )
    return and_(
        TerritoryRule.country == country,
        or_(TerritoryRule.subdivision.is_(None), is_within),
        or_(TerritoryRule.postal_prefix.is_(None), func.starts_with(postal, TerritoryRule.postal_prefix)),
        or_(TerritoryRule.postal_from.is_(None), in_range),
    )


_AT_PLACE = select(*_COLUMNS).where(
    TerritoryRule.manufacturer_id == bindparam("manufacturer_id"),
    _touches(
        bindparam("country"),
        bindparam("postal", type_=Text),
        TerritoryRule.subdivision.in_(bindparam("within", expanding=True)),
    ),
)


def rules_at_place(session: Session, manufacturer_id: int, place: Place, only: Collection[int] | None) -> Rules:
    """Every rule of a manufacturer's partnerships, or of `only` those, that touches a place."""
    asked = _AT_PLACE if only is None else _AT_PLACE.where(is_one_of(TerritoryRule.partnership_id, only))
    given = {
        "manufacturer_id": manufacturer_id,
        "country": place.country,
        "postal": compact_postal_code(place.postal_code),
        "within": _within(place),
    }
    rules: dict[int, list[TerritoryFacts]] = defaultdict(list)
    for row in session.execute(asked, given):
        rules[row.partnership_id].append(_rule(row))
    return rules


def rules_at_places(
    session: Session, partnership_ids: Collection[int], places: Collection[Place]
) -> Mapping[Place, Rules]:
    """The rules of a few partnerships that touch each of many places, in one statement."""
    asked = list(places)
    given = [
        {"n": n, "country": one.country, "postal": compact_postal_code(one.postal_code), "within": _within(one)}
        for n, one in enumerate(asked)
    ]
    place = (
        func.jsonb_to_recordset(cast(given, JSONB))
        .table_valued(
            column("n", Integer), column("country", Text), column("postal", Text), column("within", ARRAY(Text))
        )
        .render_derived(name="place", with_types=True)
    )
    is_within = TerritoryRule.subdivision == place.c.within.any_()
    rows = session.execute(
        select(place.c.n, *_COLUMNS)
        .join(place, _touches(place.c.country, place.c.postal, is_within))
        .where(is_one_of(TerritoryRule.partnership_id, partnership_ids))
    )
    rules: dict[Place, dict[int, list[TerritoryFacts]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        rules[asked[row.n]][row.partnership_id].append(_rule(row))
    return rules


def _within(place: Place) -> tuple[str, ...]:
    return containing_subdivisions(place.subdivision) if place.subdivision else ()


def _rule(row: Any) -> TerritoryFacts:
    mode = TerritoryMode.EXCLUDE if row.is_exclude else TerritoryMode.INCLUDE
    return TerritoryFacts(mode, row.country, row.subdivision, row.postal_prefix, row.postal_from, row.postal_to)

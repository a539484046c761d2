"""Territories: one partner's lines, and who covers what in a country."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import pycountry
from sqlalchemy import select

from app.database import db
from app.domain.errors import NotFound
from app.domain.identity import Viewer
from app.domain.partners import PartnershipStatus
from app.domain.territories import (
    CountryCoverage,
    CoverageResult,
    Place,
    TerritoryRule,
    country_coverage,
    decide_coverage,
)
from app.models import Authorisation, Partnership
from app.models import TerritoryRule as RuleRow
from app.queries.network.drafts import rule_of
from app.queries.network.own import own_manufacturer, own_row


@dataclass(frozen=True, slots=True)
class TerritoryLine:
    """One line of a partner's territory."""

    id: int
    rule: TerritoryRule


@dataclass(frozen=True, slots=True)
class CountryPage:
    """Who covers a country; `names` holds the partner behind each id, `country_wide` who covers it as a whole."""

    coverage: CountryCoverage
    names: dict[int, str]
    postal_areas: list[tuple[int, TerritoryRule]]
    country_wide: list[int]


@dataclass(frozen=True, slots=True)
class PlaceAnswer:
    """Whether one partner covers a place, and by which line."""

    partnership_id: int
    name: str
    result: CoverageResult


def list_territory_lines(*, viewer: Viewer, partnership_id: int) -> list[TerritoryLine]:
    """A partner's territory, by country, subdivision and postal area."""
    partnership = own_row(viewer, Partnership, partnership_id)
    rows = select(RuleRow).where(RuleRow.partnership_id == partnership.id)
    lines = [TerritoryLine(row.id, rule_of(row)) for row in db.session.scalars(rows)]
    return sorted(lines, key=lambda line: (line.rule.country, line.rule.subdivision or "", line.rule.bounds, line.id))


def territory_line(*, viewer: Viewer, partnership_id: int, rule_id: int) -> TerritoryRule:
    """One line of a partner's territory, to be edited."""
    row = own_row(viewer, RuleRow, rule_id)
    if row.partnership_id != partnership_id:
        raise NotFound
    return rule_of(row)


def covered_countries(*, viewer: Viewer) -> list[str]:
    """The countries the manufacturer's territories speak of, the most lines first."""
    rows = select(RuleRow.country).where(RuleRow.manufacturer_id == own_manufacturer(viewer))
    counts: defaultdict[str, int] = defaultdict(int)
    for country in db.session.scalars(rows):
        counts[country] += 1
    return sorted(counts, key=lambda country: (-counts[country], country))


def country_page(*, viewer: Viewer, country: str, product_line_id: int | None = None) -> CountryPage:
    """Who covers each subdivision of a country among the active partners, those authorised for a line when given."""
    territories, names = _territories(viewer, country, product_line_id)
    coverage = country_coverage(territories, country, _top_subdivisions(country))
    postal = [(one, rule) for one, rules in territories.items() for rule in rules if rule.is_postal]
    postal.sort(key=lambda item: (item[1].subdivision or "", item[1].bounds, names[item[0]]))
    whole = [one for one in names if decide_coverage(territories[one], Place(country)).is_covered]
    return CountryPage(coverage, names, postal, sorted(whole, key=lambda one: names[one]))


def place_answers(*, viewer: Viewer, place: Place, product_line_id: int | None = None) -> list[PlaceAnswer]:
    """What each active partner with lines in the place's country has to do with it; those who cover it first."""
    territories, names = _territories(viewer, place.country or "", product_line_id)
    answers = [PlaceAnswer(one, names[one], decide_coverage(rules, place)) for one, rules in territories.items()]
    telling = [answer for answer in answers if answer.result.rule is not None]
    return sorted(telling, key=lambda answer: (not answer.result.is_covered, answer.name))


def _top_subdivisions(country: str) -> list[str]:
    """The subdivisions of a country that lie in no other: states, not their counties."""
    parts = pycountry.subdivisions.get(country_code=country) or ()  # type: ignore[no-untyped-call]
    return sorted(part.code for part in parts if part.parent_code is None)


def _territories(
    viewer: Viewer, country: str, product_line_id: int | None
) -> tuple[dict[int, list[TerritoryRule]], dict[int, str]]:
    rows = (
        select(RuleRow, Partnership.name)
        .join(Partnership, Partnership.id == RuleRow.partnership_id)
        .where(
            RuleRow.manufacturer_id == own_manufacturer(viewer),
            RuleRow.country == country,
            Partnership.status == PartnershipStatus.ACTIVE,
        )
        .order_by(RuleRow.id)
    )
    if product_line_id is not None:
        authorised = select(Authorisation.partnership_id).where(Authorisation.product_line_id == product_line_id)
        rows = rows.where(Partnership.id.in_(authorised))
    territories: defaultdict[int, list[TerritoryRule]] = defaultdict(list)
    names: dict[int, str] = {}
    for row, name in db.session.execute(rows):
        territories[row.partnership_id].append(rule_of(row))
        names[row.partnership_id] = name
    return dict(territories), names

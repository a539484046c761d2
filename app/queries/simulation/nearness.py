"""How near partners are to past leads, by coordinates and by territory, and what they are certified for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.nearness import distance_km
from app.domain.partners import Certification as CertificationFacts
from app.domain.ranking import score_certification, score_nearness
from app.domain.territories import Place, TerritoryRule, compact_postal_code, decide_coverage
from app.models import Certification, ProductLine
from app.models import TerritoryRule as RuleRow
from app.queries.network.drafts import rule_of
from app.queries.places import Code, points_of
from app.queries.simulation.leads import OpenedLead
from app.queries.simulation.partners import KnownPartner


class Distances:
    """How far partners are from leads, where the postal codes of both are known."""

    def __init__(self, session: Session, leads: Sequence[OpenedLead], partners: Mapping[int, KnownPartner]) -> None:
        homes = {one: _code(partner.country, partner.postal_code) for one, partner in partners.items()}
        codes = {_code_of(lead.place) for lead in leads} | set(homes.values())
        self._points = points_of(session, [code for code in codes if code])
        self._homes = {one: self._points[code] for one, code in homes.items() if code in self._points}

    def of(self, lead: OpenedLead) -> dict[int, float]:
        """The kilometres to each eligible partner whose place is known."""
        code = _code_of(lead.place)
        here = self._points.get(code) if code else None
        if here is None:
            return {}
        return {one: distance_km(here, self._homes[one]) for one in lead.eligible_ids if one in self._homes}


class Territories:
    """How closely today's territories name the places of leads."""

    def __init__(self, session: Session, partnership_ids: Collection[int]) -> None:
        self._rules: dict[tuple[int, str], list[TerritoryRule]] = defaultdict(list)
        for row in session.scalars(select(RuleRow).where(RuleRow.partnership_id.in_(partnership_ids))):
            self._rules[row.partnership_id, row.country].append(rule_of(row))
        self._known: dict[tuple[int, Place], float | None] = {}

    def of(self, lead: OpenedLead) -> dict[int, float]:
        """The closeness of each eligible partner whose territory names the place."""
        found = {one: self._closeness(one, lead.place) for one in lead.eligible_ids}
        return {one: closeness for one, closeness in found.items() if closeness is not None}

    def _closeness(self, partnership_id: int, place: Place) -> float | None:
        key = partnership_id, place
        if key not in self._known:
            rules = self._rules[partnership_id, place.country or ""]
            self._known[key] = score_nearness(decide_coverage(rules, place).rule)
        return self._known[key]


class Certificates:
    """What partners are and were certified for."""

    def __init__(self, session: Session, partnership_ids: Collection[int]) -> None:
        self._held: dict[int, list[CertificationFacts]] = defaultdict(list)
        rows = session.execute(
            select(Certification.partnership_id, ProductLine.code, Certification.valid_from, Certification.valid_until)
            .join(ProductLine, ProductLine.id == Certification.product_line_id)
            .where(Certification.partnership_id.in_(partnership_ids))
        )
        for partnership_id, code, valid_from, valid_until in rows:
            self._held[partnership_id].append(CertificationFacts(code, valid_from, valid_until))

    def of(self, lead: OpenedLead, products: Collection[str]) -> dict[int, float]:
        """The share of the lead's product lines each eligible partner was certified for that day."""
        day = lead.at.date()
        found = {one: score_certification(products, self._valid(one, day)) for one in lead.eligible_ids}
        return {one: share for one, share in found.items() if share is not None}

    def _valid(self, partnership_id: int, day: date) -> set[str]:
        return {held.product_line for held in self._held[partnership_id] if held.is_valid_on(day)}


def _code_of(place: Place) -> Code | None:
    return _code(place.country, place.postal_code)


def _code(country: str | None, postal_code: str | None) -> Code | None:
    return (country, compact_postal_code(postal_code)) if country and postal_code else None

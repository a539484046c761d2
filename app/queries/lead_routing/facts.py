"""Everything the rules of routing ask: about one lead and all its place touches, or about many leads and a few."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.domain.lead_routing.facts import LeadFacts, PartnershipFacts
from app.models import Lead
from app.queries.lead_routing.histories import histories
from app.queries.lead_routing.leads import lead_facts
from app.queries.lead_routing.partnerships import Standing, read_partnerships
from app.queries.lead_routing.territories import rules_at_place, rules_at_places


@dataclass(frozen=True, slots=True)
class RoutingFacts:
    """One lead and every partnership that may have to do with it; who has no territory at its place is not there."""

    lead: LeadFacts
    partnerships: tuple[PartnershipFacts, ...]
    standings: Mapping[int, Standing]
    now: datetime
    today: date


def routing_facts(
    session: Session, lead_id: uuid.UUID, *, only: Collection[int] | None = None, now: datetime, zone: str
) -> RoutingFacts:
    """Gather what the rules ask about one lead; `only` narrows the partnerships to those ids."""
    lead = session.get_one(Lead, lead_id)
    product_ids, told = lead_facts(session, [lead])
    rules = rules_at_place(session, lead.manufacturer_id, told[lead.id].place, only)
    ids = set(rules) if only is None else set(only)
    partnerships = read_partnerships(session, lead.manufacturer_id, ids, product_ids)
    before = histories(session, [lead.id]).get(lead.id, {}) if ids else {}
    return RoutingFacts(
        lead=told[lead.id],
        partnerships=partnerships.facts(rules, before),
        standings=partnerships.standings,
        now=now,
        today=now.astimezone(ZoneInfo(zone)).date(),
    )


def routing_facts_of(
    session: Session,
    manufacturer_id: int,
    leads: Collection[Lead],
    partnership_ids: Collection[int],
    *,
    now: datetime,
    zone: str,
) -> Mapping[uuid.UUID, RoutingFacts]:
    """The same about each of many leads of one manufacturer and a few of its partnerships.

    The number of statements does not grow with the leads.
    """
    product_ids, told = lead_facts(session, leads)
    rules = rules_at_places(session, partnership_ids, {one.place for one in told.values()})
    partnerships = read_partnerships(session, manufacturer_id, partnership_ids, product_ids)
    before = histories(session, told, partnership_ids)
    today = now.astimezone(ZoneInfo(zone)).date()
    return {
        lead_id: RoutingFacts(
            lead=facts,
            partnerships=partnerships.facts(rules.get(facts.place, {}), before.get(lead_id, {})),
            standings=partnerships.standings,
            now=now,
            today=today,
        )
        for lead_id, facts in told.items()
    }


def partnerships_near(session: Session, partnership_ids: Collection[int], leads: Collection[Lead]) -> frozenset[int]:
    """Which of the partnerships have a territory rule that touches the place of any of the leads."""
    _product_ids, told = lead_facts(session, leads)
    rules = rules_at_places(session, partnership_ids, {one.place for one in told.values()})
    return frozenset(partnership_id for at_place in rules.values() for partnership_id in at_place)

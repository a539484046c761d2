"""Whether leads may go to partnerships as things stand now: asked about several of both at once."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.lead_routing.eligibility import decide_eligibility
from app.domain.lead_routing.trace import Eligibility
from app.domain.partners import PartnershipStatus, TierRule
from app.domain.routing_rules import RoutingRule, limit_to_rules
from app.models import Lead, Partnership
from app.queries.lead_routing import RoutingFacts, partnerships_near, routing_facts_of
from app.queries.manufacturers import manufacturer_rules
from app.queries.routing_rules import active_rules, rule_standings

LOOKED_AT_TOGETHER = 30
"""Partnerships looked at before it is asked whether any lead is left that none of them may have."""


def eligibilities(
    session: Session, manufacturer_id: int, leads: Collection[Lead], partnership_ids: Collection[int]
) -> Mapping[uuid.UUID, Mapping[int, Eligibility]]:
    """What every rule, the manufacturer's own among them, finds on each lead and each of a few partnerships.

    The number of statements grows with neither.
    """
    return {lead_id: dict(found) for lead_id, found in _judged(session, manufacturer_id, leads, partnership_ids)}


def leads_for_nobody(
    session: Session, manufacturer_id: int, leads: Collection[Lead], but: Mapping[uuid.UUID, int | None]
) -> frozenset[uuid.UUID]:
    """Which of the leads none of the manufacturer's partnerships may have now, leaving out the one named for a lead.

    A lead is looked at until the first that may have it is found, with some of the partnerships at a time.
    """
    own = Partnership.manufacturer_id == manufacturer_id
    active = session.scalars(select(Partnership.id).where(own, Partnership.status == PartnershipStatus.ACTIVE)).all()
    near = sorted(partnerships_near(session, active, leads))
    left = {lead.id: lead for lead in leads}
    for start in range(0, len(near), LOOKED_AT_TOGETHER):
        some = near[start : start + LOOKED_AT_TOGETHER]
        for lead_id, found in _judged(session, manufacturer_id, list(left.values()), some):
            if any(said.is_eligible and one != but.get(lead_id) for one, said in found):
                del left[lead_id]
    return frozenset(left)


def _judged(
    session: Session, manufacturer_id: int, leads: Collection[Lead], partnership_ids: Collection[int]
) -> Iterator[tuple[uuid.UUID, Iterator[tuple[int, Eligibility]]]]:
    """Each lead with what is found on one partnership after another, as far as it is asked for."""
    if not leads or not partnership_ids:
        yield from ((lead.id, iter(())) for lead in leads)
        return
    rules = manufacturer_rules(session, manufacturer_id)
    own_rules = active_rules(session, manufacturer_id)
    standings = rule_standings(session, [lead.id for lead in leads]) if own_rules else {}
    asked = routing_facts_of(
        session, manufacturer_id, leads, partnership_ids, now=read_clock(session), zone=rules.time_zone
    )
    for lead_id, facts in asked.items():
        met = standings[lead_id].met(own_rules) if lead_id in standings else ()
        yield lead_id, _found(facts, met, rules.tiers)


def _found(
    facts: RoutingFacts, met: Collection[RoutingRule], tiers: Collection[TierRule]
) -> Iterator[tuple[int, Eligibility]]:
    for one in facts.partnerships:
        found = decide_eligibility(facts.lead, one, now=facts.now, today=facts.today)
        yield one.partnership_id, limit_to_rules(found, met, one.tier, tiers)

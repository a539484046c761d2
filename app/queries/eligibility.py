"""Whether leads may go to partnerships as things stand now: asked about several of both at once."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.lead_routing.eligibility import decide_eligibility
from app.domain.lead_routing.trace import Eligibility
from app.domain.partners import PartnershipStatus
from app.domain.routing_rules import limit_to_rules
from app.models import Lead, Partnership
from app.queries.lead_routing import partnerships_near, routing_facts_of
from app.queries.manufacturers import manufacturer_rules
from app.queries.routing_rules import active_rules, rule_standings


def eligibilities(
    session: Session, manufacturer_id: int, leads: Collection[Lead], partnership_ids: Collection[int]
) -> Mapping[uuid.UUID, Mapping[int, Eligibility]]:
    """What every rule, the manufacturer's own among them, finds on each lead and each of a few partnerships.

    The number of statements grows with neither.
    """
    if not leads or not partnership_ids:
        return {lead.id: {} for lead in leads}
    rules = manufacturer_rules(session, manufacturer_id)
    own_rules = active_rules(session, manufacturer_id)
    standings = rule_standings(session, [lead.id for lead in leads]) if own_rules else {}
    met = {lead_id: standing.met(own_rules) for lead_id, standing in standings.items()}
    asked = routing_facts_of(
        session, manufacturer_id, leads, partnership_ids, now=read_clock(session), zone=rules.time_zone
    )
    return {
        lead_id: {
            one.partnership_id: limit_to_rules(
                decide_eligibility(facts.lead, one, now=facts.now, today=facts.today),
                met.get(lead_id, ()),
                one.tier,
                rules.tiers,
            )
            for one in facts.partnerships
        }
        for lead_id, facts in asked.items()
    }


def all_eligible(session: Session, manufacturer_id: int, leads: Collection[Lead]) -> Mapping[uuid.UUID, frozenset[int]]:
    """Which of all the manufacturer's partnerships may have each lead now, in a few statements."""
    own = Partnership.manufacturer_id == manufacturer_id
    active = session.scalars(select(Partnership.id).where(own, Partnership.status == PartnershipStatus.ACTIVE)).all()
    found = eligibilities(session, manufacturer_id, leads, partnerships_near(session, active, leads))
    return {
        lead_id: frozenset(one for one, said in by_partner.items() if said.is_eligible)
        for lead_id, by_partner in found.items()
    }

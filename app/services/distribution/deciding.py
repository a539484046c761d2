"""Deciding to whom a lead may go, and keeping the trace of the decision."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.domain.lead_routing.eligibility import decide_eligibility
from app.domain.lead_routing.facts import LeadFacts, PartnershipFacts
from app.domain.lead_routing.trace import Eligibility
from app.domain.phrases import Phrase
from app.domain.routing_rules import RoutingRule, limit_to_rules
from app.models import Lead, RoutingDecision
from app.queries.lead_routing import routing_facts
from app.queries.manufacturers import ManufacturerRules
from app.queries.routing_rules import routing_rules_met
from app.services.network_order import hold_network


@dataclass(frozen=True, slots=True)
class Candidate:
    """One eligible partnership, the version of its standing that was looked at, and why it may see the lead."""

    facts: PartnershipFacts
    eligibility: Eligibility
    partner_id: int
    version: int


@dataclass(frozen=True, slots=True)
class Considered:
    """Everybody who was looked at for one lead."""

    lead: LeadFacts
    all: tuple[Eligibility, ...]
    eligible: tuple[Candidate, ...]
    rules: tuple[RoutingRule, ...] = ()
    """The manufacturer's own rules the lead meets."""


def consider_partnerships(
    session: Session,
    lead: Lead,
    rules: ManufacturerRules,
    now: datetime,
    *,
    only: Collection[int] | None = None,
    cause: str = "",
) -> Considered:
    """Look at every partnership the lead's place touches (or at `only` those) and decide who may see it.

    The manufacturer's own rules come last: they leave out or prefer, and never let in. They are those about what has
    happened to the lead until now, `cause` included.

    The network is held meanwhile: whatever changes it waits, and its recheck then finds what was decided here.
    """
    hold_network(session, lead.manufacturer_id)
    facts = routing_facts(session, lead.id, only=only, now=now, zone=rules.time_zone)
    met = routing_rules_met(session, lead, cause=cause)
    decided = [
        (one, limit_to_rules(found, met, one.tier, rules.tiers))
        for one in facts.partnerships
        for found in [decide_eligibility(facts.lead, one, now=facts.now, today=facts.today)]
    ]
    return Considered(
        lead=facts.lead,
        all=tuple(eligibility for _, eligibility in decided),
        eligible=tuple(
            Candidate(one, eligibility, *facts.standings[one.partnership_id])
            for one, eligibility in decided
            if eligibility.is_eligible
        ),
        rules=met,
    )


def keep_decision(
    session: Session,
    lead: Lead,
    *,
    cause: str,
    outcome: str,
    reasons: Sequence[Phrase] = (),
    considered: Considered | None = None,
    looked_at: Sequence[Eligibility] = (),
    facts: Mapping[str, Any] | None = None,
) -> RoutingDecision:
    """Store when, to whom and why (A-01): the account's level, and each rule of each partnership with what it saw.

    Where only a few partnerships were looked at and not everybody, they stand in `looked_at`.
    """
    decision = RoutingDecision(
        manufacturer_id=lead.manufacturer_id,
        lead_id=lead.id,
        cause=cause,
        outcome=outcome,
        reasons=[phrase.to_json() for phrase in (*reasons, *_of_rules(considered))],
        considered=[eligibility.to_json() for eligibility in (considered.all if considered else looked_at)],
        has_considered=considered is not None,
        eligible_ids=[one.facts.partnership_id for one in considered.eligible] if considered else [],
        facts=dict(facts or {}) | {"signals": lead.match_signals},
        account_id=lead.account_id,
        account_level=lead.account_level,
    )
    session.add(decision)
    session.flush()
    return decision


def _of_rules(considered: Considered | None) -> list[Phrase]:
    return [rule.reason for rule in considered.rules] if considered else []


def expiry_of(candidate: Candidate, closes_at: datetime, time_zone: str) -> datetime:
    """When an offer ends: with its round, or with the day a needed certification runs out."""
    ends = [result.values["until_on"] for result in candidate.eligibility.results if "until_on" in result.values]
    days = [day for day in ends if isinstance(day, date)]
    zone = ZoneInfo(time_zone)
    # One without an end is written as one in the year 9999, whose next day nothing can count.
    if not days or min(days) >= closes_at.astimezone(zone).date():
        return closes_at
    return datetime.combine(min(days) + timedelta(days=1), time(), zone).astimezone(UTC)

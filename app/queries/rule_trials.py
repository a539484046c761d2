"""A routing rule tried on the newest leads: which meet it, and how many partners would be left. Nothing is written."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import distinct_on

from app.database import db
from app.domain.identity import Viewer
from app.domain.leads import LeadState
from app.domain.partners import TierRule
from app.domain.routing_rules import RoutingRule, RuleTrigger, causes_of
from app.models import Lead, Partnership, RoutingDecision, Tier
from app.queries.lead_values import lead_values
from app.queries.network.own import own_manufacturer
from app.queries.rule_effects import RuleEffects, effects_of_saving

TRIED_LEADS = 50
_OPEN = (LeadState.RECEIVED, LeadState.NURTURING, LeadState.IN_REVIEW, LeadState.DISTRIBUTING)


class RuleReach(StrEnum):
    """What saving a rule would do to a lead that meets it."""

    CHANGES = "changes"
    STAYS = "stays"
    WAITS = "waits"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class TriedLead:
    """One of the newest leads, whether it meets a rule, and what the rule would do to it now.

    `eligible` counts the partners that could have it when it was last decided about, `left` those the rule leaves and
    `first` those it asks first; all None where nobody was looked at, or the rule is not met.
    """

    lead_id: uuid.UUID
    reference: str
    company: str
    received_at: datetime
    is_met: bool
    reach: RuleReach
    eligible: int | None = None
    left: int | None = None
    first: int | None = None


@dataclass(frozen=True, slots=True)
class RuleTrial:
    """What saving a rule would do now, and which of the newest leads meet it."""

    effects: RuleEffects
    leads: tuple[TriedLead, ...]


def try_rule(rule: RoutingRule, *, viewer: Viewer, rule_id: int | None = None) -> RuleTrial:
    """What saving a rule (in the place of `rule_id`) would do to open leads, and which of the newest meet it.

    Of the newest those to which its trigger has happened, and about which rules were asked: not those that went to
    whose company it is at once. Its conditions are compared with the leads as they are today; partners with those that
    were eligible last.
    """
    manufacturer_id = own_manufacturer(viewer)
    effects = effects_of_saving(rule, viewer=viewer, rule_id=rule_id)
    rows = db.session.execute(_newest_asked(rule, manufacturer_id)).all()
    values = lead_values(db.session(), [row.id for row in rows])
    met = {row.id for row in rows if rule.conditions.holds_for(values[row.id])}
    left = _partners_of(rule, met, manufacturer_id)
    leads = tuple(
        TriedLead(
            row.id,
            f"L-{row.id.hex[:6].upper()}",
            row.company,
            row.received_at,
            row.id in met,
            _reach(row, effects),
            *left.get(row.id, (None, None, None)),
        )
        for row in rows
    )
    return RuleTrial(effects, leads)


def _newest_asked(rule: RoutingRule, manufacturer_id: int) -> Select[uuid.UUID, str, datetime, LeadState]:
    """The newest leads at whose door the rule would have been asked."""
    columns = Lead.id, Lead.company, Lead.received_at, Lead.state
    wanted = select(*columns).where(Lead.manufacturer_id == manufacturer_id)
    if rule.trigger is RuleTrigger.RECEIVED:
        went_to_owner = select(RoutingDecision.id).where(
            RoutingDecision.lead_id == Lead.id,
            RoutingDecision.cause == "received",
            RoutingDecision.outcome.in_(_DECIDED_BEFORE_RULES),
        )
        wanted = wanted.where(~went_to_owner.exists())
    else:
        happened = select(RoutingDecision.lead_id).where(RoutingDecision.cause.in_(causes_of(rule.trigger)))
        wanted = wanted.where(Lead.id.in_(happened.where(RoutingDecision.manufacturer_id == manufacturer_id)))
    return wanted.order_by(Lead.received_at.desc(), Lead.id).limit(TRIED_LEADS)


_DECIDED_BEFORE_RULES = ("owner", LeadState.ASSIGNED.value, LeadState.DISQUALIFIED.value)
"""Where a lead goes at the door whose company is somebody's: no rule is asked about it."""


def _reach(row: Any, effects: RuleEffects) -> RuleReach:
    if row.id in effects.changed_ids:
        return RuleReach.CHANGES
    if row.state is LeadState.DISTRIBUTING:
        return RuleReach.STAYS
    return RuleReach.WAITS if row.state in _OPEN else RuleReach.SETTLED


def _partners_of(
    rule: RoutingRule, lead_ids: Collection[uuid.UUID], manufacturer_id: int
) -> dict[uuid.UUID, tuple[int, int, int]]:
    """Of each lead: how many partners were eligible last, how many of them the rule leaves, and asks first."""
    if not (rule.actions.limits_partners or rule.actions.preferred_ids) or not lead_ids:
        return {}
    latest = (
        select(RoutingDecision.lead_id, RoutingDecision.eligible_ids)
        .ext(distinct_on(RoutingDecision.lead_id))
        .where(RoutingDecision.lead_id.in_(lead_ids), RoutingDecision.has_considered)
        .order_by(RoutingDecision.lead_id, RoutingDecision.id.desc())
    )
    found = {row.lead_id: row.eligible_ids for row in db.session.execute(latest)}
    kept = _partners_left(rule, {one for ids in found.values() for one in ids}, manufacturer_id)
    first = kept & rule.actions.preferred_ids
    return {
        lead_id: (len(ids), len(kept.intersection(ids)), len(first.intersection(ids))) for lead_id, ids in found.items()
    }


def _partners_left(rule: RoutingRule, partnership_ids: Collection[int], manufacturer_id: int) -> frozenset[int]:
    """Those of these partnerships to which a lead that meets the rule may still go."""
    tiers = select(Tier.code, Tier.rank).where(Tier.manufacturer_id == manufacturer_id)
    by_code = {row.code: TierRule(row.code, row.rank) for row in db.session.execute(tiers)}
    standing = select(Partnership.id, Tier.code).join(Tier, Tier.id == Partnership.tier_id)
    rows = db.session.execute(standing.where(Partnership.id.in_(partnership_ids)))
    found = {row.id: rule.finding_on(row.id, by_code[row.code], by_code) for row in rows}
    return frozenset(one for one, finding in found.items() if finding is None or finding.passed)

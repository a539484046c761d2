"""Leads that are looked at anew since a routing rule was changed: owed with the change, taken with the look."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.postgresql import insert as insert_or_leave
from sqlalchemy.orm import Session

from app.domain.phrases import Phrase
from app.domain.routing_rules import RoutingRule
from app.models import Lead, RuleApplication, RuleRecheck
from app.services.network_order import hold_network

ONLY_LIMITING = 0
"""The version of an application of a rule that was never followed for a lead: it says who may have it, no more."""


def owe_rechecks(session: Session, manufacturer_id: int, lead_ids: Collection[uuid.UUID], why: Phrase) -> None:
    """Owe a look at each of these leads. The caller has taken the network, so none is decided about meanwhile."""
    rows = [{"manufacturer_id": manufacturer_id, "lead_id": one, "why": why.to_json()} for one in sorted(lead_ids)]
    if rows:
        session.execute(insert(RuleRecheck), rows)


def leads_owed(session: Session) -> Sequence[uuid.UUID]:
    """The leads that are there still and owed a look, the longest waiting first."""
    rows = select(RuleRecheck.lead_id).join(Lead, Lead.id == RuleRecheck.lead_id).order_by(RuleRecheck.id)
    return list(dict.fromkeys(session.scalars(rows)))


def take_owed(session: Session, lead: Lead) -> tuple[Phrase, ...]:
    """Take what a lead is owed, with the reasons; nothing when somebody else has looked. The caller has its lock.

    The network is held from here on: a change that comes later waits, and owes a look of its own.
    """
    hold_network(session, lead.manufacturer_id)
    taken = delete(RuleRecheck).where(RuleRecheck.lead_id == lead.id).returning(RuleRecheck.id, RuleRecheck.why)
    reasons: list[Phrase] = []
    for row in sorted(session.execute(taken), key=lambda row: row.id):
        why = Phrase.from_json(row.why)
        reasons += [] if why in reasons else [why]
    return tuple(reasons)


def note_limiting(session: Session, lead: Lead, met: Iterable[RoutingRule]) -> None:
    """Count for each of these rules that it says who may have the lead; what counts already stays as it is."""
    rows = [
        {"rule_id": rule.id, "lead_id": lead.id, "version": ONLY_LIMITING}
        for rule in met
        if rule.actions.limits_partners
    ]
    if rows:
        session.execute(insert_or_leave(RuleApplication).on_conflict_do_nothing(), rows)

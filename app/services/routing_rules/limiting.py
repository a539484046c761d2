"""Counting for a rule that it says who may have a lead."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.domain.routing_rules import RoutingRule
from app.models import Lead, RuleApplication

ONLY_LIMITING = 0
"""The version of an application of a rule that was never followed for a lead: it says who may have it, no more."""


def note_limiting(session: Session, lead: Lead, met: Iterable[RoutingRule]) -> None:
    """Count for each of these rules that it says who may have the lead; what counts already stays as it is."""
    rows = [
        {"rule_id": rule.id, "lead_id": lead.id, "version": ONLY_LIMITING}
        for rule in met
        if rule.actions.limits_partners
    ]
    if rows:
        session.execute(insert(RuleApplication).on_conflict_do_nothing(), rows)

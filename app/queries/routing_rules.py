"""A manufacturer's own routing rules, and which past leads would meet one."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import db
from app.domain.identity import Viewer
from app.domain.lead_conditions import ConditionGroup
from app.domain.phrases import Phrase
from app.domain.routing_rules import RoutingRule, RuleActions, rules_met
from app.models import Lead, Partnership
from app.models import RoutingRule as RuleRow
from app.queries.lead_values import lead_values
from app.queries.network.own import own_manufacturer, own_row

TRIED_LEADS = 50


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule as the list and the form show it."""

    id: int
    position: int
    version: int
    updated_at: datetime
    rule: RoutingRule
    says: Phrase


@dataclass(frozen=True, slots=True)
class TriedLead:
    """One of the newest leads, and whether it meets a rule."""

    lead_id: uuid.UUID
    reference: str
    company: str
    received_at: datetime
    is_met: bool


def rule_of_row(row: RuleRow) -> RoutingRule:
    """The rule that a row holds."""
    return RoutingRule(
        row.name, ConditionGroup.from_json(row.conditions), RuleActions.from_json(row.actions), row.is_active
    )


def routing_rules_met(session: Session, lead: Lead) -> tuple[RoutingRule, ...]:
    """The manufacturer's rules that a lead meets, in their order."""
    rules = [rule_of_row(row) for row in _rows(session, lead.manufacturer_id) if row.is_active]
    return rules_met(rules, lead_values(session, [lead.id])[lead.id]) if rules else ()


def list_rules(*, viewer: Viewer) -> list[RuleLine]:
    """Every rule, in the order they are asked."""
    names = _partner_names(viewer)
    return [_line(row, names) for row in _rows(db.session(), own_manufacturer(viewer))]


def rule_line(*, viewer: Viewer, rule_id: int) -> RuleLine:
    """One rule; NotFound when it is nobody's of this manufacturer."""
    return _line(own_row(viewer, RuleRow, rule_id), _partner_names(viewer))


def try_rule(rule: RoutingRule, *, viewer: Viewer) -> list[TriedLead]:
    """The newest leads, each with whether it meets the rule as it stands now: nothing is written."""
    rows = db.session.execute(
        select(Lead.id, Lead.company, Lead.received_at)
        .where(Lead.manufacturer_id == own_manufacturer(viewer))
        .order_by(Lead.received_at.desc(), Lead.id)
        .limit(TRIED_LEADS)
    ).all()
    values = lead_values(db.session(), [row.id for row in rows])
    return [
        TriedLead(
            row.id,
            f"L-{row.id.hex[:6].upper()}",
            row.company,
            row.received_at,
            rule.conditions.holds_for(values[row.id]),
        )
        for row in rows
    ]


def _rows(session: Session, manufacturer_id: int) -> list[RuleRow]:
    rows = select(RuleRow).where(RuleRow.manufacturer_id == manufacturer_id).order_by(RuleRow.position, RuleRow.id)
    return list(session.scalars(rows))


def _partner_names(viewer: Viewer) -> dict[int, str]:
    rows = select(Partnership.id, Partnership.name).where(Partnership.manufacturer_id == own_manufacturer(viewer))
    return {row.id: row.name for row in db.session.execute(rows)}


def _line(row: RuleRow, names: dict[int, str]) -> RuleLine:
    rule = rule_of_row(row)
    says = Phrase(
        "%(conditions)s → %(actions)s", {"conditions": rule.conditions.phrase, "actions": rule.actions.phrase(names)}
    )
    return RuleLine(row.id, row.position, row.version, row.updated_at, rule, says)

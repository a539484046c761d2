"""A manufacturer's own routing rules: what they say, how often they apply, and which past leads would meet one."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, case, func, select
from sqlalchemy.orm import Session

from app.database import clock_now, db, is_one_of
from app.domain.identity import MANUFACTURER_ROLES, Viewer
from app.domain.lead_conditions import ConditionGroup, LeadValues
from app.domain.phrases import N_, Phrase
from app.domain.routing_rules import RoutingRule, RuleTrigger, rules_met, trigger_of
from app.domain.rule_actions import ActionNames, RuleActions
from app.models import Lead, Partnership, ProductLine, RoutingDecision, RuleApplication, Tier, User
from app.models import RoutingRule as RuleRow
from app.queries.lead_values import lead_values
from app.queries.network.own import own_manufacturer, own_row

COUNTED_DAYS = 30

_ROWS = (
    select(RuleRow)
    .where(RuleRow.manufacturer_id == bindparam("manufacturer_id"))
    .order_by(RuleRow.position, RuleRow.id)
    .execution_options(populate_existing=True)
)


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule as the list and the form show it. `applied` counts leads of the last 30 days."""

    id: int
    position: int
    version: int
    updated_at: datetime
    rule: RoutingRule
    says: Phrase
    applied: int = 0
    applied_at: datetime | None = None


def rule_of_row(row: RuleRow) -> RoutingRule:
    """The rule that a row holds."""
    return RoutingRule(
        name=row.name,
        conditions=ConditionGroup.from_json(row.conditions),
        actions=RuleActions.from_json(row.actions),
        is_active=row.is_active,
        trigger=RuleTrigger(row.trigger),
        id=row.id,
        version=row.version,
    )


def all_rules(session: Session, manufacturer_id: int) -> list[RoutingRule]:
    """The manufacturer's rules, on or off, in their order."""
    return [rule_of_row(row) for row in _rows(session, manufacturer_id)]


def active_rules(session: Session, manufacturer_id: int) -> list[RoutingRule]:
    """The manufacturer's rules that are on, in their order."""
    return [rule for rule in all_rules(session, manufacturer_id) if rule.is_active]


@dataclass(frozen=True, slots=True)
class RuleStanding:
    """What decides which rules a lead meets: its fields, what has happened to it, which rules were followed for it.

    `followed` holds rules by id with the version that was followed.
    """

    values: LeadValues
    triggers: frozenset[RuleTrigger]
    followed: Mapping[int, int]

    def met(self, rules: Iterable[RoutingRule]) -> tuple[RoutingRule, ...]:
        """Those of the rules the lead meets; what was followed holds until the rule changes."""
        wanted = list(rules)
        in_force = {rule.id for rule in wanted if self.followed.get(rule.id) == rule.version}
        return rules_met(wanted, self.values, self.triggers, in_force)


def rule_standings(
    session: Session, lead_ids: Collection[uuid.UUID], *, cause: str = ""
) -> dict[uuid.UUID, RuleStanding]:
    """How each of these leads stands to rules; `cause` is what is happening to them now. Four questions in all."""
    triggers = {lead_id: {RuleTrigger.RECEIVED} for lead_id in lead_ids}
    causes = select(RoutingDecision.lead_id, RoutingDecision.cause).where(is_one_of(RoutingDecision.lead_id, lead_ids))
    happened = [*session.execute(causes.distinct()), *((lead_id, cause) for lead_id in lead_ids)]
    for lead_id, one in happened:
        if (trigger := trigger_of(one)) is not None:
            triggers[lead_id].add(trigger)
    followed: dict[uuid.UUID, dict[int, int]] = defaultdict(dict)
    applied = select(RuleApplication.lead_id, RuleApplication.rule_id, RuleApplication.version)
    for row in session.execute(applied.where(is_one_of(RuleApplication.lead_id, lead_ids))):
        followed[row.lead_id][row.rule_id] = row.version or 0
    return {
        lead_id: RuleStanding(values, frozenset(triggers[lead_id]), followed[lead_id])
        for lead_id, values in lead_values(session, lead_ids).items()
    }


def routing_rules_met(session: Session, lead: Lead, *, cause: str = "") -> tuple[RoutingRule, ...]:
    """The manufacturer's rules about what has happened to a lead until now, `cause` included, that it meets."""
    rules = active_rules(session, lead.manufacturer_id)
    return rule_standings(session, [lead.id], cause=cause)[lead.id].met(rules) if rules else ()


def rules_in_force(session: Session, lead_id: uuid.UUID) -> set[int]:
    """The rules that were followed for a lead, and have neither changed nor been asked again in vain since."""
    followed = select(RuleApplication.rule_id).join(RuleRow, RuleRow.id == RuleApplication.rule_id)
    unchanged = RuleApplication.version == RuleRow.version
    return set(session.scalars(followed.where(RuleApplication.lead_id == lead_id, unchanged)))


def list_rules(*, viewer: Viewer) -> list[RuleLine]:
    """Every rule, in the order they are asked, with how often each has applied."""
    session, manufacturer_id = db.session(), own_manufacturer(viewer)
    rows = _rows(session, manufacturer_id)
    names = action_names(session, manufacturer_id, map(rule_of_row, rows))
    applied = _applications(session, [row.id for row in rows])
    return [_line(row, names, *applied.get(row.id, (0, None))) for row in rows]


def rule_line(*, viewer: Viewer, rule_id: int) -> RuleLine:
    """One rule; NotFound when it is nobody's of this manufacturer."""
    row = own_row(viewer, RuleRow, rule_id)
    return _line(row, action_names(db.session(), own_manufacturer(viewer), [rule_of_row(row)]))


def action_names(session: Session, manufacturer_id: int, rules: Iterable[RoutingRule]) -> ActionNames:
    """What people call the partners these rules name, and all else a rule may name; who has left is said to have."""
    named_ids = {one for rule in rules for one in rule.actions.partner_ids}
    partners = select(Partnership.id, Partnership.name).where(
        Partnership.manufacturer_id == manufacturer_id, Partnership.id.in_(named_ids)
    )
    people = select(User.id, User.name, User.role, User.disabled_at).where(User.organisation_id == manufacturer_id)
    tiers = select(Tier.code, Tier.name).where(Tier.manufacturer_id == manufacturer_id)
    lines = select(ProductLine.code, ProductLine.name).where(ProductLine.manufacturer_id == manufacturer_id)
    return ActionNames(
        partners={row.id: row.name for row in session.execute(partners)},
        people={row.id: _person(row) for row in session.execute(people)},
        tiers={row.code: row.name for row in session.execute(tiers)},
        products={row.code: row.name for row in session.execute(lines)},
    )


def _person(row: Any) -> object:
    is_there = row.disabled_at is None and row.role in MANUFACTURER_ROLES
    return row.name if is_there else Phrase(N_("%(name)s (has left)"), {"name": row.name})


def _applications(session: Session, rule_ids: Sequence[int]) -> dict[int, tuple[int, datetime | None]]:
    is_counted = RuleApplication.applied_at >= clock_now() - timedelta(days=COUNTED_DAYS)
    rows = session.execute(
        select(
            RuleApplication.rule_id,
            func.count(case((is_counted, 1))).label("applied"),
            func.max(RuleApplication.applied_at).label("applied_at"),
        )
        .where(RuleApplication.rule_id.in_(rule_ids))
        .group_by(RuleApplication.rule_id)
    )
    return {row.rule_id: (row.applied, row.applied_at) for row in rows}


def _rows(session: Session, manufacturer_id: int) -> list[RuleRow]:
    return list(session.scalars(_ROWS, {"manufacturer_id": manufacturer_id}))


def _line(row: RuleRow, names: ActionNames, applied: int = 0, applied_at: datetime | None = None) -> RuleLine:
    rule = rule_of_row(row)
    says = Phrase(
        "%(conditions)s → %(actions)s", {"conditions": rule.conditions.phrase, "actions": rule.actions.phrase(names)}
    )
    return RuleLine(row.id, row.position, row.version, row.updated_at, rule, says, applied, applied_at)

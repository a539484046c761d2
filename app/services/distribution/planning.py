"""Where a lead stands in its plan, and what comes next for it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts import AccountLevel
from app.domain.consent import ConsentScope
from app.domain.distribution import ENABLED_ROUNDS, DistributionPlan, RoundKind, RoundPlan, next_round
from app.domain.money import Money
from app.domain.round_conditions import LeadTraits
from app.models import Lead, Round
from app.queries.lead_values import lead_values
from app.queries.manufacturers import ManufacturerRules, plan_of_lead
from app.services.distribution.deciding import Considered


def line_after(
    session: Session, lead: Lead, after: RoundKind | None, considered: Considered, rules: ManufacturerRules
) -> RoundPlan | None:
    """The next line of the plan version a lead has; after the direct queue comes the direct queue. None at the end."""
    plan = plan_of_lead(session, lead.plan_id) if lead.plan_id else rules.plan
    line = next_round(plan, after, traits_of(session, lead, considered, plan), ENABLED_ROUNDS)
    return line or (plan.round_of(RoundKind.DIRECT) if after is RoundKind.DIRECT else None)


def place_in_plan(session: Session, lead: Lead) -> RoundKind | None:
    """How far a lead has come: the kind of its last round, leaving out backups, which are asked beside the plan."""
    last = select(Round.kind).where(Round.lead_id == lead.id, Round.backup_for_id.is_(None))
    kind = session.scalar(last.order_by(Round.number.desc()).limit(1))
    has_line = kind is not None and lead.plan_id is not None and plan_of_lead(session, lead.plan_id).round_of(kind)
    return kind if has_line else None


def _is_manufacturers_own(considered: Considered) -> bool:
    return considered.lead.consent_scope is ConsentScope.MANUFACTURER_ONLY


def traits_of(
    session: Session, lead: Lead, considered: Considered, plan: DistributionPlan, *, has_owner: bool = False
) -> LeadTraits:
    """What the plan's conditions look at."""
    has_amount = lead.amount_cents is not None and lead.currency is not None
    return LeadTraits(
        products=frozenset(line.code for line in considered.lead.products),
        country=lead.country,
        subdivision=lead.subdivision,
        value=Money(lead.amount_cents or 0, lead.currency or "") if has_amount else None,
        score=lead.score,
        is_hot=lead.is_hot,
        is_strategic=lead.account_level is AccountLevel.STRATEGIC,
        has_owner=has_owner,
        may_go_to_partners=not _is_manufacturers_own(considered),
        source=lead.source_kind,
        values=lead_values(session, [lead.id])[lead.id] if plan.looks_at_fields else {},
    )

"""A plan tried on last month's leads, beside the current one: nothing is written."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on

from app.database import clock_now, db
from app.domain.accounts import AccountLevel
from app.domain.consent import ConsentScope
from app.domain.distribution import RoundKind
from app.domain.identity import Viewer
from app.domain.lead_conditions import LeadField, LeadValues
from app.domain.money import Money
from app.domain.plan_trials import PlanTrial, TrialLead, try_plan_on
from app.domain.plans import PlanDraft
from app.domain.round_conditions import LeadTraits
from app.models import Assignment, Lead, Offer, Partnership, Round, RoutingDecision
from app.queries.lead_values import lead_values
from app.queries.network.own import own_manufacturer
from app.queries.plans import current_plan

TRIED_DAYS = 30
TRIED_LEADS = 2_000
"""How far a trial looks back, and at how many leads at most, the newest first: it answers within two seconds."""


@dataclass(frozen=True, slots=True)
class TriedPlan:
    """A trial with the partners' names; `is_cut`: there were more leads than a trial looks at."""

    trial: PlanTrial
    partner_names: dict[int, str]
    is_cut: bool


def try_plan(plan: PlanDraft, *, viewer: Viewer) -> TriedPlan:
    """What `plan` would have done to the leads of the last 30 days that went through a plan, beside the current one.

    By the facts that are stored: who was eligible when the lead came, who owned the company, who took the lead.
    """
    manufacturer_id = own_manufacturer(viewer)
    rows = _leads(manufacturer_id)
    leads = _trial_leads(rows[:TRIED_LEADS])
    trial = try_plan_on(leads, current_plan(viewer=viewer).draft, plan)
    return TriedPlan(trial, _names([one.partnership_id for one in trial.partners]), len(rows) > TRIED_LEADS)


def _leads(manufacturer_id: int) -> Sequence[Any]:
    since = select(clock_now() - timedelta(days=TRIED_DAYS)).scalar_subquery()
    return db.session.execute(
        select(Lead.id, Lead.score, Lead.is_hot, Lead.amount_cents, Lead.currency, Lead.account_level, Lead.source_kind)
        .where(Lead.manufacturer_id == manufacturer_id, Lead.received_at >= since, Lead.plan_id.is_not(None))
        .order_by(Lead.received_at.desc(), Lead.id)
        .limit(TRIED_LEADS + 1)
    ).all()


def _trial_leads(rows: Sequence[Any]) -> list[TrialLead]:
    ids = [row.id for row in rows]
    values, eligible, owners, takers = lead_values(db.session(), ids), _eligible(ids), _owners(ids), _takers(ids)
    return [
        TrialLead(
            lead_id=row.id,
            reference=f"L-{row.id.hex[:6].upper()}",
            traits=_traits(row, values[row.id], has_owner=row.id in owners),
            eligible_ids=frozenset(eligible.get(row.id, ())),
            owner_id=owners.get(row.id),
            taken_by_id=takers.get(row.id),
        )
        for row in rows
    ]


def _traits(row: Any, values: LeadValues, *, has_owner: bool) -> LeadTraits:
    products, country, subdivision = (
        values[name] for name in (LeadField.PRODUCTS, LeadField.COUNTRY, LeadField.SUBDIVISION)
    )
    has_amount = row.amount_cents is not None and row.currency is not None
    return LeadTraits(
        products=products if isinstance(products, frozenset) else frozenset(),
        country=str(country) if country else None,
        subdivision=str(subdivision) if subdivision else None,
        value=Money(row.amount_cents, row.currency) if has_amount else None,
        score=row.score,
        is_strategic=row.account_level is AccountLevel.STRATEGIC,
        is_hot=row.is_hot,
        has_owner=has_owner,
        may_go_to_partners=values[LeadField.CONSENT] != ConsentScope.MANUFACTURER_ONLY,
        source=row.source_kind,
        values=values,
    )


def _eligible(lead_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[int]]:
    """Who was eligible when each lead was first decided about, with anybody eligible at all."""
    found = (
        select(RoutingDecision.lead_id, RoutingDecision.eligible_ids)
        .ext(distinct_on(RoutingDecision.lead_id))
        .where(RoutingDecision.lead_id.in_(lead_ids), func.cardinality(RoutingDecision.eligible_ids) > 0)
        .order_by(RoutingDecision.lead_id, RoutingDecision.id)
    )
    return {row.lead_id: row.eligible_ids for row in db.session.execute(found)}


def _owners(lead_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """For whom a lead was reserved as the company's owner."""
    found = (
        select(Offer.lead_id, Offer.partnership_id)
        .join(Round, Round.id == Offer.round_id)
        .where(Offer.lead_id.in_(lead_ids), Round.kind == RoundKind.OWNER)
        .order_by(Round.number.desc())
    )
    return {row.lead_id: row.partnership_id for row in db.session.execute(found)}


def _takers(lead_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Which partner had each lead first."""
    found = (
        select(Assignment.lead_id, Assignment.partnership_id)
        .where(Assignment.lead_id.in_(lead_ids), Assignment.partnership_id.is_not(None))
        .order_by(Assignment.id.desc())
    )
    return {row.lead_id: row.partnership_id for row in db.session.execute(found)}


def _names(partnership_ids: Collection[int]) -> dict[int, str]:
    rows = db.session.execute(select(Partnership.id, Partnership.name).where(Partnership.id.in_(partnership_ids)))
    return {row.id: row.name for row in rows}

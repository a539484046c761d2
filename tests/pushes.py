"""Leads that one partner is asked about alone, for tests: a plan of pushes, and what was decided."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.deadlines import Span
from app.domain.distribution import AssignmentEnd, RoundKind, RoundPlan
from app.domain.distribution import DistributionPlan as PlanFacts
from app.domain.identity import OrganisationKind, Role
from app.models import Assignment, DistributionPlan, Lead, Offer, Partnership, RoutingDecision
from app.services.lead_routing import route_lead
from tests import factories
from tests.cast import Cast

PUSHES = PlanFacts(
    (
        RoundPlan(RoundKind.PUSH, Span(minutes=4 * 60), max_offers=3),
        RoundPlan(RoundKind.DIRECT, Span(is_same_day=True)),
    )
)


def push_only(session: Session, cast: Cast, **choice: Any) -> DistributionPlan:
    """Make Acme's plan one of pushes, with this choice; newer partners have no share unless it says so."""
    plan = session.scalars(select(DistributionPlan).where(DistributionPlan.manufacturer_id == cast.acme.id)).one()
    plan.rounds = PUSHES.to_json()
    plan.fairness_every = 0
    plan.experience = {"score": None, "value": None}
    for name, value in choice.items():
        setattr(plan, name, value)
    session.commit()
    return plan


def pushed(session: Session, cast: Cast, **values: Any) -> Lead:
    """A lead for pumps in Munich that has been routed by the plan."""
    lead = factories.lead(session, cast.acme, [cast.products["pump"]], **values)
    session.commit()
    route_lead(lead_id=lead.id)
    return lead


def asked_about(session: Session, lead: Lead) -> Offer:
    """The open offer of the lead to one partner alone."""
    wanted = select(Offer).where(Offer.lead_id == lead.id, Offer.is_exclusive, Offer.answer.is_(None))
    return session.scalars(wanted.execution_options(populate_existing=True)).one()


def decision_about(session: Session, lead: Lead) -> RoutingDecision:
    """The latest decision about the lead."""
    wanted = select(RoutingDecision).where(RoutingDecision.lead_id == lead.id).order_by(RoutingDecision.id.desc())
    return session.scalars(wanted.limit(1)).one()


def another_partner(session: Session, cast: Cast, name: str, tier: str = "gold", **values: Any) -> Partnership:
    """One more partner of Acme's for pumps in Germany, with a person who can answer."""
    organisation = factories.organisation(session, name, OrganisationKind.PARTNER)
    factories.user(session, organisation, Role.PARTNER_ADMIN, name.lower())
    products = [cast.products["pump"]]
    made = factories.partnership(
        session, cast.acme, organisation, cast.tiers[tier], products=products, countries=["DE"], **values
    )
    session.commit()
    return made


def worked(session: Session, cast: Cast, partnership: Partnership, days_ago: float = 30, **values: Any) -> Assignment:
    """A lead that a partner worked and won some days ago."""
    lead = factories.lead(session, cast.acme, [cast.products["pump"]], **values)
    then = datetime.now(UTC) - timedelta(days=days_ago)
    return factories.assignment(
        session,
        lead,
        partnership=partnership,
        assigned_at=then,
        first_attempt_at=then,
        ended_at=then + timedelta(hours=1),
        end=AssignmentEnd.WON,
    )

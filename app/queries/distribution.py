"""The manufacturer's own queue: leads that no partner took, and to whom a lead can be given by hand."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from app.database import clock_now, db
from app.domain.consent import ConsentScope, lets_partner_call
from app.domain.distribution import RoundKind
from app.domain.errors import NotFound
from app.domain.identity import Role, Viewer
from app.domain.leads import CLOSED_STATES, LeadState
from app.domain.money import Money
from app.domain.partners import PartnershipStatus
from app.domain.person_names import full_name
from app.domain.phrases import Phrase
from app.models import Consent, Lead, Partnership, Round, RoutingDecision, Tier, User
from app.queries.board import Product
from app.queries.board.cards import products_of
from app.queries.eligibility import eligibilities
from app.queries.push_rankings import ranking_in_question

QUEUE_CAP = 100
PARTNERS_OFFERED = 20
SELLER_ROLES = (Role.ADMIN, Role.CHANNEL_MANAGER, Role.INSIDE_SALES)


@dataclass(frozen=True, slots=True)
class QueuedLead:
    """One lead that waits for a seller, since when, and by when it should be somebody's."""

    lead_id: uuid.UUID
    reference: str
    products: tuple[Product, ...]
    company: str
    person: str
    country: str | None
    subdivision: str | None
    is_hot: bool
    amount: Money | None
    waiting_since: datetime
    due_at: datetime | None

    @property
    def title(self) -> str:
        """The product lines' names."""
        return ", ".join(product.name for product in self.products)


@dataclass(frozen=True, slots=True)
class DirectQueue:
    """The first leads of the queue, oldest first, and how many there are in all.

    `in_review` counts those that wait for a decision instead: they are in the review queue.
    """

    leads: tuple[QueuedLead, ...]
    total: int
    in_review: int
    now: datetime


@dataclass(frozen=True, slots=True)
class AssigneePartner:
    """A partnership; whether it `is_eligible` now, else the first `obstacle`.

    Without `is_agreed_to` the lead cannot be given to it: the prospect's consent binds a person too.
    """

    id: int
    name: str
    code: str
    tier: str
    is_eligible: bool
    obstacle: Phrase | None
    is_agreed_to: bool
    open_claims: int


@dataclass(frozen=True, slots=True)
class AssignmentChoice:
    """A lead and whom it may be given to: the viewer's colleagues, and the partnerships found."""

    lead_id: uuid.UUID
    reference: str
    title: str
    company: str
    state: LeadState
    people: tuple[tuple[int, str], ...]
    partners: tuple[AssigneePartner, ...]
    partner_count: int

    @property
    def is_closed(self) -> bool:
        """Whether nobody can be given the lead any more."""
        return self.state in CLOSED_STATES

    @property
    def is_waiting(self) -> bool:
        """Whether a person may let it go to partners instead."""
        return self.state in (LeadState.NURTURING, LeadState.IN_REVIEW)


def direct_queue(*, viewer: Viewer) -> DirectQueue:
    """The viewer's manufacturer's leads in an open `direct` round, those that wait longest first."""
    now: datetime = db.session.execute(select(clock_now())).scalar_one()
    own = Lead.manufacturer_id == viewer.organisation_id
    waiting = (
        select(Lead, Round.opened_at, Round.closes_at, func.count().over().label("total"))
        .join(Round, and_(Round.lead_id == Lead.id, Round.closed_at.is_(None), Round.kind == RoundKind.DIRECT))
        .where(own, Lead.state == LeadState.DISTRIBUTING)
        .order_by(Round.opened_at, Lead.id)
        .limit(QUEUE_CAP)
    )
    rows = db.session.execute(waiting).all()
    products = products_of({row.Lead.id for row in rows})
    leads = tuple(_queued(row.Lead, row.opened_at, row.closes_at, products.get(row.Lead.id, ())) for row in rows)
    in_review = select(func.count()).where(own, Lead.state == LeadState.IN_REVIEW)
    return DirectQueue(leads, rows[0].total if rows else 0, db.session.scalar(in_review) or 0, now)


def _queued(lead: Lead, since: datetime, due_at: datetime | None, products: tuple[Product, ...]) -> QueuedLead:
    return QueuedLead(
        lead_id=lead.id,
        reference=lead.reference,
        products=products,
        company=lead.company,
        person=full_name(lead.given_name, lead.family_name),
        country=lead.country,
        subdivision=lead.subdivision,
        is_hot=lead.is_hot,
        amount=Money(lead.amount_cents, lead.currency) if lead.amount_cents is not None and lead.currency else None,
        waiting_since=since,
        due_at=due_at,
    )


def assignment_choice(*, viewer: Viewer, lead_id: uuid.UUID, search: str = "") -> AssignmentChoice:
    """Whom a lead may be given to: eligible partnerships first, or those whose name or code holds `search`.

    `NotFound` for anybody but the lead's manufacturer.
    """
    lead = db.session.get(Lead, lead_id)
    if lead is None or not viewer.is_manufacturer or lead.manufacturer_id != viewer.organisation_id:
        raise NotFound
    partners, count = _partners(lead, search.strip())
    return AssignmentChoice(
        lead_id=lead.id,
        reference=lead.reference,
        title=", ".join(line.name for line in lead.product_lines),
        company=lead.company,
        state=lead.state,
        people=_people(viewer.organisation_id),
        partners=partners,
        partner_count=count,
    )


def _people(manufacturer_id: int) -> tuple[tuple[int, str], ...]:
    people = select(User.id, User.name).where(
        User.organisation_id == manufacturer_id, User.disabled_at.is_(None), User.role.in_(SELLER_ROLES)
    )
    return tuple((row.id, row.name) for row in db.session.execute(people.order_by(User.name)))


def _partners(lead: Lead, search: str) -> tuple[tuple[AssigneePartner, ...], int]:
    latest = (
        select(RoutingDecision.eligible_ids)
        .where(RoutingDecision.lead_id == lead.id, RoutingDecision.has_considered)
        .order_by(RoutingDecision.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    is_eligible = func.array_position(latest, Partnership.id).is_not(None)
    question = ranking_in_question(lead.id)
    places = {line.partnership_id: place for place, line in enumerate(question.lines)} if question else {}
    wanted = (
        select(
            Partnership.id,
            Partnership.name,
            Partnership.code,
            Tier.name.label("tier"),
            Partnership.unworked_claims,
            func.count().over().label("total"),
        )
        .join(Tier, Tier.id == Partnership.tier_id)
        .where(Partnership.manufacturer_id == lead.manufacturer_id, Partnership.status == PartnershipStatus.ACTIVE)
        .order_by(*_in_order(places), is_eligible.desc(), Partnership.name)
        .limit(PARTNERS_OFFERED)
    )
    if search:
        matches = (column.icontains(search, autoescape=True) for column in (Partnership.name, Partnership.code))
        wanted = wanted.where(or_(*matches))
    rows = db.session.execute(wanted).all()
    return _assignees(lead, rows), rows[0].total if rows else 0


def _in_order(places: Mapping[int, int]) -> list[ColumnElement[int]]:
    """Those a person is to choose among come first, the first by the plan on top."""
    return [case(places, value=Partnership.id, else_=len(places))] if places else []


def _assignees(lead: Lead, rows: Sequence[Any]) -> tuple[AssigneePartner, ...]:
    session = db.session()
    found = eligibilities(session, lead.manufacturer_id, [lead], [row.id for row in rows])[lead.id]
    consent = session.get(Consent, lead.id)
    scope = consent.scope if consent and consent.withdrawn_at is None else ConsentScope.NONE
    named_ids = consent.partnership_ids if consent else ()
    return tuple(
        AssigneePartner(
            id=row.id,
            name=row.name,
            code=row.code,
            tier=row.tier,
            is_eligible=found[row.id].is_eligible,
            obstacle=next((result.phrase for result in found[row.id].failures), None),
            is_agreed_to=lets_partner_call(scope, named_ids, row.id),
            open_claims=row.unworked_claims,
        )
        for row in rows
    )

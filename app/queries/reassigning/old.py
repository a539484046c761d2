"""What is looked at before leads are moved by hand, what would become of each, and what became of those moved."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ARRAY, BigInteger, and_, cast, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, aliased

from app.database import db
from app.domain.audit import EventKind
from app.domain.consent import ConsentScope
from app.domain.errors import NotFound, Refused
from app.domain.identity import Viewer
from app.domain.leads import LeadState
from app.domain.money import Money
from app.domain.partners import PartnershipStatus
from app.domain.person_names import full_name
from app.domain.phrases import Phrase
from app.domain.reassigning import LeadStanding, ReassignFacts, Taker, decide_reassign
from app.models import Assignment, Consent, Event, Lead, Offer, Partnership, Round, RoutingDecision, User
from app.queries.cockpit.index import products_of
from app.queries.distribution import PARTNERS_OFFERED, SELLER_ROLES
from app.queries.network.own import contains, own_manufacturer


@dataclass(frozen=True, slots=True)
class MovableLead:
    """One lead that was chosen: who has it now, where it stands, and what would become of it.

    `outcome` says what happens, `why_not` why nothing does; both are None while nobody is chosen to take it and nothing
    stands against moving it.
    """

    id: uuid.UUID
    reference: str
    company: str
    person: str
    products: tuple[str, ...]
    is_hot: bool
    amount: Money | None
    state: LeadState
    holder: str
    standing: LeadStanding
    outcome: Phrase | None = None
    why_not: Phrase | None = None
    remedy: Phrase | None = None


@dataclass(frozen=True, slots=True)
class TakerPartner:
    """An active partnership; `eligible_for` counts the chosen leads it is eligible for by their latest decisions."""

    id: int
    name: str
    code: str
    open_claims: int
    eligible_for: int


@dataclass(frozen=True, slots=True)
class TakerChoice:
    """Whom leads can be given to: the partnerships found, the most eligible first, and the manufacturer's sellers."""

    partners: tuple[TakerPartner, ...]
    partner_count: int
    people: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class MovedLead:
    """One lead of a move; `why_not` is why it stayed where it was."""

    id: uuid.UUID
    reference: str
    company: str
    why_not: Phrase | None = None


@dataclass(frozen=True, slots=True)
class Reassigned:
    """A move that was made: by whom, when, to whom, why, and what became of each lead. `taker` is empty for a plan."""

    by: str
    at: datetime
    taker: str
    reason: str
    done: tuple[MovedLead, ...]
    refused: tuple[MovedLead, ...]


def reassign_facts(
    session: Session, manufacturer_id: int, lead_ids: Collection[uuid.UUID], taker: Taker
) -> Mapping[uuid.UUID, tuple[LeadStanding, ReassignFacts]]:
    """Where each of a manufacturer's leads stands, and what decides whether it may go to `taker`."""
    status = select(Partnership.status).where(
        Partnership.id == taker.partnership_id, Partnership.manufacturer_id == manufacturer_id
    )
    is_active = taker.partnership_id is None or session.scalar(status) is PartnershipStatus.ACTIVE
    rows = session.execute(
        select(
            Lead.id,
            Lead.state,
            Assignment.id.label("assignment_id"),
            Assignment.partnership_id,
            Assignment.user_id,
            Round.id.label("round_id"),
            Round.kind.label("round_kind"),
            Consent.scope,
            Consent.partnership_ids,
            Consent.withdrawn_at,
        )
        .outerjoin(Assignment, and_(Assignment.lead_id == Lead.id, Assignment.ended_at.is_(None)))
        .outerjoin(Round, and_(Round.lead_id == Lead.id, Round.closed_at.is_(None)))
        .outerjoin(Consent, Consent.lead_id == Lead.id)
        .where(Lead.id.in_(lead_ids), Lead.manufacturer_id == manufacturer_id)
    )
    return {
        row.id: (
            LeadStanding(row.state, row.assignment_id, row.round_id),
            ReassignFacts(
                state=row.state,
                worker=_worker(row.assignment_id, row.partnership_id, row.user_id),
                round_kind=row.round_kind,
                consent_scope=row.scope if row.scope and row.withdrawn_at is None else ConsentScope.NONE,
                named_ids=tuple(row.partnership_ids or ()),
                is_partner_active=is_active,
            ),
        )
        for row in rows
    }


def _worker(assignment_id: int | None, partnership_id: int | None, user_id: int | None) -> Taker | None:
    if assignment_id is None:
        return None
    return Taker(partnership_id=partnership_id) if partnership_id is not None else Taker(user_id=user_id)


def preview_reassign(
    *, viewer: Viewer, lead_ids: Collection[uuid.UUID], taker: Taker | None
) -> tuple[MovableLead, ...]:
    """What would become of each of the viewer's leads; those of others are left out. The most valuable come first."""
    session, own = db.session(), own_manufacturer(viewer)
    facts = reassign_facts(session, own, lead_ids, taker or Taker())
    leads = session.scalars(select(Lead).where(Lead.id.in_(facts)).order_by(Lead.amount_cents.desc().nulls_last()))
    holders = _holders(session, facts)
    products = products_of(list(facts))
    return tuple(
        _movable(lead, *facts[lead.id], holders.get(lead.id, ""), taker, products.get(lead.id, ())) for lead in leads
    )


def _movable(
    lead: Lead,
    standing: LeadStanding,
    facts: ReassignFacts,
    holder: str,
    taker: Taker | None,
    products: tuple[str, ...],
) -> MovableLead:
    outcome = refusal = None
    try:
        outcome = decide_reassign(facts, taker or Taker())
    except Refused as refused:
        refusal = refused
    # Before anybody is chosen only what stands against every choice is told.
    is_told = taker is not None or (refusal is not None and refusal.code == "closed")
    return MovableLead(
        id=lead.id,
        reference=lead.reference,
        company=lead.company,
        person=full_name(lead.given_name, lead.family_name),
        products=products,
        is_hot=lead.is_hot,
        amount=Money(lead.amount_cents, lead.currency) if lead.amount_cents is not None and lead.currency else None,
        state=lead.state,
        holder=holder,
        standing=standing,
        outcome=outcome if is_told else None,
        why_not=refusal.phrase if refusal and is_told else None,
        remedy=refusal.remedy if refusal and is_told else None,
    )


def _holders(session: Session, facts: Mapping[uuid.UUID, tuple[LeadStanding, ReassignFacts]]) -> dict[uuid.UUID, str]:
    """Who works each lead, or is asked alone to take it."""
    asked = aliased(Partnership)
    works = (
        select(Assignment.lead_id, Partnership.name, User.name)
        .outerjoin(Partnership, Partnership.id == Assignment.partnership_id)
        .outerjoin(User, User.id == Assignment.user_id)
        .where(Assignment.id.in_([one.assignment_id for one, _ in facts.values() if one.assignment_id]))
    )
    offered = (
        select(Offer.lead_id, asked.name)
        .join(asked, asked.id == Offer.partnership_id)
        .where(
            Offer.round_id.in_([one.round_id for one, _ in facts.values() if one.round_id]),
            Offer.is_exclusive,
            Offer.answer.is_(None),
        )
    )
    asked_alone = {row[0]: row[1] for row in session.execute(offered)}
    return asked_alone | {row[0]: row[1] or row[2] or "" for row in session.execute(works)}


def taker_choice(*, viewer: Viewer, lead_ids: Collection[uuid.UUID], search: str = "") -> TakerChoice:
    """Whom the chosen leads can be given to; `search` narrows the partnerships by name or code."""
    own = own_manufacturer(viewer)
    fits = _eligibility(own, lead_ids)
    ranked = [partnership_id for partnership_id, _ in fits.most_common(PARTNERS_OFFERED)]
    wanted = (
        select(Partnership, func.count().over().label("total"))
        .where(Partnership.manufacturer_id == own, Partnership.status == PartnershipStatus.ACTIVE)
        .order_by(func.array_position(cast(ranked, ARRAY(BigInteger)), Partnership.id).nulls_last(), Partnership.name)
        .limit(PARTNERS_OFFERED)
    )
    if search.strip():
        wanted = wanted.where(contains(Partnership.name, search.strip()) | contains(Partnership.code, search.strip()))
    rows = db.session.execute(wanted).all()
    people = select(User.id, User.name).where(
        User.organisation_id == own, User.disabled_at.is_(None), User.role.in_(SELLER_ROLES)
    )
    return TakerChoice(
        partners=tuple(
            TakerPartner(one.id, one.name, one.code, one.unworked_claims, fits[one.id]) for one, _total in rows
        ),
        partner_count=rows[0].total if rows else 0,
        people=tuple((row.id, row.name) for row in db.session.execute(people.order_by(User.name))),
    )


def _eligibility(manufacturer_id: int, lead_ids: Collection[uuid.UUID]) -> Counter[int]:
    """For how many of the leads each partnership is eligible, by the latest decision about each."""
    latest = (
        select(RoutingDecision.eligible_ids)
        .ext(distinct_on(RoutingDecision.lead_id))
        .where(RoutingDecision.lead_id.in_(lead_ids), RoutingDecision.manufacturer_id == manufacturer_id)
        .order_by(RoutingDecision.lead_id, RoutingDecision.id.desc())
    )
    return Counter(partnership_id for ids in db.session.scalars(latest) for partnership_id in ids)


def taker_name(session: Session, manufacturer_id: int, taker: Taker) -> str:
    """What the chosen partner or person is called; empty for a plan. `NotFound` for anybody else's."""
    if taker.is_plan:
        return ""
    partner = select(Partnership.name).where(
        Partnership.id == taker.partnership_id, Partnership.manufacturer_id == manufacturer_id
    )
    person = select(User.name).where(User.id == taker.user_id, User.organisation_id == manufacturer_id)
    name = session.scalar(partner if taker.partnership_id is not None else person)
    if name is None:
        raise NotFound
    return name


def reassigned(*, viewer: Viewer, event_id: int) -> Reassigned:
    """What became of the leads of one move; `NotFound` for anybody but the manufacturer's."""
    session = db.session()
    event = session.get(Event, event_id)
    if event is None or event.kind is not EventKind.LEADS_REASSIGNED or event.manufacturer_id != viewer.organisation_id:
        raise NotFound
    done = [uuid.UUID(text) for text in event.data["leads"]]
    refused = {uuid.UUID(text): Phrase.from_json(why) for text, why in event.data["refused"].items()}
    leads = {lead.id: lead for lead in session.scalars(select(Lead).where(Lead.id.in_([*done, *refused])))}
    by = session.get(User, event.actor_user_id) if event.actor_user_id else None
    return Reassigned(
        by=by.name if by else "",
        at=event.at,
        taker=event.data["taker"],
        reason=event.data["reason"],
        done=tuple(_moved(leads[one]) for one in done if one in leads),
        refused=tuple(_moved(leads[one], why) for one, why in refused.items() if one in leads),
    )


def _moved(lead: Lead, why_not: Phrase | None = None) -> MovedLead:
    return MovedLead(lead.id, lead.reference, lead.company, why_not)

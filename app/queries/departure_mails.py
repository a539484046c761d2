"""What the mails about a partner that rests or leaves say: to each side its own, and nothing of another partner."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import clock_now
from app.domain.departures import Destination
from app.domain.distribution import RoundKind
from app.domain.identity import OrganisationKind
from app.domain.phrases import Phrase
from app.domain.reservations import answer_asked
from app.models import Assignment, DepartedLead, Departure, Lead, Offer, Organisation, Partnership, Round
from app.queries.departures import gone_on_leads, was_worked
from app.queries.holdings import asked_alone
from app.queries.partner_standing import whom_to_ask

Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ListedLead:
    """A line of such a list: which lead it is, and nothing of its prospect."""

    id: uuid.UUID
    reference: str
    title: str
    country: str | None
    subdivision: str | None


@dataclass(frozen=True, slots=True)
class AskedAlone:
    """An offer in such a list, and until when it can be answered; `asked` says so of one reserved to its owner."""

    id: uuid.UUID
    expires_at: datetime
    asked: Phrase | None = None


def left_facts(session: Session, payload: Payload, *, organisation_id: int) -> Mapping[str, Any] | None:
    """The leads that are no longer its own, for the partner that had them: not where they went."""
    departure = session.get(Departure, payload["departure_id"])
    partnership = session.get(Partnership, departure.partnership_id) if departure else None
    if departure is None or partnership is None or partnership.partner_id != organisation_id:
        return None
    return {
        "manufacturer": _manufacturer(session, departure),
        "status": departure.status,
        "leads": _leads(session, payload),
    }


def moved_facts(session: Session, payload: Payload, *, organisation_id: int) -> Mapping[str, Any] | None:
    """Where each lead went, for the manufacturer's own people."""
    departure = session.get(Departure, payload["departure_id"])
    if departure is None or departure.manufacturer_id != organisation_id:
        return None
    lines = gone_on_leads(session, departure.id, only=payload["line_ids"])
    groups = {one: [line for line in lines if line.destination is one] for one in Destination}
    return {
        "partner": session.get_one(Partnership, departure.partnership_id).name,
        "partnership_id": departure.partnership_id,
        "status": departure.status,
        "keeps_work": departure.keeps_work,
        "is_stopped": departure.is_stopped,
        "count": len(lines),
        "worked": _count_worked_before(session, payload),
        "groups": {one: found for one, found in groups.items() if found},
    }


def taken_over_facts(session: Session, payload: Payload, *, organisation_id: int) -> Mapping[str, Any] | None:
    """The leads a successor has got and still works; None when it works none of them any more."""
    departure = session.get(Departure, payload["departure_id"])
    if departure is None:
        return None
    worker = func.coalesce(Assignment.partner_id, Assignment.manufacturer_id)
    given = _leads(session, payload)
    works = worker == organisation_id, Assignment.ended_at.is_(None)
    worked = select(Assignment.lead_id).where(Assignment.lead_id.in_([lead.id for lead in given]), *works)
    own = set(session.scalars(worked))
    leads = [lead for lead in given if lead.id in own]
    return {"manufacturer": _manufacturer(session, departure), "leads": leads} if leads else None


def offered_facts(session: Session, payload: Payload, *, organisation_id: int) -> Mapping[str, Any] | None:
    """The leads a partner is asked alone about that it can still answer, the first to end on top; None for none."""
    departure = session.get(Departure, payload["departure_id"])
    if departure is None:
        return None
    lines = select(DepartedLead.lead_id).where(DepartedLead.id.in_(payload["line_ids"]))
    is_open = asked_alone() & (Offer.expires_at > select(clock_now()).scalar_subquery())
    offers = (
        select(Offer.id, Offer.expires_at, Round.kind, Round.answer_by, Lead)
        .join(Lead, Lead.id == Offer.lead_id)
        .join(Round, Round.id == Offer.round_id)
        .where(Offer.lead_id.in_(lines), Offer.partner_id == organisation_id, is_open)
        .order_by(Offer.expires_at, Offer.id)
    )
    found = [
        (_asked(row.id, row.expires_at, row.kind, row.answer_by), _listed(row.Lead)) for row in session.execute(offers)
    ]
    return {"manufacturer": _manufacturer(session, departure), "offered": found} if found else None


def _asked(offer_id: uuid.UUID, expires_at: datetime, kind: RoundKind, answer_by: datetime | None) -> AskedAlone:
    is_owners = kind is RoundKind.OWNER
    asked = answer_asked(answer_by, expires_at, OrganisationKind.PARTNER) if is_owners else None
    return AskedAlone(offer_id, expires_at, asked)


def rest_facts(session: Session, payload: Payload, *, organisation_id: int) -> Mapping[str, Any] | None:
    """A partner's new standing for its own people: what it keeps, what was taken back, whom to ask.

    The figures are those of the moment in which it changed. None once it has become another.
    """
    own = select(Partnership).where(
        Partnership.id == payload["partnership_id"], Partnership.partner_id == organisation_id
    )
    partnership = session.scalars(own).one_or_none()
    if partnership is None or partnership.status != payload["status"]:
        return None
    return {
        "manufacturer": session.get_one(Organisation, partnership.manufacturer_id).name,
        "status": partnership.status,
        "works": payload["works"],
        "do_leads_go": payload["do_leads_go"],
        "offers": payload["offers"],
        "alone": payload["alone"],
        "contacts": whom_to_ask(session, partnership),
    }


def _count_worked_before(session: Session, payload: Payload) -> int:
    lines = select(func.count(DepartedLead.id)).join(Departure, Departure.id == DepartedLead.departure_id)
    return session.scalar(lines.where(DepartedLead.id.in_(payload["line_ids"]), was_worked())) or 0


def _leads(session: Session, payload: Payload) -> list[ListedLead]:
    lines = select(DepartedLead.lead_id).where(DepartedLead.id.in_(payload["line_ids"]))
    leads = session.scalars(select(Lead).where(Lead.id.in_(lines)).order_by(Lead.received_at, Lead.id))
    return [_listed(lead) for lead in leads]


def _listed(lead: Lead) -> ListedLead:
    return ListedLead(lead.id, lead.reference, lead.title, lead.country, lead.subdivision)


def _manufacturer(session: Session, departure: Departure) -> str:
    return session.get_one(Organisation, departure.manufacturer_id).name

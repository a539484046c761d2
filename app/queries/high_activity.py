"""What the mail about a company's high activity says: to a partner nothing that its own leads do not say (P-26)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.models import Account, Assignment, Lead, Offer, Organisation


def high_activity_facts(
    session: Session, payload: Mapping[str, Any], *, organisation_id: int
) -> Mapping[str, Any] | None:
    """The leads of one burst for one reader; None when it may know of fewer than two of them.

    The manufacturer reads the company and every lead. A partner reads them once it works them all; before that only how
    many of its offers and leads are meant, without saying which, for an offer must not say whose demand it is.
    """
    leads = list(
        session.scalars(
            select(Lead).where(Lead.id.in_([uuid.UUID(one) for one in payload["lead_ids"]])).order_by(Lead.asked_at)
        )
    )
    if not leads:
        return None
    is_own = leads[0].manufacturer_id == organisation_id
    known = leads if is_own else _known_to(session, leads, organisation_id)
    if len(known) < min(2, len(leads)):
        return None
    is_open = is_own or _works_all(session, leads, organisation_id)
    return {
        "company": _company(session, payload, leads) if is_open else "",
        "manufacturer": session.get_one(Organisation, leads[0].manufacturer_id).name,
        "count": len(known),
        "leads": [(lead.id, lead.reference, lead.title) for lead in known] if is_open else [],
        "is_own": is_own,
    }


def _known_to(session: Session, leads: list[Lead], partner_id: int) -> list[Lead]:
    """Those of the leads that the partner works or is offered."""
    ids = [lead.id for lead in leads]
    works = select(Assignment.lead_id).where(Assignment.partner_id == partner_id, Assignment.ended_at.is_(None))
    offered = select(Offer.lead_id).where(Offer.partner_id == partner_id, Offer.answer.is_(None))
    known = set(session.scalars(select(Lead.id).where(Lead.id.in_(ids), or_(Lead.id.in_(works), Lead.id.in_(offered)))))
    return [lead for lead in leads if lead.id in known]


def _works_all(session: Session, leads: list[Lead], partner_id: int) -> bool:
    ids = [lead.id for lead in leads]
    works = select(Assignment.lead_id).where(
        Assignment.lead_id.in_(ids), Assignment.partner_id == partner_id, Assignment.ended_at.is_(None)
    )
    return len(set(session.scalars(works))) == len(leads)


def _company(session: Session, payload: Mapping[str, Any], leads: list[Lead]) -> str:
    account = session.get(Account, payload["account_id"]) if payload["account_id"] else None
    return account.name if account else leads[-1].company

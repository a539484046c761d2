"""The leads an arrival may repeat, gathered for a whole batch in three statements."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.domain.intake.duplicates import Request, is_same_request
from app.domain.leads import CLOSED_STATES
from app.models import Lead, LeadProductLine, LeadTouch


@dataclass(slots=True)
class KnownLeads:
    """Leads by what an arrival may have in common with them; grows while a batch goes in."""

    by_external_id: dict[str, uuid.UUID] = field(default_factory=dict)
    by_contact: dict[str, dict[uuid.UUID, Request]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, lead_id: uuid.UUID, request: Request, *, is_open: bool = True) -> None:
        """Know a lead. A closed one is found again by its external id only: the person may ask anew."""
        if request.external_id:
            self.by_external_id.setdefault(request.external_id, lead_id)
        for contact in (request.email, request.phone):
            if contact and is_open:
                self.by_contact[contact][lead_id] = request

    def learn(self, others: KnownLeads) -> None:
        """Know what `others` knows as well."""
        self.by_external_id |= others.by_external_id
        for contact, requests in others.by_contact.items():
            self.by_contact[contact] |= requests

    def find(self, wanted: Request, *, within: timedelta) -> uuid.UUID | None:
        """The lead that `wanted` repeats: the one with its external id first, else the latest of the same person."""
        if wanted.external_id and (known := self.by_external_id.get(wanted.external_id)):
            return known
        same = [
            (request.received_at, lead_id)
            for contact in (wanted.email, wanted.phone)
            for lead_id, request in self.by_contact.get(contact, {}).items()
            if request.received_at and is_same_request(request, wanted, within=within)
        ]
        return max(same)[1] if same else None


def known_leads(session: Session, manufacturer_id: int, requests: Sequence[Request]) -> KnownLeads:
    """Every lead of the manufacturer that shares an external id, an e-mail address or a telephone with `requests`."""
    known = KnownLeads()
    ids, emails, phones = (_set(getattr(request, name) for request in requests) for name in _SHARED)
    if not (ids or emails or phones):
        return known
    last_touch = select(func.max(LeadTouch.asked_at)).where(LeadTouch.lead_id == Lead.id).scalar_subquery()
    rows = session.execute(
        select(
            Lead.id,
            Lead.external_id,
            Lead.email,
            Lead.phone,
            Lead.company_key,
            Lead.state,
            func.greatest(Lead.asked_at, last_touch).label("asked_at"),
        ).where(
            Lead.manufacturer_id == manufacturer_id,
            or_(Lead.external_id.in_(ids), Lead.email.in_(emails), Lead.phone.in_(phones)),
        )
    ).all()
    products = _products(session, [row.id for row in rows])
    for row in rows:
        request = Request(
            row.external_id or "", row.email or "", row.phone or "", row.company_key, products[row.id], row.asked_at
        )
        known.add(row.id, request, is_open=row.state not in CLOSED_STATES)
    for external_id, lead_id in _touched(session, manufacturer_id, ids):
        known.by_external_id.setdefault(external_id, lead_id)
    return known


_SHARED = ("external_id", "email", "phone")


def _set(values: Iterable[str]) -> set[str]:
    return {value for value in values if value}


def _products(session: Session, lead_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, frozenset[str]]:
    found: dict[uuid.UUID, set[str]] = defaultdict(set)
    if lead_ids:
        rows = session.execute(
            select(LeadProductLine.lead_id, LeadProductLine.product_line_id).where(
                LeadProductLine.lead_id.in_(lead_ids)
            )
        )
        for lead_id, product_line_id in rows:
            found[lead_id].add(str(product_line_id))
    return {lead_id: frozenset(found[lead_id]) for lead_id in lead_ids}


def _touched(session: Session, manufacturer_id: int, external_ids: set[str]) -> list[tuple[str, uuid.UUID]]:
    """Leads that took in a request of another external id before."""
    if not external_ids:
        return []
    rows = session.execute(
        select(LeadTouch.external_id, LeadTouch.lead_id)
        .join(Lead, Lead.id == LeadTouch.lead_id)
        .where(Lead.manufacturer_id == manufacturer_id, LeadTouch.external_id.in_(external_ids))
    )
    return [(external_id, lead_id) for external_id, lead_id in rows if external_id]

"""Leads that may be the one a person is about to enter."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.database import db
from app.domain.errors import NotFound
from app.domain.identity import Viewer
from app.domain.intake.companies import company_key
from app.domain.intake.domains import is_disposable, is_free_mail, registrable_domain
from app.domain.intake.people import read_email, read_phone
from app.domain.leads import LeadState
from app.domain.person_names import full_name
from app.domain.phrases import N_, Phrase
from app.models import Lead

SHOWN = 8


@dataclass(frozen=True, slots=True)
class LikelyDuplicate:
    """A lead that has something in common with the one being entered, and what."""

    lead_id: uuid.UUID
    reference: str
    title: str
    company: str
    person: str
    state: LeadState
    asked_at: datetime
    why: Phrase


def list_likely_duplicates(
    *, viewer: Viewer, email: str = "", phone: str = "", company: str = "", country: str = ""
) -> list[LikelyDuplicate]:
    """The viewer's latest leads of the same address, telephone, company name or company domain."""
    if not viewer.is_manufacturer:
        raise NotFound
    address, number, key = read_email(email), read_phone(phone, country), company_key(company)
    domain = registrable_domain(address.address) if address.is_usable else ""
    shared = [
        (Lead.email, address.address if address.is_usable else "", Phrase(N_("Same e-mail address"))),
        (Lead.phone, number.number if number.is_usable else "", Phrase(N_("Same telephone number"))),
        (Lead.company_key, key, Phrase(N_("Same company name"))),
        (Lead.company_domain, "" if is_free_mail(domain) or is_disposable(domain) else domain, _SAME_DOMAIN),
    ]
    wanted = [(column, value, why) for column, value, why in shared if value]
    if not wanted:
        return []
    leads = db.session.scalars(
        select(Lead)
        .where(Lead.manufacturer_id == viewer.organisation_id, or_(*(column == value for column, value, _ in wanted)))
        .order_by(Lead.asked_at.desc())
        .limit(SHOWN)
    )
    return [_duplicate(lead, wanted) for lead in leads]


_SAME_DOMAIN = Phrase(N_("Same company domain"))


def _duplicate(lead: Lead, wanted: list[tuple[InstrumentedAttribute[Any], str, Phrase]]) -> LikelyDuplicate:
    why = next(why for column, value, why in wanted if getattr(lead, column.key) == value)
    return LikelyDuplicate(
        lead_id=lead.id,
        reference=lead.reference,
        title=lead.title,
        company=lead.company,
        person=full_name(lead.given_name, lead.family_name),
        state=lead.state,
        asked_at=lead.asked_at,
        why=why,
    )

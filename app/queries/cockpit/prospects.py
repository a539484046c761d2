"""Who asked, what they agreed to and asked for: the parts of a lead's page about the prospect."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.database import db
from app.domain.consent import ConsentScope
from app.domain.leads import SourceKind
from app.domain.person_names import full_name
from app.domain.visibility import GuardedField, Visibility
from app.models import Consent, ConsentWording, Lead, LeadProductLine, LeadTouch, Partnership, ProductLine


@dataclass(frozen=True, slots=True)
class Prospect:
    """Who asked, and how to reach them."""

    person: str
    job_title: str
    department: str
    email: str | None
    phone: str | None
    company: str
    website: str
    street: str
    postal_code: str | None
    city: str
    subdivision: str | None
    country: str | None
    industry: str
    employees: int | None
    language: str


@dataclass(frozen=True, slots=True)
class ConsentView:
    """What the prospect agreed to. `partners` is named to the manufacturer only."""

    scope: ConsentScope
    partners: tuple[str, ...]
    wording: str
    language: str
    source: str
    given_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class Touch:
    """The same person asking again."""

    asked_at: datetime
    source_kind: SourceKind
    source_name: str
    message: str


def prospect_of(lead: Lead) -> Prospect:
    """The prospect of a lead the viewer may see in full."""
    return Prospect(
        person=full_name(lead.given_name, lead.family_name),
        job_title=lead.job_title,
        department=lead.department,
        email=lead.email,
        phone=lead.phone or lead.phone_as_given or None,
        company=lead.company,
        website=lead.website,
        street=lead.street,
        postal_code=lead.postal_code,
        city=lead.city,
        subdivision=lead.subdivision,
        country=lead.country,
        industry=lead.industry,
        employees=lead.employees,
        language=lead.language,
    )


def products_of(lead_id: uuid.UUID) -> tuple[tuple[int, str], ...]:
    """The product lines a lead asks for: id and name."""
    lines = (
        select(ProductLine.id, ProductLine.name)
        .join(LeadProductLine, LeadProductLine.product_line_id == ProductLine.id)
        .where(LeadProductLine.lead_id == lead_id)
        .order_by(ProductLine.name)
    )
    return tuple((row[0], row[1]) for row in db.session.execute(lines))


def consent_of(lead_id: uuid.UUID, sight: Visibility) -> ConsentView | None:
    """What the prospect agreed to, as far as the viewer may know."""
    consent = db.session.get(Consent, lead_id)
    if consent is None:
        return None
    named = select(Partnership.name).where(Partnership.id.in_(consent.partnership_ids)).order_by(Partnership.name)
    wording = db.session.get(ConsentWording, consent.wording_id) if consent.wording_id else None
    return ConsentView(
        scope=consent.scope,
        partners=tuple(db.session.scalars(named)) if sight.shows(GuardedField.ROUTING) else (),
        wording=wording.wording if wording else "",
        language=consent.language,
        source=consent.source,
        given_at=consent.given_at,
        withdrawn_at=consent.withdrawn_at,
    )


def touches_of(lead_id: uuid.UUID) -> tuple[Touch, ...]:
    """Every time the prospect asked again, newest first."""
    touches = select(LeadTouch).where(LeadTouch.lead_id == lead_id).order_by(LeadTouch.asked_at.desc()).limit(50)
    return tuple(
        Touch(touch.asked_at, touch.source_kind, touch.source_name, touch.message)
        for touch in db.session.scalars(touches)
    )

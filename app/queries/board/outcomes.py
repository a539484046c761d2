"""What became of offers: leads the partner has claimed today, and those that went to another or ended."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Date, Row, Select, and_, cast, exists, func, select

from app.database import clock_now, db
from app.domain.deadlines import DeadlineKind
from app.domain.distribution import OfferAnswer
from app.domain.identity import Viewer
from app.domain.intake.postcodes import blind_postal
from app.domain.person_names import full_name
from app.domain.visibility import visible_fields
from app.models import Assignment, Deadline, Lead, Offer, Organisation, Reveal
from app.queries.board.cards import Product, products_of, reference_of

GONE_FOR = timedelta(minutes=30)
"""How long a lead that another partner took stays on the board, greyed out."""
GONE_CAP = 20
TAKEN = (OfferAnswer.LOST_RACE,)
ENDED = (OfferAnswer.LOST_RACE, OfferAnswer.EXPIRED, OfferAnswer.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class OwnLead:
    """A lead the viewer's partner holds.

    Person, phone and e-mail are empty for a colleague who has not opened the lead yet: being shown them is logged.
    """

    offer_id: uuid.UUID
    lead_id: uuid.UUID
    reference: str
    manufacturer: str
    products: tuple[Product, ...]
    company: str
    person: str
    job_title: str
    phone: str
    email: str
    claimed_at: datetime
    contact_due_at: datetime | None
    first_attempt_at: datetime | None

    @property
    def title(self) -> str:
        """The product lines' names."""
        return ", ".join(product.name for product in self.products)


@dataclass(frozen=True, slots=True)
class GoneLead:
    """An offer that ended before the viewer's partner took it. Who took it is nobody's to know."""

    offer_id: uuid.UUID
    reference: str
    manufacturer: str
    products: tuple[Product, ...]
    country: str | None
    subdivision: str | None
    postal_area: str
    answer: OfferAnswer | None
    ended_at: datetime

    @property
    def title(self) -> str:
        """The product lines' names."""
        return ", ".join(product.name for product in self.products)

    @property
    def region(self) -> str:
        """The ISO code of the subdivision, else of the country."""
        return self.subdivision or self.country or ""


def own_lead(*, viewer: Viewer, offer_id: uuid.UUID) -> OwnLead | None:
    """The lead that the viewer's partner took by this offer and still holds."""
    held = db.session.execute(_held(viewer).where(Offer.id == offer_id)).all()
    return next(iter(_own_leads(held, viewer)), None)


def gone_lead(*, viewer: Viewer, offer_id: uuid.UUID) -> GoneLead | None:
    """An offer that the viewer's partner had been shown and that ended without it; a declined one too."""
    gone = db.session.execute(_gone(viewer).where(Offer.id == offer_id)).all()
    return next(iter(_gone_leads(gone)), None)


def claimed_today(*, viewer: Viewer) -> tuple[OwnLead, ...]:
    """The leads the viewer's partner took from an offer on its own present day and still holds, latest first."""
    zone = select(Organisation.time_zone).where(Organisation.id == viewer.organisation_id).scalar_subquery()
    is_today = cast(func.timezone(zone, Assignment.assigned_at), Date) == cast(func.timezone(zone, clock_now()), Date)
    recent = Assignment.assigned_at > select(clock_now() - timedelta(days=2)).scalar_subquery()
    held = _held(viewer).where(recent, is_today).order_by(Assignment.assigned_at.desc()).limit(GONE_CAP)
    return _own_leads(db.session.execute(held).all(), viewer)


def recently_gone(*, viewer: Viewer) -> tuple[GoneLead, ...]:
    """The leads the viewer's partner could have claimed and another took within the last half hour, latest first."""
    since = select(clock_now() - GONE_FOR).scalar_subquery()
    gone = _gone(viewer).where(Offer.answered_at > since, Offer.answer.in_(TAKEN))
    return _gone_leads(db.session.execute(gone.order_by(Offer.answered_at.desc()).limit(GONE_CAP)).all())


def gone_since(*, viewer: Viewer, since: datetime) -> tuple[GoneLead, ...]:
    """Every offer that stood on the viewer's board at `since` and has ended without the viewer's partner taking it."""
    gone = _gone(viewer).where(Offer.answered_at > since, Offer.visible_from <= since, Offer.answer.in_(ENDED))
    return _gone_leads(db.session.execute(gone.order_by(Offer.answered_at.desc()).limit(GONE_CAP)).all())


_HELD: tuple[Any, ...] = (
    Offer.id.label("offer_id"),
    Offer.manufacturer_id,
    Lead,
    Assignment,
    Organisation.name,
    Deadline.due_at,
)
"""What `_own_leads` reads, beside whether the viewer has been shown the contact data."""
_ENDED_AT = func.coalesce(Offer.answered_at, Offer.expires_at)
_GONE: tuple[Any, ...] = (
    Offer.id.label("offer_id"),
    Offer.lead_id,
    Offer.answer,
    _ENDED_AT.label("ended_at"),
    Organisation.name,
    Lead.country,
    Lead.subdivision,
    Lead.postal_code,
)


def _held(viewer: Viewer) -> Select[Any]:
    shown = exists().where(Reveal.lead_id == Offer.lead_id, Reveal.user_id == viewer.user_id)
    due = and_(
        Deadline.assignment_id == Assignment.id,
        Deadline.kind == DeadlineKind.CONTACT_DUE,
        Deadline.cancelled_at.is_(None),
    )
    return (
        select(*_HELD, shown.label("is_shown"))
        .join(Assignment, and_(Assignment.offer_id == Offer.id, Assignment.ended_at.is_(None)))
        .join(Lead, Lead.id == Offer.lead_id)
        .join(Organisation, Organisation.id == Offer.manufacturer_id)
        .outerjoin(Deadline, due)
        .where(Assignment.partner_id == viewer.organisation_id, Offer.partner_id == viewer.organisation_id)
    )


def _own_leads(rows: Iterable[Row[Any]], viewer: Viewer) -> tuple[OwnLead, ...]:
    found = list(rows)
    products = products_of({row.Lead.id for row in found})
    return tuple(
        OwnLead(
            offer_id=row.offer_id,
            lead_id=row.Lead.id,
            reference=row.Lead.reference,
            manufacturer=row.name,
            products=products.get(row.Lead.id, ()),
            company=row.Lead.company,
            person=full_name(row.Lead.given_name, row.Lead.family_name) if row.is_shown else "",
            job_title=row.Lead.job_title if row.is_shown else "",
            phone=(row.Lead.phone or row.Lead.phone_as_given) if row.is_shown else "",
            email=(row.Lead.email or "") if row.is_shown else "",
            claimed_at=row.Assignment.assigned_at,
            contact_due_at=row.due_at,
            first_attempt_at=row.Assignment.first_attempt_at,
        )
        for row in found
        if _is_own(row, viewer)
    )


def _is_own(row: Row[Any], viewer: Viewer) -> bool:
    partner_id = row.Assignment.partner_id
    return visible_fields(viewer, manufacturer_id=row.manufacturer_id, assigned_partner_id=partner_id).is_full


def _gone(viewer: Viewer) -> Select[Any]:
    """Offers that had become visible to the partner and ended; what it had been shown of them before."""
    now = select(clock_now()).scalar_subquery()
    return (
        select(*_GONE)
        .join(Lead, Lead.id == Offer.lead_id)
        .join(Organisation, Organisation.id == Offer.manufacturer_id)
        .where(
            Offer.partner_id == viewer.organisation_id,
            now >= _ENDED_AT,
            Offer.visible_from <= _ENDED_AT,
            Offer.answer.is_distinct_from(OfferAnswer.CLAIMED),
        )
    )


def _gone_leads(rows: Iterable[Row[Any]]) -> tuple[GoneLead, ...]:
    found = list(rows)
    products = products_of({row.lead_id for row in found})
    return tuple(
        GoneLead(
            offer_id=row.offer_id,
            reference=reference_of(row.lead_id),
            manufacturer=row.name,
            products=products.get(row.lead_id, ()),
            country=row.country,
            subdivision=row.subdivision,
            postal_area=blind_postal(row.postal_code or ""),
            answer=row.answer,
            ended_at=row.ended_at,
        )
        for row in found
    )

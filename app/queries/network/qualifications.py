"""What one partner may sell, and its people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.database import db, read_clock
from app.domain.identity import Role, Viewer
from app.domain.partners import Certification as CertificationRule
from app.domain.partners import PartnershipStatus
from app.models import Authorisation, Certification, Organisation, Partnership, ProductLine, Tier, User
from app.queries.network.own import own_manufacturer, own_row


@dataclass(frozen=True, slots=True)
class CertificationLine:
    """One certification, and whether it holds today."""

    id: int
    valid_from: date | None
    valid_until: date | None
    is_valid: bool
    is_over: bool


@dataclass(frozen=True, slots=True)
class Qualification:
    """One product line as this partner stands to it. `may_sell` is what eligibility will find today."""

    product_line_id: int
    code: str
    name: str
    min_tier: str | None
    requires_certification: bool
    is_authorised: bool
    has_tier: bool
    certifications: list[CertificationLine]

    @property
    def is_certified(self) -> bool:
        """Whether a certification holds today."""
        return any(line.is_valid for line in self.certifications)

    @property
    def may_sell(self) -> bool:
        """Whether the partner is eligible for a lead about this line, as far as the line is concerned."""
        return self.is_authorised and self.has_tier and (self.is_certified or not self.requires_certification)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the partner's."""

    name: str
    email: str
    role: Role
    has_joined: bool
    is_disabled: bool


def partner_qualifications(*, viewer: Viewer, partnership_id: int) -> list[Qualification]:
    """Every product line in use, and those no longer in use that the partner still holds."""
    partnership = own_row(viewer, Partnership, partnership_id)
    today = _today(own_manufacturer(viewer))
    held = set(
        db.session.scalars(select(Authorisation.product_line_id).where(Authorisation.partnership_id == partnership.id))
    )
    dated = select(Certification).where(Certification.partnership_id == partnership.id)
    certifications = list(db.session.scalars(dated.order_by(Certification.valid_until.desc(), Certification.id)))
    lines = (
        select(ProductLine, Tier)
        .outerjoin(Tier, Tier.id == ProductLine.min_tier_id)
        .where(ProductLine.manufacturer_id == partnership.manufacturer_id)
        .order_by(ProductLine.name, ProductLine.id)
    )
    return [
        Qualification(
            product_line_id=line.id,
            code=line.code,
            name=line.name,
            min_tier=tier.name if tier else None,
            requires_certification=line.requires_certification,
            is_authorised=line.id in held,
            has_tier=tier is None or partnership.tier.rank >= tier.rank,
            certifications=[_line(row, today) for row in certifications if row.product_line_id == line.id],
        )
        for line, tier in db.session.execute(lines)
        if line.is_active or line.id in held
    ]


def partner_people(*, viewer: Viewer, partnership_id: int) -> list[Person]:
    """The partner's people, those who can sign in first; nobody once the partnership has ended."""
    partnership = own_row(viewer, Partnership, partnership_id)
    if partnership.status is PartnershipStatus.ENDED:
        return []
    rows = select(User).where(User.organisation_id == partnership.partner_id)
    ordered = rows.order_by(User.disabled_at.is_not(None), User.name, User.id)
    return [
        Person(user.name, user.email, user.role, user.joined_at is not None, user.disabled_at is not None)
        for user in db.session.scalars(ordered)
    ]


def _line(row: Certification, today: date) -> CertificationLine:
    is_valid = CertificationRule("", row.valid_from, row.valid_until).is_valid_on(today)
    is_over = row.valid_until is not None and row.valid_until < today
    return CertificationLine(row.id, row.valid_from, row.valid_until, is_valid, is_over)


def _today(manufacturer_id: int) -> date:
    """The day in the manufacturer's zone, as lead routing counts it."""
    organisation = db.session.get_one(Organisation, manufacturer_id)
    return read_clock(db.session()).astimezone(ZoneInfo(organisation.time_zone)).date()

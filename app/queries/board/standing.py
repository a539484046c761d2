"""How many claims a partner holds at each of its manufacturers, against its caps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Date, case, cast, func, select

from app.database import clock_now, db
from app.domain.identity import Viewer
from app.domain.partners import PartnershipStatus
from app.models import ManufacturerSettings, Organisation, Partnership, Tier


@dataclass(frozen=True, slots=True)
class Standing:
    """One partnership's room for claims: open ones without a contact attempt, and those made today."""

    manufacturer_id: int
    manufacturer: str
    tier: str
    open_claims: int
    open_cap: int
    claims_today: int
    daily_cap: int
    suspended_until: datetime | None
    partnership_id: int
    response_score: int
    is_warned: bool

    @property
    def is_full(self) -> bool:
        """Whether no claim can go through until the partner has acted."""
        return self.open_claims >= self.open_cap or self.claims_today >= self.daily_cap


def list_standings(*, viewer: Viewer) -> tuple[Standing, ...]:
    """The viewer's active partnerships by the manufacturer's name; "today" is the partner's own day."""
    partner = select(Organisation.time_zone).where(Organisation.id == viewer.organisation_id).scalar_subquery()
    today = cast(func.timezone(partner, clock_now()), Date)
    suspended = case((Partnership.claims_suspended_until > clock_now(), Partnership.claims_suspended_until))
    rows = db.session.execute(
        select(
            Organisation.id,
            Organisation.name,
            Tier.name,
            Partnership.unworked_claims,
            func.coalesce(Partnership.max_open_claims, Tier.max_open_claims),
            case((Partnership.claims_on == today, Partnership.claims_that_day), else_=0),
            func.coalesce(Partnership.max_claims_per_day, Tier.max_claims_per_day),
            suspended,
            Partnership.id,
            Partnership.response_score,
            ManufacturerSettings.is_response_scored & (Partnership.response_score < ManufacturerSettings.warning_score),
        )
        .join(Organisation, Organisation.id == Partnership.manufacturer_id)
        .join(Tier, Tier.id == Partnership.tier_id)
        .join(ManufacturerSettings, ManufacturerSettings.manufacturer_id == Partnership.manufacturer_id)
        .where(Partnership.partner_id == viewer.organisation_id, Partnership.status == PartnershipStatus.ACTIVE)
        .order_by(Organisation.name)
    )
    return tuple(Standing(*row) for row in rows)

"""Which offers stand on a partner's board now, said once for the page, the news, the API and the mails about it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, case, cast, func, select

from app.database import clock_now
from app.domain.bands import SIZE_LIMITS, UNITS_PER_EURO, VALUE_LIMITS, SizeBand, ValueBand
from app.domain.board import CLOSING_SOON_HOURS, BoardFilters
from app.domain.identity import Viewer
from app.domain.leads import LeadState
from app.domain.partners import PartnershipStatus
from app.domain.visibility import GuardedField
from app.models import Lead, LeadProductLine, ManufacturerSettings, Offer, Partnership, Round
from app.queries.absences import has_hidden_board

BAND_ORDER = tuple(ValueBand)


def on_the_board(viewer: Viewer, *columns: Any) -> Select[Any]:
    """Offers the viewer may see now, by the database's clock, whatever a late worker has left undone.

    An offer made under an older standing of the partnership stays hidden until the recheck has looked at it. Who is
    away and wants no board sees what is offered to it alone: an answer to that is due all the same.
    """
    now = select(clock_now()).scalar_subquery()
    return (
        select(*columns)
        .select_from(Offer)
        .join(Lead, Lead.id == Offer.lead_id)
        .join(Round, Round.id == Offer.round_id)
        .join(Partnership, Partnership.id == Offer.partnership_id)
        .where(
            Offer.partner_id == viewer.organisation_id,
            Offer.answer.is_(None),
            Offer.visible_from <= now,
            Offer.expires_at > now,
            Offer.eligibility_version == Partnership.eligibility_version,
            Partnership.status == PartnershipStatus.ACTIVE,
            Lead.state == LeadState.DISTRIBUTING,
            Round.closed_at.is_(None),
            Offer.is_exclusive | ~has_hidden_board(viewer),
        )
    )


def matching(filters: BoardFilters) -> list[ColumnElement[bool]]:
    """The filters as conditions on a statement made by `on_the_board`."""
    wanted: list[ColumnElement[bool]] = []
    if filters.manufacturer is not None:
        wanted.append(Offer.manufacturer_id == filters.manufacturer)
    if filters.product is not None:
        asked = select(LeadProductLine.lead_id).where(LeadProductLine.product_line_id == filters.product)
        wanted.append(Lead.id.in_(asked))
    if filters.region is not None:
        wanted.append((Lead.subdivision if "-" in filters.region else Lead.country) == filters.region)
    if filters.size is not None:
        wanted.append(and_(_is_shown(GuardedField.SIZE_BAND), _size_band() == filters.size.value))
    if filters.value is not None:
        wanted.append(and_(_is_shown(GuardedField.VALUE_BAND), value_rank() == BAND_ORDER.index(filters.value)))
    if filters.hot:
        wanted.append(Lead.is_hot.is_(True))
    if filters.closing:
        soon = select(clock_now() + timedelta(hours=CLOSING_SOON_HOURS)).scalar_subquery()
        wanted.append(Offer.expires_at <= soon)
    if filters.exclusive:
        wanted.append(Offer.is_exclusive.is_(True))
    return wanted


def shown_value_rank() -> ColumnElement[int]:
    """The place of the value's band, from 0 for unknown; unknown too where the manufacturer hides it."""
    return case((_is_shown(GuardedField.VALUE_BAND), value_rank()), else_=0)


def value_rank() -> ColumnElement[int]:
    """`domain.bands.value_band` as SQL: the place of the band among `BAND_ORDER`, never the amount."""
    units = case(UNITS_PER_EURO, value=Lead.currency, else_=1)
    cents = Lead.amount_cents / cast(units, Integer)
    floors = [(low, band) for band, (low, _) in VALUE_LIMITS.items() if low is not None]
    steps = [(cents >= low, BAND_ORDER.index(band)) for low, band in reversed(floors)]
    is_unknown = func.coalesce(Lead.amount_cents, 0) <= 0
    return case((is_unknown, 0), *steps, else_=BAND_ORDER.index(ValueBand.TINY))


def _size_band() -> ColumnElement[str]:
    is_unknown = func.coalesce(Lead.employees, 0) < 1
    steps = [(Lead.employees < limit, band.value) for limit, band in SIZE_LIMITS]
    return case((is_unknown, SizeBand.UNKNOWN.value), *steps, else_=SizeBand.LARGE.value)


def _is_shown(field: GuardedField) -> ColumnElement[bool]:
    """Whether the lead's manufacturer shows a field before the claim: else nobody may filter or sort by it."""
    showing = select(ManufacturerSettings.manufacturer_id).where(
        ManufacturerSettings.shown_fields.contains([field.value])
    )
    return Offer.manufacturer_id.in_(showing)

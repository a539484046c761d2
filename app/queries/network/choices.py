"""What the forms of the network let a person choose from."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select

from app.database import db
from app.domain.identity import MANUFACTURER_ROLES, Role, Viewer
from app.domain.owners import Belonging, roles_that_take
from app.domain.partners import PartnershipStatus
from app.models import Partnership, ProductLine, Tier, User
from app.queries.network.own import own_manufacturer, own_row

Choices = list[tuple[int, str]]


def tier_choices(*, viewer: Viewer) -> Choices:
    """The levels, lowest first."""
    rows = select(Tier.id, Tier.name).where(Tier.manufacturer_id == own_manufacturer(viewer)).order_by(Tier.rank)
    return [(row.id, row.name) for row in db.session.execute(rows)]


def product_line_choices(*, viewer: Viewer) -> Choices:
    """The product lines in use."""
    rows = select(ProductLine.id, ProductLine.name).where(
        ProductLine.manufacturer_id == own_manufacturer(viewer), ProductLine.is_active
    )
    return [(row.id, row.name) for row in db.session.execute(rows.order_by(ProductLine.name))]


def partnership_choices(*, viewer: Viewer, but_id: int | None = None) -> Choices:
    """The partners that have not ended, with their codes; `but_id` is left out."""
    rows = select(Partnership.id, Partnership.name, Partnership.code).where(
        Partnership.manufacturer_id == own_manufacturer(viewer),
        Partnership.status != PartnershipStatus.ENDED,
        Partnership.id.is_distinct_from(but_id),
    )
    return [(row.id, f"{row.name} ({row.code})") for row in db.session.execute(rows.order_by(Partnership.name))]


def channel_manager_choices(*, viewer: Viewer) -> Choices:
    """The manufacturer's people who may look after a partner."""
    return _people(own_manufacturer(viewer), Role.CHANNEL_MANAGER, Role.ADMIN)


def seller_choices(*, viewer: Viewer) -> Choices:
    """The manufacturer's people who may own an account or belong to its team."""
    return _people(own_manufacturer(viewer), *MANUFACTURER_ROLES)


def taker_choices(*, viewer: Viewer, belonging: Belonging | None = None, but_id: int | None = None) -> Choices:
    """The manufacturer's people who have joined and can take over this kind of thing; `but_id` is left out."""
    if not viewer.is_manufacturer:
        return []
    wanted = User.joined_at.is_not(None) & User.id.is_distinct_from(but_id)
    return _people(viewer.organisation_id, *roles_that_take(belonging), only=wanted)


def sales_manager_choices(*, viewer: Viewer, partnership_id: int) -> Choices:
    """The partner's people who are told first when a lead waits too long."""
    return _people(own_row(viewer, Partnership, partnership_id).partner_id, Role.PARTNER_ADMIN)


def _people(organisation_id: int, *roles: Role, only: ColumnElement[bool] | None = None) -> Choices:
    rows = select(User.id, User.name).where(
        User.organisation_id == organisation_id, User.role.in_(roles), User.disabled_at.is_(None)
    )
    if only is not None:
        rows = rows.where(only)
    return [(row.id, row.name) for row in db.session.execute(rows.order_by(User.name, User.id))]

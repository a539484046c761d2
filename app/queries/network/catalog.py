"""Product lines, with how many partners may sell each."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from app.database import db
from app.domain.identity import Viewer
from app.domain.network.drafts import ProductLineDraft
from app.domain.partners import PartnershipStatus
from app.models import Authorisation, Partnership, ProductLine, Tier
from app.queries.network.drafts import draft_of_product_line
from app.queries.network.own import own_manufacturer, own_row


@dataclass(frozen=True, slots=True)
class ProductLineRow:
    """One product line of the list; `partners` counts the active partners authorised for it."""

    id: int
    code: str
    name: str
    min_tier: str | None
    requires_certification: bool
    is_active: bool
    partners: int


def list_product_lines(*, viewer: Viewer, only_active: bool = False) -> list[ProductLineRow]:
    """The manufacturer's product lines, those in use first, by name."""
    partners = (
        select(func.count())
        .select_from(Authorisation)
        .join(Partnership, Partnership.id == Authorisation.partnership_id)
        .where(Authorisation.product_line_id == ProductLine.id, Partnership.status == PartnershipStatus.ACTIVE)
        .scalar_subquery()
    )
    rows = (
        select(
            ProductLine.id,
            ProductLine.code,
            ProductLine.name,
            Tier.name.label("min_tier"),
            ProductLine.requires_certification,
            ProductLine.is_active,
            partners.label("partners"),
        )
        .outerjoin(Tier, Tier.id == ProductLine.min_tier_id)
        .where(ProductLine.manufacturer_id == own_manufacturer(viewer))
        .order_by(ProductLine.is_active.desc(), ProductLine.name, ProductLine.id)
    )
    if only_active:
        rows = rows.where(ProductLine.is_active)
    return [ProductLineRow(**row) for row in db.session.execute(rows).mappings()]


def product_line_draft(*, viewer: Viewer, product_line_id: int) -> ProductLineDraft:
    """A product line as it stands, to be edited."""
    return draft_of_product_line(own_row(viewer, ProductLine, product_line_id))

"""What the form of a routing rule lets a person choose from."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from app.database import db
from app.domain.identity import Viewer
from app.models import Partnership, ProductLine, Tier
from app.queries.network.choices import Choices, partnership_choices, seller_choices
from app.queries.network.own import own_manufacturer

Coded = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class RuleChoices:
    """Partners and colleagues by id, tiers (lowest first) and product lines by code."""

    partners: Choices
    colleagues: Choices
    tiers: Coded
    products: Coded


def rule_choices(*, viewer: Viewer, named_ids: Collection[int] = ()) -> RuleChoices:
    """All that a rule may name of the viewer's own: who and what is there now.

    A partner named already stays to choose when it has ended: without its tick the rule would open to everybody.
    """
    own = own_manufacturer(viewer)
    partners = partnership_choices(viewer=viewer)
    gone = select(Partnership.id, Partnership.name, Partnership.code).where(
        Partnership.manufacturer_id == own, Partnership.id.in_(set(named_ids) - {one for one, _name in partners})
    )
    tiers = select(Tier.code, Tier.name).where(Tier.manufacturer_id == own).order_by(Tier.rank)
    lines = select(ProductLine.code, ProductLine.name).where(ProductLine.manufacturer_id == own, ProductLine.is_active)
    return RuleChoices(
        partners=[*partners, *((row.id, f"{row.name} ({row.code})") for row in db.session.execute(gone))],
        colleagues=seller_choices(viewer=viewer),
        tiers=[(row.code, row.name) for row in db.session.execute(tiers)],
        products=[(row.code, row.name) for row in db.session.execute(lines.order_by(ProductLine.name))],
    )

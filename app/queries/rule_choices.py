"""What the form of a routing rule lets a person choose from: what a page can hold, however many partners there are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from app.database import db
from app.domain.identity import Viewer
from app.domain.partners import PartnershipStatus
from app.models import Organisation, Partnership, ProductLine, TerritoryRule, Tier
from app.queries.network.choices import Choices, seller_choices
from app.queries.network.own import contains, own_manufacturer

FOUND_SHOWN = 10
Coded = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class PartnerChoice:
    """A partner that a rule may name, or names already."""

    id: int
    name: str
    code: str
    has_ended: bool


@dataclass(frozen=True, slots=True)
class RuleChoices:
    """Partners and colleagues by id, tiers (lowest first) and product lines by code.

    `partners` are those the rule names, then those found; `found` counts all that were found beside them. `countries`
    are those the network covers, the manufacturer's own first.
    """

    partners: tuple[PartnerChoice, ...]
    found: int
    colleagues: Choices
    tiers: Coded
    products: Coded
    countries: tuple[str, ...]


def rule_choices(*, viewer: Viewer, named_ids: Collection[int] = (), search: str = "") -> RuleChoices:
    """All that a rule may name of the viewer's own; of the partners those it names, and the first that are found.

    A partner named already stays to choose when it has ended: without its tick the rule would open to everybody.
    """
    own = own_manufacturer(viewer)
    named = _partners(own, Partnership.id.in_(named_ids))
    wanted = [Partnership.status != PartnershipStatus.ENDED, Partnership.id.not_in(named_ids)]
    if text := search.strip():
        wanted.append(contains(Partnership.name, text) | contains(Partnership.code, text))
    found = select(func.count()).where(Partnership.manufacturer_id == own, *wanted)
    tiers = select(Tier.code, Tier.name).where(Tier.manufacturer_id == own).order_by(Tier.rank)
    lines = select(ProductLine.code, ProductLine.name).where(ProductLine.manufacturer_id == own, ProductLine.is_active)
    return RuleChoices(
        partners=(*named, *_partners(own, *wanted, limit=FOUND_SHOWN)),
        found=db.session.execute(found).scalar_one(),
        colleagues=seller_choices(viewer=viewer),
        tiers=[(row.code, row.name) for row in db.session.execute(tiers)],
        products=[(row.code, row.name) for row in db.session.execute(lines.order_by(ProductLine.name))],
        countries=_countries(own),
    )


def _partners(manufacturer_id: int, *wanted: ColumnElement[bool], limit: int | None = None) -> list[PartnerChoice]:
    rows = (
        select(Partnership.id, Partnership.name, Partnership.code, Partnership.status)
        .where(Partnership.manufacturer_id == manufacturer_id, *wanted)
        .order_by(Partnership.name, Partnership.id)
        .limit(limit)
    )
    return [
        PartnerChoice(row.id, row.name, row.code, row.status is PartnershipStatus.ENDED)
        for row in db.session.execute(rows)
    ]


def _countries(manufacturer_id: int) -> tuple[str, ...]:
    home = db.session.scalar(select(Organisation.country).where(Organisation.id == manufacturer_id))
    covered = select(TerritoryRule.country).where(TerritoryRule.manufacturer_id == manufacturer_id).distinct()
    others = sorted(country for country in db.session.scalars(covered) if country != home)
    return (home, *others) if home else tuple(others)

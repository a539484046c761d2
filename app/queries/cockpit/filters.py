"""What the list may be narrowed to, as SQL conditions and as the choices its form offers."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select

from app.database import db
from app.domain.identity import Viewer
from app.domain.leads import CLOSED_STATES, LeadState, Stage
from app.models import Lead, LeadProductLine, Organisation, Partnership, ProductLine
from app.queries.cockpit.duties import due_at
from app.queries.cockpit.scope import Work, is_held

REFERENCE = re.compile(r"L-([0-9A-F]{1,32})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LeadFilters:
    """Everything that is set must hold. Ids and words that mean nothing to the viewer find nothing."""

    text: str = ""
    state: LeadState | None = None
    stage: Stage | None = None
    partnership_id: int | None = None
    product_line_id: int | None = None
    manufacturer_id: int | None = None
    is_overdue: bool = False
    is_hot: bool = False
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class FilterChoices:
    """What the viewer may choose from; pairs of id and name."""

    products: tuple[tuple[int, str], ...]
    partners: tuple[tuple[int, str], ...]
    manufacturers: tuple[tuple[int, str], ...]


def conditions(filters: LeadFilters, now: datetime) -> list[ColumnElement[bool]]:
    """The filters as conditions on a statement made by `with_work`."""
    wanted: list[ColumnElement[bool]] = []
    if filters.text.strip():
        wanted.append(_matches(filters.text.strip()))
    if filters.state is not None:
        wanted.append(Lead.state == filters.state)
    if filters.stage is not None:
        wanted.append(Lead.stage == filters.stage)
    if filters.partnership_id is not None:
        wanted.append(and_(Work.partnership_id == filters.partnership_id, is_held()))
    if filters.product_line_id is not None:
        asked = select(LeadProductLine.lead_id).where(LeadProductLine.product_line_id == filters.product_line_id)
        wanted.append(Lead.id.in_(asked))
    if filters.manufacturer_id is not None:
        wanted.append(Lead.manufacturer_id == filters.manufacturer_id)
    if filters.is_overdue:
        wanted.append(due_at() <= now)
    if filters.is_hot:
        wanted.append(Lead.is_hot.is_(True))
    if filters.is_open:
        wanted.append(Lead.state.not_in(CLOSED_STATES))
    return wanted


def _matches(text: str) -> ColumnElement[bool]:
    """Words in the company, the person, the e-mail or the place, or the lead's reference."""
    names = (Lead.given_name + " " + Lead.family_name, Lead.family_name + " " + Lead.given_name)
    found = [column.icontains(text, autoescape=True) for column in (Lead.company, *names, Lead.email, Lead.city)]
    reference = REFERENCE.fullmatch(text)
    if reference is not None:
        digits = reference[1]
        found.append(Lead.id.between(uuid.UUID(digits.ljust(32, "0")), uuid.UUID(digits.ljust(32, "f"))))
    return or_(*found)


def filter_choices(*, viewer: Viewer) -> FilterChoices:
    """Product lines, and the other side: partners for a manufacturer, manufacturers for a partner."""
    if viewer.is_manufacturer:
        partners = select(Partnership.id, Partnership.name).where(Partnership.manufacturer_id == viewer.organisation_id)
        return FilterChoices(
            products=_pairs(_products_of([viewer.organisation_id])),
            partners=_pairs(partners.order_by(Partnership.name)),
            manufacturers=(),
        )
    own = select(Partnership.manufacturer_id).where(Partnership.partner_id == viewer.organisation_id)
    ids = list(db.session.scalars(own))
    manufacturers = select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids))
    return FilterChoices(
        products=_pairs(_products_of(ids)),
        partners=(),
        manufacturers=_pairs(manufacturers.order_by(Organisation.name)),
    )


def _products_of(manufacturer_ids: list[int]) -> Select[int, str]:
    lines = select(ProductLine.id, ProductLine.name).where(ProductLine.manufacturer_id.in_(manufacturer_ids))
    return lines.order_by(ProductLine.name)


def _pairs(statement: Select[int, str]) -> tuple[tuple[int, str], ...]:
    return tuple((row[0], row[1]) for row in db.session.execute(statement))

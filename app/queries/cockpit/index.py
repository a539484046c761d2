"""The list of leads: filters, sorting and keyset pages, in a fixed number of statements."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Row, Select, case, cast, func, literal, select, tuple_

from app.database import clock_now, db
from app.domain.cockpit import Duty
from app.domain.distribution import RoundKind
from app.domain.identity import Viewer
from app.domain.leads import CLOSED_STATES, LeadState, Stage
from app.domain.money import Money
from app.domain.person_names import full_name
from app.domain.qualification import ContactRole
from app.models import Lead, LeadProductLine, Organisation, Partnership, ProductLine, User
from app.queries.cockpit.duties import due_at, duty_of, duty_opened_at, with_duty
from app.queries.cockpit.filters import LeadFilters, conditions
from app.queries.cockpit.paging import NEVER, NO_DAY, Key, Place
from app.queries.cockpit.scope import Work, in_sight, is_held, with_work

PAGE_SIZE = 50
COUNT_CAP = 1000
EXPORT_CAP = 10_000


@dataclass(frozen=True, slots=True)
class LeadRow:
    """One lead in the list."""

    id: uuid.UUID
    reference: str
    manufacturer_id: int
    manufacturer: str
    company: str
    person: str
    products: tuple[str, ...]
    country: str | None
    state: LeadState
    stage: Stage
    is_hot: bool
    contact_role: ContactRole | None
    partnership_id: int | None
    partner: str | None
    worker: str | None
    attempts: int
    reached: int
    expected_revenue: Money | None
    close_on: date | None
    follow_up_at: datetime | None
    received_at: datetime
    updated_at: datetime
    version: int
    duty: Duty
    duty_opened_at: datetime
    round_kind: RoundKind | None


@dataclass(frozen=True, slots=True)
class LeadList:
    """One page of the list. `total` stops at `COUNT_CAP`; the places are None where there is no such page."""

    rows: tuple[LeadRow, ...]
    total: int
    now: datetime
    previous_place: str | None = None
    next_place: str | None = None

    @property
    def is_total_capped(self) -> bool:
        """Whether there are more than were counted."""
        return self.total > COUNT_CAP


@dataclass(frozen=True, slots=True)
class _Order:
    column: Any
    is_descending: bool
    like: type[Key]


def _orders() -> dict[str, _Order]:
    return {
        "received": _Order(Lead.received_at, True, datetime),
        "priority": _Order(_priority(), True, int),
        "due": _Order(func.coalesce(due_at(), NEVER), False, datetime),
        "follow_up": _Order(func.coalesce(Lead.follow_up_at, NEVER), False, datetime),
        "close": _Order(func.coalesce(Lead.close_on, NO_DAY), False, date),
        "revenue": _Order(func.coalesce(Lead.expected_revenue_cents, -1), True, int),
        "company": _Order(func.lower(Lead.company), False, str),
        "attempts": _Order(Lead.attempts, True, int),
    }


SORTS = ("received", "priority", "due", "follow_up", "close", "revenue", "company", "attempts")


_RANK = 10**11
"""More than the seconds of any moment: a rank counts before the time within it."""


def _priority() -> ColumnElement[Any]:
    """Open leads of executives first, then those whose contact decides about the money, the newest first in each."""
    rank = case(
        (Lead.state.in_(CLOSED_STATES), 0),
        else_=case((Lead.is_hot, 2), else_=0) + case((Lead.contact_role == ContactRole.ECONOMIC_BUYER, 1), else_=0),
    )
    age = cast(func.extract("epoch", Lead.received_at), BigInteger)
    return cast(rank, BigInteger) * literal(_RANK, BigInteger) + age


def list_leads(
    *, viewer: Viewer, filters: LeadFilters, sort: str = "received", place: str = "", limit: int = PAGE_SIZE
) -> LeadList:
    """The leads the viewer works or owns, filtered and sorted; an unknown `sort` or `place` is the default one."""
    now: datetime = db.session.execute(select(clock_now())).scalar_one()
    order = _orders().get(sort) or _orders()["received"]
    start = Place.from_text(place, order.like) if place else None
    is_backwards = start is not None and start.is_backwards
    found = list(db.session.execute(_page(viewer, filters, now, order, start).limit(limit + 1)))
    has_more = len(found) > limit
    found = found[:limit]
    if is_backwards:
        found.reverse()
    return LeadList(
        rows=_rows(found, now),
        total=_count(viewer, filters, now),
        now=now,
        previous_place=_place(found, 0, True) if (has_more if is_backwards else start is not None) else None,
        next_place=_place(found, -1, False) if (is_backwards or has_more) else None,
    )


def _page(viewer: Viewer, filters: LeadFilters, now: datetime, order: _Order, start: Place | None) -> Select[Any]:
    statement = _selected(order.column).where(in_sight(viewer), *conditions(filters, now))
    is_descending = order.is_descending ^ (start is not None and start.is_backwards)
    if start is not None:
        here = tuple_(order.column, Lead.id)
        there = tuple_(start.key, start.id)
        statement = statement.where(here < there if is_descending else here > there)
    if is_descending:
        return statement.order_by(order.column.desc(), Lead.id.desc())
    return statement.order_by(order.column, Lead.id)


def _selected(key: Any) -> Select[Any]:
    worker = case((is_held(), Partnership.name)).label("partner")
    seller = case((is_held(), User.name)).label("seller")
    return (
        with_duty(
            with_work(
                select(Lead, Work, Organisation.name.label("manufacturer"), worker, seller, key.label("sort_key"))
            )
        )
        .join(Organisation, Organisation.id == Lead.manufacturer_id)
        .outerjoin(Partnership, Partnership.id == Work.partnership_id)
        .outerjoin(User, User.id == Work.user_id)
    )


def _count(viewer: Viewer, filters: LeadFilters, now: datetime) -> int:
    matching = with_work(select(Lead.id)).where(in_sight(viewer), *conditions(filters, now)).limit(COUNT_CAP + 1)
    return int(db.session.execute(select(func.count()).select_from(matching.subquery())).scalar_one())


def _place(found: list[Row[Any]], index: int, is_backwards: bool) -> str | None:
    return Place(found[index].sort_key, found[index].Lead.id, is_backwards).to_text() if found else None


def _rows(found: list[Row[Any]], now: datetime) -> tuple[LeadRow, ...]:
    products = products_of([row.Lead.id for row in found])
    return tuple(
        LeadRow(
            id=lead.id,
            reference=lead.reference,
            manufacturer_id=lead.manufacturer_id,
            manufacturer=row.manufacturer,
            company=lead.company,
            person=full_name(lead.given_name, lead.family_name),
            products=products.get(lead.id, ()),
            country=lead.country,
            state=lead.state,
            stage=lead.stage,
            is_hot=lead.is_hot,
            contact_role=lead.contact_role,
            partnership_id=row.work.partnership_id if row.work else None,
            partner=row.partner,
            worker=row.partner or row.seller,
            attempts=lead.attempts,
            reached=lead.reached,
            expected_revenue=expected_revenue(lead),
            close_on=lead.close_on,
            follow_up_at=lead.follow_up_at,
            received_at=lead.received_at,
            updated_at=lead.updated_at,
            version=lead.version,
            duty=duty_of(lead, row.work, row, now),
            duty_opened_at=duty_opened_at(lead, row.work, row),
            round_kind=row.round_kind,
        )
        for row in found
        for lead in (row.Lead,)
    )


def expected_revenue(lead: Lead) -> Money | None:
    """What the deal may bring, when somebody has said so."""
    if lead.expected_revenue_cents is None or lead.expected_revenue_currency is None:
        return None
    return Money(lead.expected_revenue_cents, lead.expected_revenue_currency)


def products_of(lead_ids: list[uuid.UUID]) -> dict[uuid.UUID, tuple[str, ...]]:
    """The names of the product lines each lead asks for."""
    found: dict[uuid.UUID, tuple[str, ...]] = {}
    asked = (
        select(LeadProductLine.lead_id, ProductLine.name)
        .join(ProductLine, ProductLine.id == LeadProductLine.product_line_id)
        .where(LeadProductLine.lead_id.in_(lead_ids))
        .order_by(ProductLine.name)
    )
    for lead_id, name in db.session.execute(asked):
        found[lead_id] = (*found.get(lead_id, ()), name)
    return found

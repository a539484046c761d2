"""The board: open offers, filtered and sorted, in keyset pages and a fixed number of statements."""

from __future__ import annotations

import base64
import binascii
import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select, tuple_

from app.database import clock_now, db
from app.domain.board import BoardFilters, BoardSort
from app.domain.identity import Viewer
from app.models import Lead, Offer, ProductLine
from app.queries.board.cards import CARD_COLUMNS, LeadCard, Product, cards_of
from app.queries.board.outcomes import GoneLead, OwnLead, claimed_today, recently_gone
from app.queries.board.scope import matching, on_the_board, shown_value_rank
from app.queries.board.standing import Standing, list_standings

PAGE_SIZE = 80
COUNT_CAP = 200
"""Leads are counted up to here: more is "more than 200"."""


@dataclass(frozen=True, slots=True)
class BoardChoices:
    """What the filters offer: pairs of id and name, and the ISO codes of the regions that are on the board."""

    manufacturers: tuple[tuple[int, str], ...]
    products: tuple[Product, ...]
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BoardPage:
    """One page of the board, at the database's `now`.

    `total` counts all that the viewer may claim, `found` what the filters leave of it, each up to one more than
    `COUNT_CAP`. `exclusive` offers stand on the first page only, apart from the others; `mine` were claimed today,
    `gone` were lost a moment ago. `next_after` is where the next page begins.
    """

    cards: tuple[LeadCard, ...]
    exclusive: tuple[LeadCard, ...]
    mine: tuple[OwnLead, ...]
    gone: tuple[GoneLead, ...]
    standings: tuple[Standing, ...]
    choices: BoardChoices
    total: int
    found: int
    now: datetime
    next_after: str | None


def board_page(*, viewer: Viewer, filters: BoardFilters, after: str | None = None, limit: int = PAGE_SIZE) -> BoardPage:
    """The offers of all the viewer's manufacturers that it may claim now; an unreadable `after` is the first page."""
    now: datetime = db.session.execute(select(clock_now())).scalar_one()
    start = _read_place(after, filters.sort)
    rows = list(db.session.execute(_page(viewer, filters, start).limit(limit + 1)))
    exclusive = [] if start else list(db.session.execute(_exclusive(viewer, filters)))
    cards = cards_of([*rows[:limit], *exclusive], viewer)
    survey = db.session.execute(
        on_the_board(viewer, Lead.country, Lead.subdivision).order_by(Offer.expires_at, Offer.id).limit(COUNT_CAP + 1)
    ).all()
    standings = list_standings(viewer=viewer)
    return BoardPage(
        cards=tuple(card for card in cards if not card.is_exclusive),
        exclusive=tuple(card for card in cards if card.is_exclusive),
        mine=() if start else claimed_today(viewer=viewer),
        gone=() if start else recently_gone(viewer=viewer),
        standings=standings,
        choices=BoardChoices(
            manufacturers=tuple((one.manufacturer_id, one.manufacturer) for one in standings),
            products=_products([one.manufacturer_id for one in standings]),
            regions=tuple(sorted({row.subdivision or row.country for row in survey} - {None})),
        ),
        total=len(survey),
        found=_count(viewer, filters) if filters.is_narrowed else len(survey),
        now=now,
        next_after=_place(rows[limit - 1], filters.sort) if len(rows) > limit else None,
    )


def claimable_count(*, viewer: Viewer) -> int:
    """How many offers the viewer may claim, whatever its filters: `BoardPage.total` without the page."""
    return _count(viewer, BoardFilters())


def _order(sort: BoardSort) -> tuple[ColumnElement[Any], bool]:
    """What a page is sorted by before the id, and whether it falls. Never by anything hidden before a claim."""
    if sort is BoardSort.NEWEST:
        return func.greatest(Offer.visible_from, Offer.created_at), True
    if sort is BoardSort.VALUE:
        return shown_value_rank(), True
    return Offer.expires_at.expression, False


def _page(viewer: Viewer, filters: BoardFilters, start: tuple[Any, uuid.UUID] | None) -> Select[Any]:
    column, is_falling = _order(filters.sort)
    statement = on_the_board(viewer, *CARD_COLUMNS, column.label("sort_key")).where(
        Offer.is_exclusive.is_(False), *matching(filters)
    )
    if start is not None:
        here, there = tuple_(column, Offer.id), tuple_(*start)
        statement = statement.where(here < there if is_falling else here > there)
    if is_falling:
        return statement.order_by(column.desc(), Offer.id.desc())
    return statement.order_by(column, Offer.id)


def _exclusive(viewer: Viewer, filters: BoardFilters) -> Select[Any]:
    offers = on_the_board(viewer, *CARD_COLUMNS).where(Offer.is_exclusive.is_(True), *matching(filters))
    return offers.order_by(Offer.expires_at, Offer.id).limit(COUNT_CAP)


def _count(viewer: Viewer, filters: BoardFilters) -> int:
    found = on_the_board(viewer, Offer.id).where(*matching(filters)).limit(COUNT_CAP + 1)
    return int(db.session.execute(select(func.count()).select_from(found.subquery())).scalar_one())


def _products(manufacturer_ids: list[int]) -> tuple[Product, ...]:
    lines = (
        select(ProductLine.id, ProductLine.code, ProductLine.name)
        .where(ProductLine.manufacturer_id.in_(manufacturer_ids), ProductLine.is_active)
        .order_by(ProductLine.name)
    )
    return tuple(Product(row.id, row.code, row.name) for row in db.session.execute(lines))


def _place(row: Row[Any], sort: BoardSort) -> str:
    key = row.sort_key.isoformat() if isinstance(row.sort_key, datetime) else row.sort_key
    return base64.urlsafe_b64encode(json.dumps([sort, key, row.offer_id.hex]).encode()).decode().rstrip("=")


def _read_place(text: str | None, sort: BoardSort) -> tuple[Any, uuid.UUID] | None:
    """Read what `_place` wrote; None for anything else, and for a place in another order."""
    try:
        kind, key, offer_id = json.loads(base64.urlsafe_b64decode((text or "") + "=" * (-len(text or "") % 4)))
        read = int(key) if sort is BoardSort.VALUE else datetime.fromisoformat(key)
        return (read, uuid.UUID(offer_id)) if kind == sort and not _is_naive(read) else None
    except (ValueError, TypeError, AttributeError, OverflowError, binascii.Error, RecursionError):
        return None


def _is_naive(key: object) -> bool:
    return isinstance(key, datetime) and key.tzinfo is None

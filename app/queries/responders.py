"""Which partners answer slowly: the list for the quarterly review, and the territory reviews that wait (W-14, R-03)."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from app.database import db, read_clock
from app.domain.identity import Viewer
from app.domain.response_score import ResponseRules, is_slow
from app.models import ManufacturerSettings, Partnership, TerritoryReview
from app.queries.network.own import own_manufacturer
from app.queries.response_figures import ResponseFigures, figures_of
from app.queries.response_scores import rules_of

PAGE_SIZE = 50


class ResponderSort(StrEnum):
    """By what the list is ordered; the worst comes first."""

    SCORE = "score"
    ANSWER_TIME = "answer_time"
    RESPONSE_RATE = "response_rate"


@dataclass(frozen=True, slots=True)
class Responder:
    """One partner: its score and its figures of the quarter."""

    partnership_id: int
    code: str
    name: str
    score: int
    is_slow: bool
    suspended_until: datetime | None
    figures: ResponseFigures


@dataclass(frozen=True, slots=True)
class WaitingReview:
    """A territory review that nobody has decided yet."""

    id: int
    partner: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class ResponderList:
    """One page of the list, how many there are in all, and the reviews that wait."""

    rows: list[Responder]
    total: int
    page: int
    is_scored: bool
    rules: ResponseRules
    reviews: list[WaitingReview]

    @property
    def first(self) -> int:
        """The number of the first row on this page."""
        return (self.page - 1) * PAGE_SIZE + 1

    @property
    def last(self) -> int:
        """The number of the last row on this page."""
        return self.first + len(self.rows) - 1


def list_responders(
    *, viewer: Viewer, sort: ResponderSort, is_slow_only: bool, page: int = 1, page_size: int = PAGE_SIZE
) -> ResponderList:
    """The manufacturer's partners by how they answered in the last quarter, the slow ones alone when asked."""
    manufacturer_id = own_manufacturer(viewer)
    settings = db.session.get_one(ManufacturerSettings, manufacturer_id)
    rules, now = rules_of(settings), read_clock(db.session())
    figures = figures_of(db.session(), manufacturer_id, now - timedelta(days=rules.quarter_days))
    partnerships = db.session.execute(
        select(
            Partnership.id,
            Partnership.code,
            Partnership.name,
            Partnership.response_score,
            Partnership.claims_suspended_until,
        ).where(Partnership.manufacturer_id == manufacturer_id, Partnership.ended_at.is_(None))
    )
    rows = []
    for id_, code, name, score, until in partnerships:
        own = figures[id_]
        slow = is_slow(score, asked=own.asked, answered=own.answered, rules=rules)
        if slow or not is_slow_only:
            suspended = until if until is not None and until > now else None
            rows.append(Responder(id_, code, name, score, slow, suspended, own))
    rows.sort(key=_ORDER[sort])
    page = max(1, min(page, -(-len(rows) // page_size)))
    shown = rows[(page - 1) * page_size : page * page_size]
    return ResponderList(shown, len(rows), page, settings.is_response_scored, rules, waiting_reviews(viewer=viewer))


def waiting_reviews(*, viewer: Viewer) -> list[WaitingReview]:
    """The territory reviews that nobody has decided, the oldest first."""
    rows = (
        select(TerritoryReview.id, Partnership.name, TerritoryReview.opened_at)
        .join(Partnership, Partnership.id == TerritoryReview.partnership_id)
        .where(TerritoryReview.manufacturer_id == own_manufacturer(viewer), TerritoryReview.decided_at.is_(None))
        .order_by(TerritoryReview.opened_at)
    )
    return [WaitingReview(*row) for row in db.session.execute(rows)]


def _by_rate(row: Responder) -> tuple[Any, ...]:
    rate = row.figures.response_rate
    return (math.inf if rate is None else rate, row.score, row.name)


def _by_time(row: Responder) -> tuple[Any, ...]:
    """Who never answered an offer comes before the slowest answer, who was never asked after the quickest."""
    seconds = row.figures.answer_seconds
    never = math.inf if row.figures.asked else -1
    return (-(never if seconds is None else seconds), row.score, row.name)


_ORDER: dict[ResponderSort, Callable[[Responder], tuple[Any, ...]]] = {
    ResponderSort.SCORE: lambda row: (row.score, row.name),
    ResponderSort.ANSWER_TIME: _by_time,
    ResponderSort.RESPONSE_RATE: _by_rate,
}

"""What has changed on a board since somebody opened it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.database import clock_now, db
from app.domain.board import BoardFilters
from app.domain.identity import Viewer
from app.models import Offer
from app.queries.board.outcomes import GoneLead, gone_since
from app.queries.board.page import COUNT_CAP
from app.queries.board.scope import matching, on_the_board
from app.queries.board.standing import Standing, list_standings

OLDEST_NEWS = timedelta(hours=12)
"""A board left open longer is told of no more than this."""


@dataclass(frozen=True, slots=True)
class BoardNews:
    """New leads that match the filters, counted up to one more than `COUNT_CAP`; offers that ended; the room left."""

    count: int
    gone: tuple[GoneLead, ...]
    standings: tuple[Standing, ...]

    @property
    def version(self) -> str:
        """Changes whenever the region must be drawn anew."""
        gone = ",".join(sorted(one.offer_id.hex[:12] for one in self.gone))
        room = ",".join(f"{one.open_claims}.{one.claims_today}" for one in self.standings)
        return f"{self.count}-{gone}-{room}"


def board_news(*, viewer: Viewer, filters: BoardFilters, since: datetime) -> BoardNews:
    """What happened on the viewer's board after `since`, the moment its page was drawn."""
    now: datetime = db.session.execute(select(clock_now())).scalar_one()
    start = max(since, now - OLDEST_NEWS)
    appeared = func.greatest(Offer.visible_from, Offer.created_at) > start
    found = on_the_board(viewer, Offer.id).where(appeared, *matching(filters)).limit(COUNT_CAP + 1)
    return BoardNews(
        count=int(db.session.execute(select(func.count()).select_from(found.subquery())).scalar_one()),
        gone=gone_since(viewer=viewer, since=start),
        standings=list_standings(viewer=viewer),
    )


def newly_visible(*, viewer: Viewer, filters: BoardFilters, since: datetime, until: datetime) -> int:
    """How many offers that match the filters came to the viewer's board after `since` and not after `until`."""
    appeared = func.greatest(Offer.visible_from, Offer.created_at)
    found = on_the_board(viewer, Offer.id).where(appeared > since, appeared <= until, *matching(filters))
    return int(db.session.execute(select(func.count()).select_from(found.limit(COUNT_CAP + 1).subquery())).scalar_one())

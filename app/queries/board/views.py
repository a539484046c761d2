"""A person's saved board filters."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app.database import db
from app.domain.identity import Viewer
from app.models import SavedView


@dataclass(frozen=True, slots=True)
class SavedBoardView:
    """One named filter, as the query of the board's address, and whether a new match is mailed."""

    id: int
    name: str
    query: str
    is_mailed: bool


def list_views(*, viewer: Viewer) -> tuple[SavedBoardView, ...]:
    """The viewer's own saved views by name."""
    views = db.session.scalars(select(SavedView).where(SavedView.user_id == viewer.user_id).order_by(SavedView.name))
    return tuple(SavedBoardView(view.id, view.name, view.query, view.is_mailed) for view in views)

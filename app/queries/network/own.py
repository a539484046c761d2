"""What is the viewer's own: every read of the network begins here."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import ColumnElement, select

from app.database import Base, db
from app.domain.errors import NotFound
from app.domain.identity import Viewer

Row = TypeVar("Row", bound=Base)


def own_manufacturer(viewer: Viewer) -> int:
    """The id of the manufacturer whose network the viewer reads; NotFound for anybody on a partner's side."""
    if not viewer.is_manufacturer:
        raise NotFound
    return viewer.organisation_id


def own_row(viewer: Viewer, table: type[Row], row_id: int) -> Row:
    """A row of the viewer's manufacturer; NotFound when there is none, whoever else may have it."""
    of_table: Any = table
    found = select(table).where(of_table.id == row_id, of_table.manufacturer_id == own_manufacturer(viewer))
    row: Row | None = db.session.scalars(found).one_or_none()
    if row is None:
        raise NotFound
    return row


def contains(column: Any, text: str) -> ColumnElement[bool]:
    """Whether a column holds the text somewhere, in any case; signs of the pattern language stand for themselves."""
    found: ColumnElement[bool] = column.icontains(text, autoescape=True)
    return found

"""Who follows whom among owners."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.domain.owners import PartnershipStanding, PersonStanding
from app.domain.partners import PartnershipStatus
from app.models import Partnership, User


def people_standing(session: Session, manufacturer_id: int, ids: Collection[int]) -> dict[int, PersonStanding]:
    """The people `ids` with everybody who follows them, by successor and by manager, for `standing_owner`.

    Only people of the manufacturer: an id of anybody else is unknown, and so gone.
    """
    if not ids:
        return {}
    people = select(User.id, User.disabled_at, User.successor_id, User.manager_id)
    rows = session.execute(people.where(User.id.in_(_row_of_people(manufacturer_id, ids))))
    return {
        person_id: PersonStanding(disabled_at is None, successor_id, manager_id)
        for person_id, disabled_at, successor_id, manager_id in rows
    }


def partnership_standing(session: Session, ids: Collection[int]) -> dict[int, PartnershipStanding]:
    """The partnerships `ids` with all that follow them, for `standing_partnership`.

    Only an active one stands: to any other nothing could be offered.
    """
    if not ids:
        return {}
    partnerships = select(Partnership.id, Partnership.status, Partnership.successor_partnership_id)
    rows = session.execute(partnerships.where(Partnership.id.in_(_row_of_partnerships(ids))))
    return {
        partnership_id: PartnershipStanding(status is PartnershipStatus.ACTIVE, successor_id, status)
        for partnership_id, status, successor_id in rows
    }


def _row_of_people(manufacturer_id: int, ids: Collection[int]) -> Select[tuple[int]]:
    """The people `ids` and whoever follows one of them, each once, so that a circle ends."""
    own = User.organisation_id == manufacturer_id
    row = select(User.id, User.successor_id, User.manager_id).where(own, User.id.in_(ids)).cte("row", recursive=True)
    follower = select(User.id, User.successor_id, User.manager_id).join(
        row, User.id.in_([row.c.successor_id, row.c.manager_id])
    )
    row = row.union(follower.where(own))
    return select(row.c.id)


def _row_of_partnerships(ids: Collection[int]) -> Select[tuple[int]]:
    """The partnerships `ids` and their successors at the same manufacturer, each once, so that a circle ends."""
    columns = (Partnership.id, Partnership.manufacturer_id, Partnership.successor_partnership_id)
    row = select(*columns).where(Partnership.id.in_(ids)).cte("row", recursive=True)
    follows = (Partnership.id == row.c.successor_partnership_id) & (
        Partnership.manufacturer_id == row.c.manufacturer_id
    )
    row = row.union(select(*columns).join(row, follows))
    return select(row.c.id)

"""Who is to be told: the people of an organisation who can sign in, and who acts for those who are away."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.availability import deputy_of
from app.domain.identity import PARTNER_ROLES, Role
from app.models import User
from app.queries.absences import is_whole_away, people_away

_REMEMBERED = "pullboard_people_to_tell"


@contextmanager
def people_remembered(session: Session) -> Iterator[None]:
    """Look each organisation's people up once only, for work that asks for the same ones again and changes nobody."""
    session.info[_REMEMBERED] = {}
    try:
        yield
    finally:
        session.info.pop(_REMEMBERED, None)


def people_to_tell(session: Session, organisation_id: int, roles: Collection[Role] | None = None) -> list[int]:
    """The ids of an organisation's active people, those with one of `roles` when given.

    For who is away the deputy is told, else a partner's colleagues who are there; where nobody is, all are all the
    same, so that nothing goes untold.
    """
    remembered: dict[object, list[int]] = session.info.get(_REMEMBERED, {})
    asked = (organisation_id, None if roles is None else frozenset(roles))
    if asked not in remembered:
        remembered[asked] = _people_to_tell(session, organisation_id, roles)
    return list(remembered[asked])


def people_there_or_away(session: Session, organisation_id: int, roles: Collection[Role]) -> list[int]:
    """The ids of an organisation's active people with one of `roles`, for what reaches them wherever they are."""
    return [user_id for user_id, role in _people(session, organisation_id).items() if role in roles]


def _people(session: Session, organisation_id: int) -> Mapping[int, Role]:
    joined = select(User.id, User.role).where(
        User.organisation_id == organisation_id, User.disabled_at.is_(None), User.joined_at.is_not(None)
    )
    return {row.id: row.role for row in session.execute(joined.order_by(User.id))}


def _people_to_tell(session: Session, organisation_id: int, roles: Collection[Role] | None) -> list[int]:
    people = _people(session, organisation_id)
    meant = [user_id for user_id, role in people.items() if roles is None or role in roles]
    away = people_away(session, organisation_id)
    if not away:
        return meant
    gone = {one.deputy_id for absences in away.values() for one in absences if one.deputy_id} - people.keys()
    now = read_clock(session)
    acting = {deputy_of(user_id, away, now, gone=gone) for user_id in meant} - {None}
    colleagues = {user_id for user_id, role in people.items() if role in PARTNER_ROLES} - away.keys()
    told = acting or (colleagues if meant else set())
    return [user_id for user_id in people if user_id in told] or meant


def who_reads_for(session: Session, user: User) -> int | None:
    """Who is told what is new on the board: the person when there, else a deputy who is.

    None when nobody stands in, and when the whole partner is away: it asked to be left alone.
    """
    if user.disabled_at is not None or is_whole_away(session, user.organisation_id):
        return None
    away = people_away(session, user.organisation_id)
    reader_id = deputy_of(user.id, away, read_clock(session)) if away else user.id
    reader = session.get(User, reader_id) if reader_id is not None else None
    return reader.id if reader is not None and reader.disabled_at is None else None


def who_acts_for(session: Session, user_id: int) -> int:
    """The person when there, else the deputy, where somebody there stands in."""
    user = session.get(User, user_id)
    if user is None:
        return user_id
    away = people_away(session, user.organisation_id)
    deputy_id = deputy_of(user_id, away, read_clock(session)) if away else user_id
    deputy = session.get(User, deputy_id) if deputy_id is not None else None
    return deputy.id if deputy is not None and deputy.disabled_at is None else user_id

"""The people of an organisation, for its admins; and the partners of whom nobody has joined yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import aliased

from app.database import db
from app.domain.errors import NotFound
from app.domain.identity import Role, Viewer
from app.domain.partners import PartnershipStatus
from app.domain.people import check_administers
from app.models import Partnership, User


class PersonState(StrEnum):
    """Where a person stands with signing in."""

    INVITED = "invited"
    ACTIVE = "active"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person as the admins of its organisation see it."""

    id: int
    name: str
    email: str
    role: Role
    invited_at: datetime | None
    joined_at: datetime | None
    disabled_at: datetime | None
    last_seen_at: datetime | None
    manager_id: int | None
    successor_id: int | None

    @property
    def state(self) -> PersonState:
        """Where the person stands with signing in."""
        if self.disabled_at is not None:
            return PersonState.DISABLED
        return PersonState.ACTIVE if self.joined_at is not None else PersonState.INVITED


def list_people(*, viewer: Viewer) -> list[PersonRow]:
    """The people of the admin's organisation, in the order of their names, disabled ones last."""
    check_administers(viewer)
    people = _people_of(viewer).order_by(User.disabled_at.is_not(None), func.lower(User.name), User.id)
    return [PersonRow(**row) for row in db.session.execute(people).mappings()]


def person(*, user_id: int, viewer: Viewer) -> PersonRow:
    """One person of the admin's organisation. NotFound for anybody else's."""
    check_administers(viewer)
    row = db.session.execute(_people_of(viewer).where(User.id == user_id)).mappings().one_or_none()
    if row is None:
        raise NotFound
    return PersonRow(**row)


def colleague_choices(*, viewer: Viewer, but_id: int) -> list[tuple[int, str]]:
    """The people of the admin's organisation who may follow or lead another: everybody but that one and the gone."""
    check_administers(viewer)
    people = select(User.id, User.name).where(
        User.organisation_id == viewer.organisation_id, User.id != but_id, User.disabled_at.is_(None)
    )
    return [(row.id, row.name) for row in db.session.execute(people.order_by(func.lower(User.name), User.id))]


def _people_of(viewer: Viewer) -> Select[*tuple[Any, ...]]:
    columns = (User.id, User.name, User.email, User.role, User.manager_id, User.successor_id)
    moments = (User.invited_at, User.joined_at, User.disabled_at, User.last_seen_at)
    return select(*columns, *moments).where(User.organisation_id == viewer.organisation_id)


@dataclass(frozen=True, slots=True)
class PartnerToOpen:
    """A partner of the manufacturer of whom nobody has joined yet, and whom it has invited so far."""

    partnership_id: int
    name: str
    invited_email: str | None
    invited_at: datetime | None


def list_partners_to_open(*, viewer: Viewer) -> list[PartnerToOpen]:
    """The partners whose first admin the manufacturer may invite (`services.identity.invite_first_partner_admin`)."""
    if not viewer.has_role(Role.ADMIN):
        return []
    return [PartnerToOpen(**row) for row in db.session.execute(_partners_to_open(viewer)).mappings()]


def partner_to_open(*, partnership_id: int, viewer: Viewer) -> PartnerToOpen:
    """One of these partners. NotFound when it is not the manufacturer's, or somebody has joined already."""
    one = _partners_to_open(viewer).where(Partnership.id == partnership_id)
    row = db.session.execute(one).mappings().one_or_none() if viewer.has_role(Role.ADMIN) else None
    if row is None:
        raise NotFound
    return PartnerToOpen(**row)


def _partners_to_open(viewer: Viewer) -> Select[*tuple[Any, ...]]:
    """Each with the person invited last; not the partners whose oldest partnership is another manufacturer's."""
    colleague, older, invited = aliased(User), aliased(Partnership), aliased(User)
    last_invited = (
        select(User.id)
        .where(User.organisation_id == Partnership.partner_id)
        .order_by(User.invited_at.desc().nulls_last(), User.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(
            Partnership.id.label("partnership_id"),
            Partnership.name,
            invited.email.label("invited_email"),
            invited.invited_at,
        )
        .outerjoin(invited, invited.id == last_invited)
        .where(
            Partnership.manufacturer_id == viewer.organisation_id,
            Partnership.status != PartnershipStatus.ENDED,
            ~exists().where(colleague.organisation_id == Partnership.partner_id, colleague.joined_at.is_not(None)),
            ~exists().where(older.partner_id == Partnership.partner_id, older.id < Partnership.id),
        )
        .order_by(Partnership.name, Partnership.id)
    )

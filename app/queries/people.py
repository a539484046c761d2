"""Who is to be told: the people of an organisation who can sign in."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.identity import Role
from app.models import User


def people_to_tell(session: Session, organisation_id: int, roles: Collection[Role] | None = None) -> list[int]:
    """The ids of an organisation's active people, those with one of `roles` when given."""
    wanted = select(User.id).where(
        User.organisation_id == organisation_id, User.disabled_at.is_(None), User.joined_at.is_not(None)
    )
    if roles is not None:
        wanted = wanted.where(User.role.in_(roles))
    return list(session.scalars(wanted.order_by(User.id)))

"""The trail's lines about people: scoped to their organisation, so that only its own admins read them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.domain.audit import Audience, EventKind
from app.domain.identity import OrganisationKind, Viewer
from app.models import User
from app.services.audit import record_event


def record_about(
    session: Session,
    kind: EventKind,
    user: User,
    *,
    actor: Viewer | None,
    **data: object,
) -> None:
    """Write a line about `user` into the trail of its organisation.

    A manufacturer's line stays with the manufacturer, a partner's with the partner; what a manufacturer did to a
    partner's person both may read. `data` holds ids and values, never an address or a secret.
    """
    manufacturer_id, audience = _readers(user, actor)
    record_event(
        session,
        kind,
        actor=actor,
        manufacturer_id=manufacturer_id,
        organisation_id=user.organisation_id,
        audience=audience,
        data={"user_id": user.id, **data},
    )


def viewer_of(user: User) -> Viewer:
    """The person as an actor, for what they do before anybody is signed in."""
    return Viewer(
        user_id=user.id,
        organisation_id=user.organisation_id,
        organisation_kind=user.organisation.kind,
        role=user.role,
        name=user.name,
        language=user.language,
        time_zone=user.time_zone,
    )


def _readers(user: User, actor: Viewer | None) -> tuple[int | None, Audience]:
    if user.organisation.kind is OrganisationKind.MANUFACTURER:
        return user.organisation_id, Audience.MANUFACTURER
    if actor is not None and actor.is_manufacturer:
        return actor.organisation_id, Audience.SHARED
    return None, Audience.PARTNER

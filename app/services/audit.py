"""The append-only trail: every change writes its line in its own transaction."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.audit import Audience, EventKind, audience_of
from app.domain.identity import Viewer
from app.domain.partners import PartnershipStatus
from app.models import Event, Partnership


def record_event(
    session: Session,
    kind: EventKind,
    *,
    actor: Viewer | None = None,
    manufacturer_id: int | None = None,
    organisation_id: int | None = None,
    lead_id: uuid.UUID | None = None,
    partnership_id: int | None = None,
    audience: Audience | None = None,
    data: Mapping[str, Any] | None = None,
) -> Event:
    """Write one line of the trail inside the caller's transaction; it lives and dies with the change it tells of.

    `actor` is None when the clock acted. `data` holds JSON values and ids, never a prospect's personal data.
    A second call writes a second line.
    """
    event = Event(
        kind=kind,
        audience=audience or audience_of(kind),
        manufacturer_id=manufacturer_id,
        organisation_id=organisation_id,
        lead_id=lead_id,
        partnership_id=partnership_id,
        actor_user_id=actor.user_id if actor else None,
        actor_organisation_id=actor.organisation_id if actor else None,
        data=dict(data or {}),
    )
    session.add(event)
    return event


def record_for_manufacturers(session: Session, kind: EventKind, *, actor: Viewer, data: Mapping[str, Any]) -> None:
    """Write a partner's own change into the trail of each of its manufacturers too: what they promise follows it.

    One line for each partnership that has not ended, read by that manufacturer and by the partner.
    """
    theirs = select(Partnership.id, Partnership.manufacturer_id).where(
        Partnership.partner_id == actor.organisation_id, Partnership.status != PartnershipStatus.ENDED
    )
    for partnership_id, manufacturer_id in session.execute(theirs.order_by(Partnership.id)):
        record_event(
            session,
            kind,
            actor=actor,
            manufacturer_id=manufacturer_id,
            organisation_id=actor.organisation_id,
            partnership_id=partnership_id,
            audience=Audience.SHARED,
            data=data,
        )

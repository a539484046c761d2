"""Keeping that the list of how partners answer was taken out as a file."""

from __future__ import annotations

from app.database import transaction
from app.domain.audit import EventKind
from app.domain.errors import Forbidden
from app.domain.identity import Viewer
from app.services.audit import record_event


def record_export(*, actor: Viewer, count: int) -> None:
    """Keep that somebody took the figures of `count` partners out as a file. A second call is a second export."""
    if not actor.is_manufacturer:
        raise Forbidden
    with transaction() as session:
        record_event(
            session,
            EventKind.DATA_EXPORTED,
            actor=actor,
            manufacturer_id=actor.organisation_id,
            organisation_id=actor.organisation_id,
            data={"name": "response-scores", "format": "csv", "count": count},
        )

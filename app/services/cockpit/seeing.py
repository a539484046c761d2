"""What is kept of being shown: who saw a prospect's contact data, and who took a list out of the house."""

from __future__ import annotations

import uuid

from sqlalchemy.dialects.postgresql import insert

from app.database import transaction
from app.domain.audit import EventKind
from app.domain.identity import Viewer
from app.models import Reveal
from app.services.audit import record_event
from app.services.cockpit.working import lock_worked_lead

GROUND = "lead_page"


def record_reveal(*, lead_id: uuid.UUID, actor: Viewer) -> None:
    """Keep that a further person of the partner has been shown the prospect's contact data.

    Once per person and lead, whatever comes twice. Raises `NotFound` when the lead is not the partner's to see.
    """
    with transaction() as session:
        worked = lock_worked_lead(session, lead_id, actor)
        shown = insert(Reveal).values(
            lead_id=lead_id, user_id=actor.user_id, organisation_id=actor.organisation_id, ground=GROUND
        )
        if session.scalar(shown.on_conflict_do_nothing().returning(Reveal.id)) is not None:
            worked.tell(session, EventKind.LEAD_REVEALED, {"ground": GROUND})


def record_export(*, actor: Viewer, file_format: str, count: int) -> None:
    """Keep that somebody took `count` leads out as a file. A second call is a second export."""
    with transaction() as session:
        record_event(
            session,
            EventKind.DATA_EXPORTED,
            actor=actor,
            manufacturer_id=actor.organisation_id if actor.is_manufacturer else None,
            organisation_id=actor.organisation_id,
            data={"name": "leads", "format": file_format, "count": count},
        )

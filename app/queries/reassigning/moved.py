"""What became of the leads of a move."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.database import db
from app.domain.audit import EventKind
from app.domain.errors import NotFound
from app.domain.identity import Viewer
from app.domain.phrases import Phrase
from app.models import Event, Lead, User


@dataclass(frozen=True, slots=True)
class MovedLead:
    """One lead of a move; `why_not` is why it stayed where it was."""

    id: uuid.UUID
    reference: str
    company: str
    why_not: Phrase | None = None


@dataclass(frozen=True, slots=True)
class Reassigned:
    """A move that was made: by whom, when, to whom, why, and what became of each lead. `taker` is empty for a plan."""

    by: str
    at: datetime
    taker: str
    reason: str
    done: tuple[MovedLead, ...]
    refused: tuple[MovedLead, ...]


def reassigned(*, viewer: Viewer, event_id: int) -> Reassigned:
    """What became of the leads of one move; `NotFound` for anybody but the manufacturer's."""
    session = db.session()
    event = session.get(Event, event_id)
    if event is None or event.kind is not EventKind.LEADS_REASSIGNED or event.manufacturer_id != viewer.organisation_id:
        raise NotFound
    done = [uuid.UUID(text) for text in event.data["leads"]]
    refused = {uuid.UUID(text): Phrase.from_json(why) for text, why in event.data["refused"].items()}
    leads = {lead.id: lead for lead in session.scalars(select(Lead).where(Lead.id.in_([*done, *refused])))}
    by = session.get(User, event.actor_user_id) if event.actor_user_id else None
    return Reassigned(
        by=by.name if by else "",
        at=event.at,
        taker=event.data["taker"],
        reason=event.data["reason"],
        done=tuple(_moved(leads[one]) for one in done if one in leads),
        refused=tuple(_moved(leads[one], why) for one, why in refused.items() if one in leads),
    )


def _moved(lead: Lead, why_not: Phrase | None = None) -> MovedLead:
    return MovedLead(lead.id, lead.reference, lead.company, why_not)

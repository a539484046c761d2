"""What was changed in a manufacturer's routing rules: for everybody there, from the audit trail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.database import db
from app.domain.audit import EventKind
from app.domain.identity import Viewer
from app.domain.phrases import Phrase
from app.models import Event, User
from app.queries.audit.details import detail
from app.queries.network.own import own_manufacturer

SHOWN_CHANGES = 100


@dataclass(frozen=True, slots=True)
class RuleChange:
    """One change: which rule and what was done to it first, then each part from old to new."""

    at: datetime
    by: str
    what: Phrase
    details: tuple[Phrase, ...]


def rule_history(*, viewer: Viewer) -> list[RuleChange]:
    """The latest changes of the rules, newest first."""
    rows = db.session.execute(
        select(Event, User.name)
        .outerjoin(User, User.id == Event.actor_user_id)
        .where(Event.manufacturer_id == own_manufacturer(viewer), Event.kind == EventKind.ROUTING_RULE_CHANGED)
        .order_by(Event.id.desc())
        .limit(SHOWN_CHANGES)
    )
    told = [(event.at, name or "", detail(event.kind, event.data)) for event, name in rows]
    return [RuleChange(at, by, said[0], tuple(said[1:])) for at, by, said in told]

"""What was changed in a manufacturer's routing rules: for everybody there, from the audit trail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, bindparam, select

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
    rows = db.session.execute(latest_changes(own_manufacturer(viewer)))
    told = [(event.at, name or "", detail(event.kind, event.data)) for event, name in rows]
    return [RuleChange(at, by, said[0], tuple(said[1:])) for at, by, said in told]


def latest_changes(manufacturer_id: int) -> Select[Event, str]:
    """The latest lines of the trail about rules with who wrote them: one in thousands, found by an index of their own.

    The kind stands in the statement itself, for a prepared plan may use that index only where it knows the kind.
    """
    kind = bindparam("kind", EventKind.ROUTING_RULE_CHANGED, type_=Event.kind.type, literal_execute=True)
    return (
        select(Event, User.name)
        .outerjoin(User, User.id == Event.actor_user_id)
        .where(Event.manufacturer_id == manufacturer_id, Event.kind == kind)
        .order_by(Event.id.desc())
        .limit(SHOWN_CHANGES)
    )

"""The audit trail on screen: a manufacturer's whole trail, a partner's own people and log-ins."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, select, union_all
from sqlalchemy.orm import aliased

from app.database import db
from app.domain.audit import Audience, EventKind
from app.domain.errors import Forbidden
from app.domain.identity import Role, Viewer
from app.domain.phrases import Phrase
from app.models import Event, Lead, User
from app.queries.audit.details import detail
from app.queries.audit.names import names_in
from app.queries.audit.sentences import sentence

PAGE_SIZE = 50
OWN_FEATURES = ("identity", "security")
"""What of the trail is about an organisation's own people; only its administrators read it."""
_REFERENCE = re.compile(r"[0-9A-F]{1,32}")


@dataclass(frozen=True, slots=True)
class TrailFilters:
    """What to look for; everything that is set must hold. Days are the viewer's own."""

    feature: str = ""
    kind: str = ""
    user_id: int | None = None
    lead: str = ""
    first_on: date | None = None
    last_on: date | None = None


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One line of the trail, told for one viewer."""

    id: int
    at: datetime
    feature: str
    sentence: Phrase
    details: tuple[Phrase, ...] = ()
    lead_id: uuid.UUID | None = None
    lead_reference: str = ""


@dataclass(frozen=True, slots=True)
class TrailPage:
    """Some lines, newest first; `next_before` is where the next page begins."""

    lines: tuple[TrailLine, ...]
    next_before: int | None


def list_events(*, viewer: Viewer, filters: TrailFilters, before: int | None = None) -> TrailPage:
    """The trail as far as the viewer may read it, newest first; raises `Forbidden` for people without a trail."""
    conditions = _conditions(viewer, filters)
    if before is not None:
        conditions.append(Event.id < before)
    parts = [
        select(Event).where(scope, *conditions).order_by(Event.id.desc()).limit(PAGE_SIZE + 1).subquery()
        for scope in _scopes(viewer)
    ]
    found = union_all(*[select(part) for part in parts]).subquery()
    event = aliased(Event, found)
    rows = list(db.session.scalars(select(event).order_by(event.id.desc()).limit(PAGE_SIZE + 1)))
    lines = _told(rows[:PAGE_SIZE], viewer)
    return TrailPage(lines, rows[PAGE_SIZE - 1].id if len(rows) > PAGE_SIZE else None)


def list_actors(*, viewer: Viewer) -> list[tuple[int, str]]:
    """The viewer's own people, for the trail's filter."""
    people = select(User.id, User.name).where(User.organisation_id == viewer.organisation_id).order_by(User.name)
    return [(row[0], row[1]) for row in db.session.execute(people)]


def _scopes(viewer: Viewer) -> list[ColumnElement[bool]]:
    """Which lines there are for the viewer, as parts that each have an index and share no line."""
    own = Event.organisation_id == viewer.organisation_id
    about_people = _is_about(*OWN_FEATURES)
    if viewer.is_partner and viewer.has_role(Role.PARTNER_ADMIN):
        return [own & about_people]
    if not viewer.has_role(Role.ADMIN, Role.CHANNEL_MANAGER, Role.ARBITER):
        raise Forbidden
    of_tenant = (Event.manufacturer_id == viewer.organisation_id) & (Event.audience != Audience.PARTNER)
    elsewhere = own & Event.manufacturer_id.is_distinct_from(viewer.organisation_id)
    if viewer.has_role(Role.ADMIN):
        return [of_tenant, elsewhere]
    return [of_tenant & ~about_people, elsewhere & ~about_people]


def _is_about(*features: str) -> ColumnElement[bool]:
    return Event.kind.in_([kind for kind in EventKind if kind.feature in features])


def _conditions(viewer: Viewer, filters: TrailFilters) -> list[ColumnElement[bool]]:
    zone = ZoneInfo(viewer.time_zone)
    wanted: list[ColumnElement[bool]] = []
    if filters.feature:
        wanted.append(_is_about(filters.feature))
    if filters.kind in list(EventKind):
        wanted.append(Event.kind == EventKind(filters.kind))
    if filters.user_id is not None:
        wanted.append(Event.actor_user_id == filters.user_id)
    if filters.lead:
        wanted.append(Event.lead_id.in_(_leads_called(filters.lead, viewer)))
    if filters.first_on:
        wanted.append(Event.at >= datetime.combine(filters.first_on, time(), zone))
    if filters.last_on:
        wanted.append(Event.at <= datetime.combine(filters.last_on, time.max, zone))
    return wanted


def _leads_called(reference: str, viewer: Viewer) -> Select[Any]:
    """The manufacturer's leads whose id begins as the reference says (`L-4F3A2B`, or more of it)."""
    own = select(Lead.id).where(Lead.manufacturer_id == viewer.organisation_id)
    matched = _REFERENCE.fullmatch(reference.strip().upper().replace("-", "").removeprefix("L"))
    if matched is None:
        return own.where(Lead.id.is_(None))
    digits = matched[0]
    return own.where(Lead.id.between(uuid.UUID(digits.ljust(32, "0")), uuid.UUID(digits.ljust(32, "f"))))


def _told(events: list[Event], viewer: Viewer) -> tuple[TrailLine, ...]:
    names = names_in(events, viewer)
    return tuple(
        TrailLine(
            id=event.id,
            at=event.at,
            feature=event.kind.feature,
            sentence=sentence(event.kind, event.data, **names.said_in(event)),
            details=tuple(detail(event.kind, event.data)),
            lead_id=event.lead_id,
            lead_reference=f"L-{event.lead_id.hex[:6].upper()}" if event.lead_id else "",
        )
        for event in events
    )

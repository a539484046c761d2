"""What happened with one lead, newest first: shared lines for both sides, the rest for the manufacturer alone."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select

from app.database import db
from app.domain.audit import Audience, EventKind
from app.domain.cockpit import ContactOutcome
from app.domain.identity import OrganisationKind, Viewer
from app.domain.phrases import N_, Phrase
from app.models import Activity, Event
from app.queries.audit.details import detail
from app.queries.audit.names import Names, names_in
from app.queries.audit.sentences import sentence

LONGEST = 300
_SIDES = {EventKind.LEAD_WON: "won", EventKind.LEAD_LOST: "hot", EventKind.CONTACT_OVERDUE: "hot"}


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of what happened. `side` is the side that acted: manufacturer (empty), them, clock; or won, hot."""

    id: int
    at: datetime
    side: str
    text: Phrase
    details: tuple[Phrase, ...] = ()
    note: str = ""
    kind: str = ""
    outcome: ContactOutcome | None = None


def lead_timeline(*, viewer: Viewer, lead_id: uuid.UUID, partnership_id: int | None) -> tuple[TimelineEntry, ...]:
    """The lines of one lead the viewer may read. The caller has decided that it may see the lead.

    `partnership_id` is the viewing partner's standing. Of another partner's work it reads what was done, never by whom
    and never that partner's own words.
    """
    events = list(
        db.session.scalars(
            select(Event)
            .where(Event.lead_id == lead_id, _is_readable(viewer, partnership_id))
            .order_by(Event.id.desc())
            .limit(LONGEST)
        )
    )
    names = names_in(events, viewer)
    activities = _activities(events)
    entries = [_entry(event, names, activities.get(event.data.get("activity_id", 0))) for event in events]
    return tuple(sorted(entries, key=lambda entry: (entry.at, entry.id), reverse=True))


def _is_readable(viewer: Viewer, partnership_id: int | None) -> ColumnElement[bool]:
    if viewer.is_manufacturer:
        return and_(Event.manufacturer_id == viewer.organisation_id, Event.audience != Audience.PARTNER)
    own = and_(Event.audience == Audience.PARTNER, Event.partnership_id == partnership_id)
    return or_(Event.audience == Audience.SHARED, own)


def _activities(events: list[Event]) -> dict[int, Activity]:
    ids = [event.data["activity_id"] for event in events if "activity_id" in event.data]
    return {activity.id: activity for activity in db.session.scalars(select(Activity).where(Activity.id.in_(ids)))}


def _entry(event: Event, names: Names, activity: Activity | None) -> TimelineEntry:
    is_strangers = _is_strangers(event, names)
    text = sentence(event.kind, event.data, **names.said_in(event))
    if event.data.get("is_on_behalf"):
        text = Phrase(N_("%(what)s on behalf of %(partner)s"), {"what": text, "partner": names.partner(event)})
    outcome = activity.outcome if activity else None
    is_plain = is_strangers or event.kind is EventKind.ACTIVITY_LOGGED
    return TimelineEntry(
        id=event.id,
        at=activity.happened_at if activity else event.at,
        side=_side(event, names),
        text=text,
        details=() if is_plain else tuple(detail(event.kind, event.data)),
        note=activity.note if activity and not is_strangers else "",
        kind=activity.kind.value if activity else event.kind.value,
        outcome=outcome,
    )


def _is_strangers(event: Event, names: Names) -> bool:
    """Whether a line tells of a partner the viewer may not know: then only what was done is told."""
    if names.viewer.is_manufacturer:
        return False
    person = names.people.get(event.actor_user_id) if event.actor_user_id else None
    partner = names.partners.get(event.partnership_id) if event.partnership_id else None
    by_stranger = person is not None and names.is_stranger(person.organisation_id, person.kind)
    return by_stranger or (partner is not None and names.is_stranger(partner[0]))


def _side(event: Event, names: Names) -> str:
    if event.kind in _SIDES:
        return _SIDES[event.kind]
    person = names.people.get(event.actor_user_id) if event.actor_user_id else None
    if person is None:
        return "clock"
    return "them" if person.kind is OrganisationKind.PARTNER else ""

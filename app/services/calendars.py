"""An organisation's own working time, changed by whoever heads it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.database import transaction
from app.domain.audit import EventKind
from app.domain.calendars import MOST_CLOSED_DAYS, CalendarDraft, check_opens_again, days_closed
from app.domain.errors import Forbidden, Invalid
from app.domain.identity import HEADS, Viewer
from app.domain.network.changes import StaleEdit
from app.domain.phrases import N_, Phrase
from app.domain.working_week_text import format_week
from app.models import Organisation
from app.queries.calendars import draft_of_calendar
from app.queries.manufacturers import calendar_of
from app.services.audit import record_event, record_for_manufacturers

_COLUMNS = ("country", "subdivision", "time_zone", "working_hours")


def change_calendar(*, actor: Viewer, version: int, draft: CalendarDraft) -> None:
    """Say where the actor's organisation works and in which hours.

    Deadlines that run keep their due time; what is promised from now on follows the new hours. Raises `Forbidden`
    unless the actor heads the organisation, `Invalid`, `StaleEdit`. The same again changes nothing.
    """
    draft.check()
    draft = draft.written_out()
    with _own_organisation(actor) as (session, organisation):
        theirs = draft_of_calendar(organisation)
        if draft == theirs:
            return
        if organisation.version != version:
            raise StaleEdit(theirs=theirs, yours=draft, version=organisation.version)
        before = {name: getattr(organisation, name) for name in _COLUMNS}
        organisation.country, organisation.subdivision = draft.country, draft.subdivision
        organisation.time_zone, organisation.working_hours = draft.time_zone, format_week(draft.week)
        _check_opens_again(organisation, "mon")
        organisation.version += 1
        changed = [name for name in _COLUMNS if getattr(organisation, name) != before[name]]
        after = {name: getattr(organisation, name) for name in changed}
        _record(session, actor, {"before": {name: before[name] for name in changed}, "after": after})


def close_days(*, actor: Viewer, first: date, last: date | None = None) -> None:
    """Say that the actor's organisation does not work from `first` to `last`, both included.

    Deadlines that run keep their due time. Raises `Forbidden`, `Invalid`. Days that are closed already stay so.
    """
    days = days_closed(first, last)
    with _own_organisation(actor) as (session, organisation):
        closed = {*map(date.fromisoformat, organisation.closed_on), *days}
        if len(closed) > MOST_CLOSED_DAYS:
            problem = Phrase(N_("At most %(days)s closing days can be kept."), {"days": MOST_CLOSED_DAYS})
            raise Invalid(problem, fields={"first": problem})
        _write_closed(session, organisation, closed, actor, {"closed": _ends(days)})
        _check_opens_again(organisation, "last")


def open_days(*, actor: Viewer, first: date, last: date | None = None) -> None:
    """Take own closing days back, both ends included. Raises `Forbidden`, `Invalid`; a second call changes nothing."""
    days = days_closed(first, last)
    with _own_organisation(actor) as (session, organisation):
        closed = {*map(date.fromisoformat, organisation.closed_on)} - days
        _write_closed(session, organisation, closed, actor, {"opened": _ends(days)})


@contextmanager
def _own_organisation(actor: Viewer) -> Iterator[tuple[Session, Organisation]]:
    if not actor.has_role(*HEADS):
        raise Forbidden
    with transaction() as session:
        yield session, session.get_one(Organisation, actor.organisation_id, with_for_update={"key_share": True})


def _check_opens_again(organisation: Organisation, field: str) -> None:
    check_opens_again(calendar_of(organisation), map(date.fromisoformat, organisation.closed_on), field=field)


def _ends(days: Collection[date]) -> list[str]:
    return [min(days).isoformat(), max(days).isoformat()]


def _write_closed(
    session: Session, organisation: Organisation, closed: set[date], actor: Viewer, told: Mapping[str, Any]
) -> None:
    texts = [day.isoformat() for day in sorted(closed)]
    if texts == organisation.closed_on:
        return
    organisation.closed_on = texts
    _record(session, actor, told)


def _record(session: Session, actor: Viewer, data: Mapping[str, Any]) -> None:
    """A manufacturer's own line; a partner's is read by each of its manufacturers too, whose deadlines follow it."""
    if actor.is_manufacturer:
        record_event(session, EventKind.CALENDAR_CHANGED, actor=actor, manufacturer_id=actor.organisation_id, data=data)
    else:
        record_for_manufacturers(session, EventKind.CALENDAR_CHANGED, actor=actor, data=data)

"""An organisation's working time, as its people and its manufacturers see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.database import db, read_clock
from app.domain.calendars import CalendarDraft, Closure, hours_of, own_closures
from app.domain.identity import Viewer
from app.domain.public_holidays import holidays_of
from app.domain.working_time import add_working_time, end_of_working_day, is_open_at, next_working_moment
from app.domain.working_week_text import days_alike, parse_week
from app.models import Organisation, Partnership
from app.queries.manufacturers import calendar_of
from app.queries.network.own import own_row

DAYS_AHEAD = 366
EXAMPLE_HOURS = 4
"""What the page reckons with as an example: the usual time for the first contact (domain.md §6)."""


@dataclass(frozen=True, slots=True)
class CalendarPage:
    """The working time, what an edit begins from, the days without work ahead, and what follows from it now.

    `open_until` is set while the organisation works, `opens_at` while it does not. `days` are those that work: first
    and last of those in a row (Monday is 0), and their hours.
    """

    draft: CalendarDraft
    version: int
    now: datetime
    today: date
    open_until: datetime | None
    opens_at: datetime | None
    example_due_at: datetime
    days: list[tuple[int, int, str]]
    holidays: tuple[Closure, ...]
    closures: tuple[Closure, ...]


def own_calendar(*, viewer: Viewer) -> CalendarPage:
    """The working time of the viewer's own organisation."""
    return _page_of(db.session.get_one(Organisation, viewer.organisation_id), viewer)


def partner_calendar(*, viewer: Viewer, partnership_id: int) -> CalendarPage:
    """A partner's working time, as its manufacturer reckons deadlines with it."""
    partnership = own_row(viewer, Partnership, partnership_id)
    return _page_of(db.session.get_one(Organisation, partnership.partner_id), viewer)


def _page_of(organisation: Organisation, viewer: Viewer) -> CalendarPage:
    calendar, now = calendar_of(organisation), read_clock(db.session())
    today = now.astimezone(ZoneInfo(organisation.time_zone)).date()
    is_open = is_open_at(calendar, now)
    return CalendarPage(
        draft=draft_of_calendar(organisation),
        version=organisation.version,
        now=now.astimezone(UTC),
        today=today,
        open_until=end_of_working_day(calendar, now) if is_open else None,
        opens_at=None if is_open else next_working_moment(calendar, now),
        example_due_at=add_working_time(calendar, now, hours=timedelta(hours=EXAMPLE_HOURS)),
        days=days_alike(calendar.week),
        holidays=_holidays(organisation, today, viewer.language),
        closures=tuple(one for one in own_closures(_own_days(organisation)) if one.last >= today),
    )


def draft_of_calendar(organisation: Organisation) -> CalendarDraft:
    """The columns of an organisation as an edit of its working time has them."""
    return CalendarDraft(
        country=organisation.country,
        subdivision=organisation.subdivision,
        time_zone=organisation.time_zone,
        hours=hours_of(parse_week(organisation.working_hours)),
    )


def _own_days(organisation: Organisation) -> list[date]:
    return list(map(date.fromisoformat, organisation.closed_on))


def _holidays(organisation: Organisation, today: date, language: str) -> tuple[Closure, ...]:
    """The public holidays of the coming year, by their names in the reader's language where they are known."""
    if not organisation.country:
        return ()
    until = today + timedelta(days=DAYS_AHEAD)
    named = holidays_of(
        organisation.country, organisation.subdivision, range(today.year, until.year + 1), language=language
    )
    return tuple(Closure(day, day, name) for day, name in named.items() if today <= day <= until)

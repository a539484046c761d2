"""Time for a world that is told backwards from now: the database's clock is set, stories act, deadlines fall due."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select, text

from app.database import transaction
from app.domain.working_time import WorkingCalendar, add_working_time
from app.models import Deadline
from app.queries.manufacturers import organisation_calendar
from app.services.deadlines import enforce_deadlines

Story = Iterator[datetime]
"""Acts between two yields; each yield names the moment to go on at. What lies after now is never told."""

_SET_CLOCK = text(
    "SELECT set_config('pullboard.clock_offset', extract(epoch FROM :moment - clock_timestamp()) || ' seconds', false)"
)
_STOP_CLOCK = text("SELECT set_config('pullboard.clock_offset', '', false)")
_FIRST_HOUR, _HOURS_OF_ASKING = 9, 7
_FRIDAY = 4


class History:
    """The past of a world on one connection: many stories at once, each moment in its order, up to `now`."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self.now = now
        self.present = now
        self._connection = connection
        self._next: list[tuple[datetime, int, Story]] = []
        self._number = count()

    def ago(self, **span: float) -> datetime:
        """The moment `timedelta(**span)` before now."""
        return self.now - timedelta(**span)

    def begin(self, story: Story, at: datetime) -> None:
        """Have a story begin at a moment of the past."""
        heapq.heappush(self._next, (at, next(self._number), story))

    def run(self) -> None:
        """Tell all stories side by side until now, firing every deadline when it is due."""
        while self._next and self._next[0][0] <= self.now:
            moment, _, story = heapq.heappop(self._next)
            self.pass_until(moment)
            goes_on = next(story, None)
            if goes_on is not None:
                self.begin(story, max(goes_on, moment))
        self.pass_until(self.now)

    def pass_until(self, moment: datetime) -> None:
        """Let time pass; what was promised for a time in between happens at that time."""
        while (due := self._next_deadline()) is not None and due < moment:
            self.set_clock(due + timedelta(seconds=1))
            enforce_deadlines()
        self.set_clock(moment)

    def set_clock(self, moment: datetime) -> None:
        """Make it `moment` for everything that asks this connection for the time."""
        self.present = moment
        self._connection.execute(_SET_CLOCK, {"moment": moment})

    def stop(self) -> None:
        """Give the connection the real time back."""
        self._connection.execute(_STOP_CLOCK)

    def in_working_time(self, organisation_id: int, **span: float) -> datetime:
        """The moment after so much of an organisation's working time from the present on."""
        return add_working_time(self._calendar(organisation_id), self.present, hours=timedelta(**span))

    def office_hour(self, zone: str, *, days_ago: int, spread: int = 0) -> datetime:
        """A moment at least `days_ago` back when offices are open, in that zone; `spread` varies hour and minute."""
        local = self.ago(days=days_ago).astimezone(ZoneInfo(zone))
        hour = _FIRST_HOUR + spread % _HOURS_OF_ASKING
        at = local.replace(hour=hour, minute=spread * 7 % 60, second=spread * 13 % 60)
        while at > local or at.weekday() > _FRIDAY:
            at -= timedelta(days=1)
        return at

    def _calendar(self, organisation_id: int) -> WorkingCalendar:
        with transaction() as session:
            return organisation_calendar(session, organisation_id)

    def _next_deadline(self) -> datetime | None:
        with transaction() as session:
            return session.scalar(
                select(func.min(func.coalesce(Deadline.retry_at, Deadline.due_at))).where(
                    Deadline.fired_at.is_(None), Deadline.cancelled_at.is_(None)
                )
            )

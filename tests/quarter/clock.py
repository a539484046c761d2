"""The quarter's clock and its agenda: time jumps from one thing that happens to the next."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from typing import Any, NamedTuple

from psycopg import Connection as Driver
from sqlalchemy import Engine

from app.database import db
from app.domain.errors import NotFound, Refused
from app.services.deadlines import enforce_deadlines

Story = Iterator[datetime]
"""Acts between two yields; each yield names the moment at which to go on."""

_HOW_IT_RUNS = "SELECT pg_get_functiondef('clock_now'::regproc)"
_STAND_STILL = """
    CREATE OR REPLACE FUNCTION clock_now() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
        SELECT coalesce(nullif(current_setting('pullboard.stands_at', true), '')::timestamptz, clock_timestamp())
    $$"""
_SET = "SELECT set_config('pullboard.stands_at', %s, false)"
_NEXT_DUE = "SELECT min(coalesce(retry_at, due_at)) FROM deadline WHERE fired_at IS NULL AND cancelled_at IS NULL"
_NEWS = """
    SELECT id, kind, lead_id, round_id, offer_id, assignment_id FROM deadline
    WHERE id > %s AND kind IN ('board_closes', 'owner_expires', 'push_expires', 'contact_due') ORDER BY id"""
_SWEEP = timedelta(seconds=1)
"""How long a deadline waits for the sweep at most, as with the clock process."""


class News(NamedTuple):
    """Something was promised: somebody has an offer to answer, or a prospect to call."""

    id: int
    kind: str
    lead_id: Any
    round_id: int | None
    offer_id: Any
    assignment_id: int | None


class Agenda:
    """What happens when. Whatever the services do, they do at the database's own, moved, time."""

    def __init__(self, driver: Driver, now: datetime) -> None:
        self.now = now
        self.refusals: Counter[str] = Counter()
        self.hear: Callable[[News], None] = lambda news: None
        """Called with whatever is new after a step."""
        self._driver = driver
        self._heard = 0
        self._stories: list[tuple[datetime, int, Story]] = []
        self._number = count()
        self.set_clock(now)

    def begin(self, story: Story, at: datetime) -> None:
        """Have a story begin, or go on, at a moment to come."""
        heapq.heappush(self._stories, (at, next(self._number), story))

    def run(self, until: datetime) -> None:
        """Live through everything up to a moment; what is due is fired by the sweep, within a second."""
        while True:
            due, act = self._next_due() or until, self._stories[0][0] if self._stories else until
            if min(due + _SWEEP, act) >= until:
                break
            if due + _SWEEP <= act:
                self.set_clock(due + _SWEEP)
                assert enforce_deadlines(), f"what was due at {due} did not fire"
            else:
                self._go_on()
            self._tell_news()
        self.set_clock(until)

    def set_clock(self, moment: datetime) -> None:
        """Make it `moment` for everything that asks the database; time never goes back."""
        self.now = max(moment, self.now)
        self._driver.execute(_SET, [self.now.isoformat()])
        self._driver.commit()

    def try_to(self, act: Callable[[], object]) -> bool:
        """Let somebody do something; whether the rules let it happen. A refusal is counted by its code."""
        try:
            act()
        except (Refused, NotFound) as refused:
            self.refusals[refused.code] += 1
            return False
        return True

    def _go_on(self) -> None:
        """Let one story act."""
        moment, _, story = heapq.heappop(self._stories)
        self.set_clock(moment)
        goes_on = next(story, None)
        if goes_on is not None:
            self.begin(story, max(goes_on, self.now))

    def _next_due(self) -> datetime | None:
        return self.ask(_NEXT_DUE)[0][0]

    def _tell_news(self) -> None:
        for row in self.ask(_NEWS, [self._heard]):
            news = News(*row)
            self._heard = news.id
            self.hear(news)

    def ask(self, statement: str, values: list[Any] | None = None) -> list[Any]:
        """What the database says, outside every transaction of the services."""
        rows = self._driver.execute(statement, values).fetchall()
        self._driver.commit()
        return rows


@contextmanager
def still_clock() -> Iterator[Driver]:
    """Have every session work on one connection that really commits, and on it a clock that moves only when it is set.

    However slow the machine is, whatever is done at a moment is done at that moment.
    """
    engine: Engine = db.engine
    with engine.connect() as connection:
        driver: Driver = connection.connection.driver_connection  # type: ignore[assignment]
        (before,) = driver.execute(_HOW_IT_RUNS).fetchone() or ("",)
        driver.execute(_STAND_STILL)
        driver.prepared_max = 1_000
        driver.execute("SET synchronous_commit = off")
        driver.commit()
        db.session.remove()
        db.engines[None] = connection  # type: ignore[assignment]
        try:
            yield driver
        finally:
            db.session.remove()
            db.engines[None] = engine
            driver.rollback()
            driver.execute(before)
            driver.commit()
            connection.invalidate()

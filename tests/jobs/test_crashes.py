"""PostgreSQL crashes, the clock that rings is killed, the power fails: each in the middle of a batch of deadlines.

Nothing here depends on how fast anything is. A batch is held where it writes its first line of the trail; what is to
break breaks then; afterwards the test waits until nothing is due any more, and asks the database what came of it.
"""

from __future__ import annotations

import subprocess
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from app import create_app
from app.adapters.local_servers import stop_all
from app.config import load_config
from app.database import db
from bench.kill_matrix.counting import Count
from bench.kill_matrix.promises import build_world, let_fall_due
from bench.kill_matrix.servers import Servers, settle_addresses
from tests import databases
from tests.processes import Crew, crew

PROMISES = 90
SECONDS_OF_A_WAVE = 1.0
PATIENCE_SECONDS = 120.0
LEADS = "SELECT array_agg(DISTINCT lead_id) FROM deadline WHERE fired_at IS NULL AND cancelled_at IS NULL"
WHO_RINGS = "SELECT pid FROM process_heartbeat WHERE name = 'clock' ORDER BY beat_at DESC LIMIT 1"
WHO_IS_HELD = "SELECT count(*) FROM pg_locks WHERE relation = 'event'::regclass AND NOT granted"
LAST = "SELECT max(due_at) FROM deadline WHERE lead_id = ANY(%s) AND due_at < clock_now() + interval '1 minute'"
LEFT = "SELECT count(*) FROM deadline WHERE fired_at IS NULL AND cancelled_at IS NULL AND due_at <= %s"


@dataclass(slots=True)
class House:
    """An installation on servers of its own, and what may break of it."""

    servers: Servers
    crew: Crew
    database_url: str
    clocks: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)

    def ask(self, statement: str, *values: object) -> Any:
        """One value from the database, on a connection of our own."""
        with psycopg.connect(self.url) as line:
            row = line.execute(statement, values).fetchone()
        return row[0] if row else None

    @property
    def url(self) -> str:
        """Where its database is, for a connection of our own."""
        return self.database_url.replace("postgresql+psycopg://", "postgresql://")

    def begin_work(self) -> None:
        """Start a worker, and two clocks, of whom one rings."""
        self.crew.start("worker")
        for _ in range(2):
            clock = self.crew.start("clock")
            self.clocks[clock.pid] = clock

    def crash_postgresql(self) -> None:
        """End every connection at once, and begin again from what was written."""
        self.servers.crash_postgresql()
        self.servers.start_postgresql()

    def kill_the_clock_that_rings(self) -> None:
        """`kill -9` of the one that holds the lease; the other is there to take over."""
        pid = self.ask(WHO_RINGS)
        self.crew.kill(self.clocks.pop(pid))
        wait_until(lambda: self.ask(WHO_RINGS) in self.clocks, "nobody took over from the clock that was killed")

    def let_the_power_fail(self) -> None:
        """Everything is gone at one moment, and all that Redis knew; everything comes back."""
        for process in list(self.crew.running):
            self.crew.kill(process)
        self.clocks.clear()
        self.servers.crash_postgresql()
        self.servers.empty_redis()
        self.servers.start_redis()
        self.servers.start_postgresql()
        self.begin_work()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Two clocks and a worker at work, and leads with promises of many kinds."""
    settle_addresses(tmp_path)
    try:
        servers = Servers(tmp_path)
        with databases.fresh_database(
            databases.TestServers(tmp_path, servers.database_url, servers.redis_url)
        ) as database_url:
            addresses = {"DATABASE_URL": database_url, "REDIS_URL": servers.redis_url}
            app = create_app(load_config({"PULLBOARD_ENV": "local", "PULLBOARD_VAR": str(tmp_path), **addresses}))
            with app.app_context(), crew(app) as hired:
                build_world(PROMISES, to_claim=1)
                db.session.remove()
                house = House(servers, hired, database_url)
                house.begin_work()
                yield house
                db.engine.dispose()
    finally:
        stop_all(tmp_path)


def wait_until(is_so: Callable[[], object], otherwise: str) -> None:
    """Wait for a state; the test's own clock only limits the patience."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < give_up_at, otherwise
        time.sleep(0.05)


def break_amid_a_batch(house: House, leads: Sequence[uuid.UUID], break_it: Callable[[], None]) -> None:
    """Let the leads' promises fall due, break something while a batch of them is half done, and wait for the rest."""
    with closing(psycopg.connect(house.url)) as holding:
        holding.execute("LOCK TABLE event IN SHARE MODE")
        with db.engine.begin() as connection:
            let_fall_due(connection, SECONDS_OF_A_WAVE, among=leads)
        until = house.ask(LAST, leads)
        db.engine.dispose()
        wait_until(lambda: house.ask(WHO_IS_HELD), "nobody came to fire what is due")
        assert house.ask(LEFT, until) > 0
        break_it()
    wait_until(lambda: house.ask(LEFT, until) == 0, "deadlines were lost")


@pytest.mark.covers("W-06")
def test_what_breaks_amid_a_batch_loses_nothing_and_repeats_nothing(house: House) -> None:
    leads = house.ask(LEADS)
    faults = (house.crash_postgresql, house.kill_the_clock_that_rings, house.let_the_power_fail)
    for number, fault in enumerate(faults):
        break_amid_a_batch(house, leads[number :: len(faults)], fault)
    figures = Count(house.database_url).deadlines(house.ask("SELECT clock_now()"))
    assert figures["fired"] + figures["cancelled"] == figures["deadlines"] >= PROMISES
    assert (figures["lost"], figures["twice"]) == (
        dict.fromkeys(figures["lost"], 0),
        dict.fromkeys(figures["twice"], 0),
    )
    assert figures["early"] == 0

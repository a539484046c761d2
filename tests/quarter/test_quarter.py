"""A quarter of 2,000 leads and 60 partners: each lead ends somewhere defensible, each promise is kept once, in time."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from random import Random

import pytest
from flask import Flask
from psycopg import Connection
from sqlalchemy.orm import Session

from app.adapters.job_queue import JobQueue
from app.database import db
from tests.quarter.arrivals import plan_arrivals
from tests.quarter.changes import plan_changes
from tests.quarter.clock import Agenda, still_clock
from tests.quarter.ends import NOT_DEFENSIBLE, ends_of_leads
from tests.quarter.figures import figures
from tests.quarter.founding import make_world
from tests.quarter.house import House
from tests.quarter.judgement import broken_promises, wrong_deadlines
from tests.quarter.partners import People
from tests.quarter.world import World

START, END = datetime(2027, 1, 11, tzinfo=UTC), datetime(2027, 4, 12, tzinfo=UTC)
"""Ninety-one days: New York changes its clocks on 14 March, Berlin on 28 March, Tokyo never; Easter is in between."""
LEADS = 2_000
SEED = 20_270_111


@pytest.fixture
def driver(app: Flask, committed: Session) -> Iterator[Connection]:
    """The one connection of the quarter; the jobs it rings for in Redis are thrown away, the agenda does their work."""
    with still_clock() as driver:
        yield driver
    queue: JobQueue = app.extensions["job_queue"]
    queue.redis.flushdb()


@pytest.mark.covers("W-01", "W-03", "W-04", "W-05", "W-06", "W-07", "W-10", "W-14", "W-15", "W-17", "T-05", "T-27")
def test_a_quarter_keeps_every_promise(driver: Connection, record_property: Callable[[str, object], None]) -> None:
    agenda, world = _live(driver)
    ends = ends_of_leads(agenda)
    for name, value in {**figures(agenda, world), **dict(ends.most_common())}.items():
        record_property(name, value)
    assert sum(ends.values()) == LEADS
    assert {"taken", "open_claim_cap", "daily_claim_cap"} <= agenda.refusals.keys()
    assert ends[NOT_DEFENSIBLE] == 0
    assert broken_promises(agenda) == {}
    assert wrong_deadlines(agenda, START, END) == []


def _live(driver: Connection) -> tuple[Agenda, World]:
    """Let the quarter pass. What is made meanwhile is garbage seldom enough to look for it less often."""
    random, agenda = Random(SEED), Agenda(driver, START)
    world = make_world(db.session(), random)
    people, house = People(agenda, world, random), House(agenda, world, random)
    agenda.hear = people.hear
    plan_arrivals(agenda, world, random, LEADS, (END - START).days)
    plan_changes(agenda, world)
    people.begin()
    house.begin()
    usual = gc.get_threshold()
    gc.set_threshold(50_000, 50, 50)
    agenda.run(END)
    gc.set_threshold(*usual)
    return agenda, world

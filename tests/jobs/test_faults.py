"""Deadlines under faults: killed workers, a wiped and a missing Redis, a clock that stood still."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.adapters.local_servers import ensure_redis, stop_all
from app.database import clock_now
from app.domain.audit import EventKind
from app.models import Deadline, Event, Offer, Round
from app.services.lead_routing import route_lead
from tests import factories
from tests.cast import Cast
from tests.processes import Crew, crew

pytestmark = pytest.mark.covers("W-06")

LEADS = 40
FAULT_SECONDS = 8.0
PATIENCE_SECONDS = 60.0


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[str]:
    """A Redis that may be wiped without troubling any other test."""
    yield ensure_redis(tmp_path)
    stop_all(tmp_path)


def leads_that_close_soon(session: Session, cast: Cast) -> None:
    """Boards that close one after the other during the faults."""
    for number in range(LEADS):
        lead = factories.lead(session, cast.acme, [cast.products["pump"]], is_hot=True)
        session.commit()
        route_lead(lead_id=lead.id)
        moment = clock_now() + timedelta(seconds=2 + number * FAULT_SECONDS / LEADS)
        session.execute(update(Deadline).where(Deadline.lead_id == lead.id).values(due_at=moment))
        session.execute(update(Round).where(Round.lead_id == lead.id).values(closes_at=moment))
        session.execute(update(Offer).where(Offer.lead_id == lead.id).values(expires_at=moment))
        session.commit()


def wait_until_all_fired(session: Session) -> None:
    """Wait for the boards' deadlines; the test's own clock only limits the patience."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    pending = select(func.count(Deadline.id)).where(Deadline.fired_at.is_(None), Deadline.kind == "board_closes")
    while session.scalar(pending):
        assert time.monotonic() < give_up_at, "deadlines were lost"
        session.rollback()
        time.sleep(0.2)


def assert_each_exactly_once_and_none_early(session: Session) -> None:
    closings = session.execute(
        select(Event.lead_id, func.count())
        .where(Event.kind == EventKind.ROUND_CLOSED, Event.data["round"].astext == "board")
        .group_by(Event.lead_id)
    ).all()
    assert [count for _, count in closings] == [1] * LEADS
    assert session.scalar(select(func.count(Round.id)).where(Round.kind == "push")) == LEADS
    early = select(func.count(Deadline.id)).where(Deadline.fired_at < Deadline.due_at)
    assert session.scalar(early) == 0


def kill_workers(hired: Crew, redis: Redis) -> None:
    """Kill one of two workers every half second, in mid-job or not, and start another."""
    workers = [hired.start("worker"), hired.start("worker")]
    end = time.monotonic() + FAULT_SECONDS
    dice = random.Random(7)
    while time.monotonic() < end:
        time.sleep(0.5)
        victim = dice.choice(workers)
        hired.kill(victim)
        workers[workers.index(victim)] = hired.start("worker")


def wipe_redis(hired: Crew, redis: Redis) -> None:
    """Forget every queue, job and worker, again and again."""
    hired.start("worker")
    end = time.monotonic() + FAULT_SECONDS
    while time.monotonic() < end:
        time.sleep(0.7)
        redis.flushall()


def no_worker_at_all(hired: Crew, redis: Redis) -> None:
    """Nobody hears the bell: the clock does the work itself."""
    time.sleep(FAULT_SECONDS)


@pytest.mark.covers("W-06")
@pytest.mark.parametrize("fault", [kill_workers, wipe_redis, no_worker_at_all])
def test_every_deadline_fires_exactly_once_and_none_early(
    app: Flask,
    committed: Session,
    committed_cast: Cast,
    own_redis: str,
    fault: Callable[[Crew, Redis], None],
) -> None:
    leads_that_close_soon(committed, committed_cast)
    with crew(app, own_redis) as hired:
        hired.start("clock")
        hired.start("clock")
        fault(hired, Redis.from_url(own_redis))
        wait_until_all_fired(committed)
    assert_each_exactly_once_and_none_early(committed)


def test_a_clock_that_stood_still_catches_up_once(
    app: Flask, committed: Session, committed_cast: Cast, own_redis: str
) -> None:
    leads_that_close_soon(committed, committed_cast)
    moved = clock_now() - timedelta(seconds=60)
    committed.execute(update(Deadline).values(due_at=moved))
    committed.commit()
    with crew(app, own_redis) as hired:
        hired.start("worker")
        hired.start("worker")
        hired.start("clock")
        wait_until_all_fired(committed)
    assert_each_exactly_once_and_none_early(committed)

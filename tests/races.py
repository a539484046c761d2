"""Several wills at one moment, each on a connection of its own: all together, or in an order that is held."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.database import db, transaction
from app.domain.errors import DomainError
from app.models import Lead
from app.services.network_order import take_network

Call = Callable[[], object]
PATIENCE_SECONDS = 30.0


def at_once(app: Flask, *calls: Call) -> list[object]:
    """What each call returned, or the rule that refused it; all begin together."""
    start = Barrier(len(calls))

    def run(call: Call) -> object:
        with app.app_context():
            start.wait(PATIENCE_SECONDS)
            try:
                return call()
            except DomainError as refused:
                return refused

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


def one_after_the_other(
    app: Flask,
    hold: Callable[[Session], object],
    *calls: Call,
    meanwhile: Callable[[Session], object] = lambda _session: None,
) -> list[object]:
    """Begin the calls one by one while `hold` keeps them all waiting, then let go; their answers, refusals too.

    `meanwhile` is done by whoever holds them, once all of them wait.
    """

    def run(call: Call) -> object:
        with app.app_context():
            try:
                return call()
            except DomainError as refused:
                return refused
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(calls)) as threads:
        with transaction() as session:
            hold(session)
            answers: list[Future[object]] = []
            for call in calls:
                answers.append(threads.submit(run, call))
                _wait_for_waiting(session, len(answers))
            meanwhile(session)
        return [answer.result(PATIENCE_SECONDS) for answer in answers]


def _wait_for_waiting(session: Session, count: int) -> None:
    waiting = text(
        "SELECT count(DISTINCT pid) FROM pg_locks JOIN pg_stat_activity USING (pid)"
        " WHERE NOT granted AND datname = current_database()"
    )
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up_at:
        session.execute(text("SELECT pg_stat_clear_snapshot()"))
        if session.scalar(waiting) >= count:
            return
        time.sleep(0.01)
    raise AssertionError(f"{count} calls were to wait")


def lead_of(lead_id: uuid.UUID) -> Callable[[Session], object]:
    """Holds a lead."""
    return lambda session: session.get(Lead, lead_id, with_for_update=True)


def network_of(manufacturer_id: int) -> Callable[[Session], object]:
    """Holds a manufacturer's network."""
    return lambda session: take_network(session, manufacturer_id)

"""P9 and P10 of the performance goals: how late deadlines fire among 100,000 pending ones, and how fast a backlog goes.

P10: overdue follow-ups, each with its event and its mail; baseline: the same number of rows marked in batches of the
same size, taken with SKIP LOCKED and committed, and nothing else.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import func, insert, select, text

from app import create_app
from app.adapters.local_servers import ensure_postgresql, ensure_redis
from app.config import load_config
from app.database import db
from app.domain.deadlines import DeadlineKind
from app.domain.distribution import AssignmentOrigin
from app.domain.leads import LeadState, SourceKind
from app.models import Assignment, Deadline, Lead
from app.services.deadlines import BATCH, enforce_deadlines
from bench.arena import Arena, open_arena
from bench.installation import CHECKOUT, Installation, installation, report

PENDING = 100_000
DUE = 600
OVER_SECONDS = 30
INTERVAL_SECONDS = 1.0
WORKERS = 2
BACKLOG = 1_000
REPEATS = 3


def main() -> None:
    """Measure P9 and P10 and print a JSON line each."""
    with installation() as made:
        app = create_app(load_config(made.environment))
        arena = open_arena(app, 1)
        _report_drain(app, arena)
        _report_lateness(made, app, arena)


def _report_drain(app: Flask, arena: Arena) -> None:
    """Drain a backlog by the product and by the bare statement, in turns."""
    ratios = []
    with app.app_context():
        _make_bare_table(REPEATS * BACKLOG)
        for _ in range(REPEATS):
            bare = _drained_per_second(_drain_bare)
            _fill_backlog(arena)
            product = _drained_per_second(lambda: enforce_deadlines(limit=BACKLOG))
            ratios.append(product / bare)
            report("P10 run", {"deadlines_per_s": round(product), "bare_rows_per_s": round(bare)})
        db.session.remove()
    report("P10", {"ratio": round(statistics.median(ratios), 3), "floor": 0.05, "aim": 0.15})


def _drained_per_second(drain: Callable[[], int]) -> float:
    began = time.monotonic()
    drained = drain()
    assert drained == BACKLOG, drained
    return drained / (time.monotonic() - began)


def _make_bare_table(rows: int) -> None:
    with db.engine.begin() as connection:
        connection.execute(
            text("CREATE TABLE bare_deadline (id int PRIMARY KEY, due_at timestamptz, fired_at timestamptz)")
        )
        connection.execute(text("CREATE INDEX ON bare_deadline (due_at) WHERE fired_at IS NULL"))
        made = "INSERT INTO bare_deadline SELECT id, clock_timestamp() FROM generate_series(1, :rows) id"
        connection.execute(text(made), {"rows": rows})


def _drain_bare() -> int:
    """Mark as many rows as the backlog has, as many in one transaction as the product."""
    drained = 0
    with db.engine.connect() as connection:
        while drained < BACKLOG:
            drained += connection.execute(_BARE, {"batch": min(BATCH, BACKLOG - drained)}).rowcount
            connection.commit()
    return drained


_BARE = text("""
    UPDATE bare_deadline SET fired_at = clock_timestamp() WHERE id IN (
        SELECT id FROM bare_deadline WHERE fired_at IS NULL AND due_at <= clock_timestamp()
        ORDER BY due_at LIMIT :batch FOR UPDATE SKIP LOCKED)
""")


def _fill_backlog(arena: Arena) -> None:
    """Leads that the arena's partner works, each with a follow-up that was due a while ago."""
    now = datetime.now(UTC)
    session = db.session()
    (partnership_id, partner_id) = arena.partnerships[0]
    lead_ids = [uuid.uuid4() for _ in range(BACKLOG)]
    common = {"manufacturer_id": arena.manufacturer_id, "state": LeadState.ASSIGNED, "title": "Pumps"}
    common |= {"source_kind": SourceKind.API, "asked_at": now, "follow_up_at": now - timedelta(minutes=1)}
    session.execute(insert(Lead), [{**common, "id": one} for one in lead_ids])
    work = {"manufacturer_id": arena.manufacturer_id, "partnership_id": partnership_id, "partner_id": partner_id}
    works = session.scalars(
        insert(Assignment).returning(Assignment.id, sort_by_parameter_order=True),
        [{**work, "lead_id": one, "origin": AssignmentOrigin.CLAIM} for one in lead_ids],
    ).all()
    row = {"manufacturer_id": arena.manufacturer_id, "kind": DeadlineKind.FOLLOW_UP_DUE}
    overdue = [
        {**row, "lead_id": lead_id, "assignment_id": work_id, "due_at": now - timedelta(seconds=60)}
        for lead_id, work_id in zip(lead_ids, works, strict=True)
    ]
    session.execute(insert(Deadline), overdue)
    session.commit()
    session.execute(text("ANALYZE lead, assignment, deadline, event, outbox_message"))
    session.commit()


def _report_lateness(made: Installation, app: Flask, arena: Arena) -> None:
    """Let deadlines fall due through real clocks and workers, and print how late they fired."""
    starts_at = _fill(app, arena)
    processes = _start(made)
    try:
        time.sleep((starts_at - datetime.now(UTC)).total_seconds() + OVER_SECONDS + 10)
        early, late = _measure(app, starts_at)
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait()
    figures = {"fired": len(late), "of": DUE, "early": early, "interval_s": INTERVAL_SECONDS}
    p95 = late[int(len(late) * 0.95)] if late else None
    ratio = round(p95 / INTERVAL_SECONDS, 2) if p95 is not None else None
    report("P9", {**figures, "p95_late_s": p95, "ratio": ratio, "floor": 2.0, "aim": 1.1})


def _fill(app: Flask, arena: Arena) -> datetime:
    """Far-off deadlines, and some that fall due over half a minute."""
    now = datetime.now(UTC)
    starts_at = now + timedelta(seconds=25)
    with app.app_context():
        session = db.session()
        lead_ids = [uuid.uuid4() for _ in range(DUE)]
        common = {"manufacturer_id": arena.manufacturer_id, "state": LeadState.ASSIGNED, "title": "Pumps"}
        session.execute(
            insert(Lead), [{**common, "id": one, "source_kind": SourceKind.API, "asked_at": now} for one in lead_ids]
        )
        row = {"manufacturer_id": arena.manufacturer_id, "kind": DeadlineKind.FOLLOW_UP_DUE}
        soon = [
            {**row, "lead_id": one, "due_at": starts_at + timedelta(seconds=OVER_SECONDS * number / DUE)}
            for number, one in enumerate(lead_ids)
        ]
        far = [
            {**row, "lead_id": lead_ids[number % DUE], "due_at": now + timedelta(days=1, seconds=number)}
            for number in range(PENDING)
        ]
        session.execute(insert(Deadline), soon)
        session.execute(insert(Deadline), far)
        session.commit()
        db.session.remove()
    return starts_at


def _start(made: Installation) -> list[subprocess.Popen[bytes]]:
    environment = {
        **made.environment,
        "DATABASE_URL": ensure_postgresql(made.var),
        "REDIS_URL": ensure_redis(made.var),
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi"]
    return [
        subprocess.Popen([*command, name], cwd=CHECKOUT, env=environment, stderr=subprocess.DEVNULL)
        for name in ["clock", *["worker"] * WORKERS]
    ]


def _measure(app: Flask, starts_at: datetime) -> tuple[int, list[float]]:
    with app.app_context():
        lateness = func.extract("epoch", Deadline.fired_at - Deadline.due_at)
        fired = select(lateness).where(Deadline.fired_at.is_not(None), Deadline.due_at >= starts_at)
        late = sorted(float(one) for one in db.session.scalars(fired))
        db.session.remove()
    return sum(one < 0 for one in late), [round(one, 3) for one in late]


if __name__ == "__main__":
    main()

"""P9 of the performance goals: among 100,000 pending deadlines none fires early, and how late those due fire."""

from __future__ import annotations

import subprocess
import sys
import time
import uuid
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import func, insert, select

from app import create_app
from app.adapters.local_servers import ensure_postgresql, ensure_redis
from app.config import load_config
from app.database import clock_now, db
from app.domain.deadlines import DeadlineKind
from app.domain.leads import LeadState, SourceKind
from app.models import Deadline, Lead
from bench.arena import Arena, open_arena
from bench.installation import CHECKOUT, Installation, installation, report

PENDING = 100_000
DUE = 600
OVER_SECONDS = 30
INTERVAL_SECONDS = 1.0
WORKERS = 2


def main() -> None:
    """Let deadlines fall due through real clocks and workers, and print how late they fired."""
    with installation() as made:
        app = create_app(load_config(made.environment))
        arena = open_arena(app, 1)
        starts_at = _fill(app, arena)
        processes = _start(made)
        try:
            time.sleep((starts_at - datetime.now(UTC)).total_seconds() + OVER_SECONDS + 10)
            early, late = _measure(app)
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


def _measure(app: Flask) -> tuple[int, list[float]]:
    with app.app_context():
        lateness = func.extract("epoch", Deadline.fired_at - Deadline.due_at)
        fired = select(lateness).where(Deadline.fired_at.is_not(None), Deadline.due_at < clock_now())
        late = sorted(float(one) for one in db.session.scalars(fired))
        db.session.remove()
    return sum(one < 0 for one in late), [round(one, 3) for one in late]


if __name__ == "__main__":
    main()

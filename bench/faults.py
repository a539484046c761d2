"""The kill matrix: promises fall due and partners claim while processes are killed and both servers break.

Makes an installation of its own and removes it again. Every half second one process of the product is killed with
SIGKILL (web, worker, clock or a worker's horse); Redis is stopped, flushed and started empty; PostgreSQL crashes. The
product's own supervisor starts again what dies, after at most two seconds, as the units under `deploy/systemd` do.
Afterwards it waits until nothing is due any more, and counts. Prints one JSON line; exits with 0 only where nothing was
lost, nothing happened twice, nothing was early, and every claim that was answered stands, once.

    .venv/bin/python bench/faults.py --seconds 60
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import TextIO

if not __package__:
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from sqlalchemy import select

from app import create_app
from app.adapters.local_servers import stop_all
from app.adapters.supervisor import Supervisor, adopt_orphans, end_orphans
from app.config import load_config
from app.database import clock_now, db
from bench.installation import Installation, installation
from bench.kill_matrix.breaking import Faults
from bench.kill_matrix.claiming import Claimers
from bench.kill_matrix.counting import Count, Figures
from bench.kill_matrix.mail_sink import MailSink, mail_sink
from bench.kill_matrix.promises import World, build_world, let_fall_due
from bench.kill_matrix.servers import Servers, free_port, settle_addresses

WORKERS = CLOCKS = 2
LONGEST_PAUSE_SECONDS = 2.0
SECONDS_TO_BEGIN = 90.0
GRACE_SECONDS, STANDSTILL_SECONDS = 900.0, 180.0
"""How long afterwards all that came due meanwhile may take, and how long nothing of it may happen; then it is lost."""
CLAIMS_PER_SECOND = 2.5
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> int:
    """Break things for as long as asked, count, and say whether every promise was kept."""
    asked = _read_arguments()
    answers = _keep_stdout_for_the_answer()
    with installation(settle_addresses) as made:
        for number in STOP_SIGNALS:
            signal.signal(number, signal.default_int_handler)
        adopt_orphans()
        try:
            figures = Matrix(made, asked.deadlines, asked.seconds).run()
        finally:
            for number in STOP_SIGNALS:
                signal.signal(number, signal.SIG_IGN)
    print(json.dumps(figures), file=answers, flush=True)
    return 0 if _is_kept(figures) else 1


class Matrix:
    """One installation under faults, and what holds it together meanwhile."""

    def __init__(self, made: Installation, deadlines: int, seconds: float) -> None:
        self._made, self._deadlines, self._seconds = made, deadlines, seconds
        self._servers = Servers(made.var)
        self._port, self._smtp_port = free_port(), free_port()
        self._environ = {
            **made.environment,
            "DATABASE_URL": self._servers.database_url,
            "REDIS_URL": self._servers.redis_url,
            "PORT": str(self._port),
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(self._smtp_port),
        }
        self._supervisor = Supervisor(self._environ, lambda _: None, longest_pause=LONGEST_PAUSE_SECONDS)
        self._count = Count(self._servers.database_url)
        self._faults = Faults(self._supervisor, self._servers, self._count, seconds)

    def run(self) -> Figures:
        """From an empty installation to the figures; stops all it has started."""
        try:
            with mail_sink(self._smtp_port) as sink:
                return self._run(sink)
        finally:
            self._supervisor.stop()
            stop_all(self._made.var)
            end_orphans()

    def _run(self, sink: MailSink) -> Figures:
        self._supervisor.add("web", _python("gunicorn", "-c", "deploy/gunicorn.conf.py"))
        app = create_app(load_config(self._environ))
        with app.app_context():
            _say(f"making leads with {self._deadlines} promises")
            world = build_world(self._deadlines, to_claim=max(10, round(self._seconds * CLAIMS_PER_SECOND)))
            self._begin_work()
            with db.engine.begin() as connection:
                let_fall_due(connection, self._seconds)
                until = connection.scalar(select(clock_now())) + timedelta(seconds=self._seconds)
            db.session.remove()
            db.engine.dispose()
        claimers = Claimers(world, self._port, self._seconds)
        claimers.start()
        _say(f"breaking things for {self._seconds:g} s")
        self._faults.run()
        _say(f"waiting until nothing is due: {dict(self._faults.counts)}")
        recovered = self._recover(claimers)
        return self._figures(world, claimers, sink, until, recovered)

    def _begin_work(self) -> None:
        """Start workers and clocks, and wait until all of it works."""
        for number in range(WORKERS):
            self._supervisor.add(f"worker {number}", _python("flask", "worker"))
        for number in range(CLOCKS):
            self._supervisor.add(f"clock {number}", _python("flask", "clock"))
        give_up_at = time.monotonic() + SECONDS_TO_BEGIN
        while not (len(self._count.pids_at_work()) > WORKERS and self._is_web_there()):
            if time.monotonic() > give_up_at:
                raise SystemExit("the installation did not begin to work")
            self._faults.tend(0.2)

    def _is_web_there(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self._port)) == 0

    def _recover(self, claimers: Claimers) -> float:
        """Wait until nothing is due and everybody has an answer, while there is progress; how long it took."""
        began = moved_at = time.monotonic()
        left = before = (*self._count.waiting(), not claimers.is_done)
        while (
            any(left) and time.monotonic() - began < GRACE_SECONDS and time.monotonic() - moved_at < STANDSTILL_SECONDS
        ):
            self._faults.tend(0.25)
            left = (*self._count.waiting(), not claimers.is_done)
            if left != before:
                moved_at, before = time.monotonic(), left
        claimers.stop()
        return time.monotonic() - began

    def _figures(self, world: World, claimers: Claimers, sink: MailSink, until: datetime, recovered: float) -> Figures:
        counted = self._count.deadlines(until)
        lost, twice = counted["lost"], counted["twice"]
        for name, findings in (("lost", lost), ("twice", twice), ("no answer", claimers.answers.troubles)):
            _say(f"{name}: {dict(findings)}")
        return {
            "seconds": self._seconds,
            "deadlines": counted["deadlines"],
            "fired": counted["fired"],
            "cancelled": counted["cancelled"],
            "lost": sum(lost.values()),
            "twice": sum(twice.values()),
            "early": counted["early"],
            **{name: round(float(counted[name] or 0), 2) for name in ("late_p50_s", "late_p99_s", "late_max_s")},
            **self._count.claims(world, claimers.answers, is_complete=claimers.is_done),
            **self._count.mails(sink.taken),
            "recovered_after_s": round(recovered, 1),
            "redis_away_s": self._faults.redis_away_seconds,
            "faults": dict(sorted(self._faults.counts.items())),
        }


def _is_kept(figures: Figures) -> bool:
    return not any(figures[name] for name in ("lost", "twice", "early", "claims_lost", "double_claims", "mails_lost"))


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=60.0, help="how long things break")
    parser.add_argument("--deadlines", type=int, default=2_000, help="about how many promises fall due meanwhile")
    return parser.parse_args()


def _keep_stdout_for_the_answer() -> TextIO:
    """Let everything that this process and its children print go to stderr; what is written here goes to stdout."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    return answers


def _python(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", module, *arguments]


def _say(message: str) -> None:
    print(f"faults: {message}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())

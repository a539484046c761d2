"""What breaks, and when: processes killed one after the other, both servers stopped, wiped and crashed."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from app.adapters.supervisor import Supervisor
from bench.kill_matrix.counting import Count
from bench.kill_matrix.servers import Servers

KILL_EVERY_SECONDS = 0.5
LEAST_SECONDS_AT_WORK = {"worker": 3.0, "clock": 3.0, "web": 15.0}
"""Who still loads the application is let live: killed are those that have been at work for so long.

Of the web server this is the process that holds the others, which are killed at any time.
"""
LONGEST_REDIS_OUTAGE_SECONDS = 30.0
DOWN_SECONDS = 1.0
"""How long a server that crashed, or is started empty, stays away."""


class Faults:
    """Breaks things for `seconds`, in the one thread that may start and wait for processes."""

    def __init__(self, supervisor: Supervisor, servers: Servers, count: Count, seconds: float) -> None:
        self.counts: Counter[str] = Counter()
        self._supervisor, self._servers, self._count, self._seconds = supervisor, servers, count, seconds
        self._dice = random.Random(time.time_ns())
        self._at_work_since: dict[int, float] = {}
        self.redis_away_seconds = min(LONGEST_REDIS_OUTAGE_SECONDS, seconds / 2)

    def run(self) -> None:
        """Break things until the time is over; afterwards both servers run."""
        steps = sorted(self._steps(), key=lambda step: step[0])
        began = time.monotonic()
        kill_at = 0.0
        while (now := time.monotonic() - began) < self._seconds:
            while steps and steps[0][0] <= now:
                steps.pop(0)[1]()
            if now >= kill_at:
                self._kill_somebody()
                kill_at += KILL_EVERY_SECONDS
            self.tend(0.05)
        self._servers.start_redis()
        self._servers.start_postgresql()

    def tend(self, seconds: float) -> None:
        """Let the supervisor start again what has died, for a while."""
        give_up_at = time.monotonic() + seconds
        self._supervisor.tend()
        while time.monotonic() < give_up_at:
            time.sleep(0.02)
            self._supervisor.tend()

    def _steps(self) -> list[tuple[float, Callable[[], None]]]:
        """What happens to the servers, and when: crashes of PostgreSQL with Redis there, away, and just back."""
        servers, part, away_from = self._servers, self._seconds / 100, self._seconds * 0.15
        down = min(DOWN_SECONDS, self._seconds / 20)
        steps: list[tuple[float, Callable[[], None]]] = [
            (away_from, self._break("redis_stopped", servers.stop_redis)),
            (away_from + self.redis_away_seconds, servers.start_redis),
            (72 * part, self._break("redis_flushed", servers.flush_redis)),
            (80 * part, self._break("redis_restarted_empty", servers.empty_redis)),
            (80 * part + down, servers.start_redis),
        ]
        for crash_at in (8 * part, 40 * part, 90 * part):
            steps.append((crash_at, self._break("postgresql_crashed", servers.crash_postgresql)))
            steps.append((crash_at + down, servers.begin_start_of_postgresql))
        return steps

    def _break(self, what: str, how: Callable[[], None]) -> Callable[[], None]:
        def broken() -> None:
            how()
            self.counts[what] += 1

        return broken

    def _kill_somebody(self) -> None:
        """`kill -9` of one process of a kind drawn by lot, without its children; of another kind if none is there."""
        kinds = list(self._victims().items())
        self._dice.shuffle(kinds)
        for kind, pids in kinds:
            if pids:
                os.kill(self._dice.choice(pids), signal.SIGKILL)
                self.counts[f"killed_{kind}"] += 1
                return

    def _victims(self) -> dict[str, list[int]]:
        running = self._supervisor.running
        self._notice_who_works(running)
        by_kind: dict[str, list[int]] = {"web": [], "worker": [], "clock": [], "horse": []}
        for name, pid in running.items():
            kind = name.partition(" ")[0]
            if time.monotonic() - self._at_work_since.get(pid, time.monotonic()) >= LEAST_SECONDS_AT_WORK[kind]:
                by_kind[kind].append(pid)
            by_kind["horse" if kind == "worker" else kind] += _children(pid)
        return by_kind

    def _notice_who_works(self, running: dict[str, int]) -> None:
        """Workers and clocks say so in the database, unless it is away; the web server has children then."""
        said = self._count.pids_at_work()
        for name, pid in running.items():
            if pid in said or (name == "web" and _children(pid)):
                self._at_work_since.setdefault(pid, time.monotonic())


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []

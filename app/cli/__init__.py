"""The `flask …` commands: parse, call a service or a query, print.

May import services, queries and jobs; never models or web. Each module holds its commands in `COMMANDS`.
"""

from __future__ import annotations

from importlib import import_module

from flask import Flask

MODULES: tuple[str, ...] = (
    "api_keys",
    "deadlines",
    "demo",
    "lead_routing",
    "leads",
    "mailbox",
    "network",
    "postal_codes",
    "processes",
    "run_demo",
    "users",
)


def register(app: Flask) -> None:
    """Bind every command to `flask`."""
    for name in MODULES:
        for command in import_module(f"app.cli.{name}").COMMANDS:
            app.cli.add_command(command)

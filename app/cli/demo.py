"""`flask demo reset`, and the seeding that `make demo` does on its first start."""

from __future__ import annotations

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from app.adapters.mailbox import empty_mailbox
from app.config import Config

demo = AppGroup("demo", help="The demo's world.")


def seed_demo(app: Flask) -> None:
    """Make the demo's world unless the installation holds something already."""
    # Faker comes with the demo's extras: a production installation has neither it nor a reason to load it.
    from app.services.demo.world import seed_world

    with app.app_context():
        if seed_world():
            click.echo("pullboard: made 3 manufacturers, their partners and 90 days of leads")


@demo.command("reset")
def reset() -> None:
    """Throw everything away and make the demo's world anew; refused outside demo mode."""
    config: Config = current_app.extensions["config"]
    if not config.demo_mode:
        raise click.ClickException("This is no demo: PULLBOARD_DEMO is not set, nothing was changed.")
    from app.services.demo.world import reset_world

    reset_world()
    empty_mailbox(config.var / "mailbox")
    click.echo("pullboard: the world is new; everybody is logged out")


COMMANDS = (demo,)

"""`flask users create-admin`: the first person of a manufacturer, and the manufacturer when there is none."""

from __future__ import annotations

import sys

import click
from flask import current_app
from flask.cli import AppGroup

from app.domain.errors import DomainError
from app.domain.identity import OneTimePurpose
from app.domain.sign_in import link_path
from app.services import identity

users = AppGroup("users", help="People who sign in.")


@users.command("create-admin")
@click.option("--manufacturer", required=True, metavar="NAME", help="Made with the defaults when there is none.")
@click.option("--email", required=True)
@click.option("--name", help="Default: what stands before the @ of the address.")
@click.option("--password-stdin", is_flag=True, help="Read the password from the input; without it a link is printed.")
def create_admin(manufacturer: str, email: str, name: str | None, password_stdin: bool) -> None:
    """Make an administrator of a manufacturer."""
    password = sys.stdin.readline().rstrip("\n") if password_stdin else None
    try:
        created = identity.create_admin(
            manufacturer_id=identity.create_manufacturer(manufacturer),
            email=email,
            name=name or email.partition("@")[0],
            password=password,
        )
    except DomainError as error:
        raise click.ClickException(str(error)) from None
    base_url = current_app.extensions["config"].base_url
    if created.token is None:
        click.echo(f"{email} may log in at {base_url}/log-in as administrator of {manufacturer}.")
    else:
        click.echo(f"{email} becomes administrator of {manufacturer} with this link. It works once, for 7 days:")
        click.echo(base_url + link_path(OneTimePurpose.INVITATION, created.token))


COMMANDS = (users,)

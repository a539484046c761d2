"""`flask api-keys create`: a key for the API, printed once."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.domain.api_keys import SCOPES_OF
from app.domain.errors import DomainError
from app.queries.identity import viewer_with_email
from app.services import identity

api_keys = AppGroup("api-keys", help="Keys for the API.")


@api_keys.command("create")
@click.option("--email", required=True, help="The person the key acts as.")
@click.option("--name", default="Command line", show_default=True, help="What the key is called in the person's list.")
@click.option("--scope", "scopes", multiple=True, help="May be given several times; default: all of the person's side.")
def create(email: str, name: str, scopes: tuple[str, ...]) -> None:
    """Make a key. Its secret is printed alone on a line, and never again."""
    actor = viewer_with_email(email=email)
    if actor is None:
        raise click.ClickException(f"Nobody here has the address {email}, or the person is disabled.")
    try:
        key = identity.create_api_key(name=name, scopes=scopes or SCOPES_OF[actor.organisation_kind], actor=actor)
    except DomainError as error:
        raise click.ClickException(str(error)) from None
    click.echo(key.secret)


COMMANDS = (api_keys,)

"""`flask postal-codes import`: where postal codes lie, so that the nearest partner is known."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from app.adapters.spreadsheets import open_lines
from app.domain.errors import Invalid
from app.localisation import phrase_text
from app.services.places import PostalImport, import_postal_places

postal_codes = AppGroup("postal-codes", help="Know where postal codes lie.")


@postal_codes.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_file(file: Path) -> None:
    """Take over the coordinates of FILE: a list of postal codes as GeoNames publishes them, or a CSV.

    The CSV has the columns country,postal_code,latitude,longitude in any order, separated by commas, semicolons or
    tabs; degrees may have a decimal comma. Several places of one code count as their mean; codes that were known get
    the new coordinates. Lines that cannot be read are named and passed by; ends with 1 when none could be read.
    """
    try:
        with open_lines(file) as lines:
            outcome = import_postal_places(lines)
    except Invalid as error:
        raise click.ClickException(f"{file.name}: {phrase_text(error.phrase, 'en', 'UTC')}") from error
    _print_faults(file.name, outcome)
    click.echo(
        f"{file.name}: {outcome.lines:,} lines read, {outcome.codes:,} postal codes known by them, "
        f"{outcome.skipped:,} lines passed by."
    )
    if not outcome.codes:
        raise SystemExit(1)


def _print_faults(name: str, outcome: PostalImport) -> None:
    for fault in outcome.faults:
        click.echo(f"{name}:{fault.line_no}: {phrase_text(fault.reason, 'en', 'UTC')}", err=True)
    if outcome.skipped > len(outcome.faults):
        click.echo(f"{name}: and {outcome.skipped - len(outcome.faults):,} more.", err=True)


COMMANDS = (postal_codes,)

"""`flask network import`: a manufacturer's products, partners, territories, authorisations and accounts from files."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from app.adapters.network_files import open_network_file
from app.domain.network.files import NetworkFile, OpenedFile, file_named
from app.localisation import phrase_text
from app.services.account_names import index_all_names
from app.services.identity.manufacturers import create_manufacturer
from app.services.network.importing import FileReport, import_network

network = AppGroup("network", help="Keep a manufacturer's network.")
_ENDINGS = {".csv", ".xlsx", ".txt", ".tsv"}


@network.command("import")
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--manufacturer", required=True, help="Its name; it is made when there is none.")
def import_directory(directory: Path, manufacturer: str) -> None:
    """Bring in products, partners, territories, authorizations and accounts from the CSV or XLSX files of DIRECTORY.

    Each file goes in whole or not at all; running it again changes nothing. Ends with 1 when a file was refused.
    docs/network-files.md lists their columns.
    """
    files = _open_files(directory)
    if not files:
        names = ", ".join(f"{kind.value}.csv" for kind in NetworkFile)
        raise click.ClickException(f"{directory} has none of the files {names}.")
    manufacturer_id = create_manufacturer(manufacturer)
    reports = import_network(manufacturer_id=manufacturer_id, actor=None, files=files)
    for report in reports:
        _print_report(report)
    if any(report.is_refused for report in reports):
        raise SystemExit(1)


@network.command("index")
def index_names() -> None:
    """Write anew the terms by which accounts' names are found: once after an update that says so.

    Accounts are found by their exact names, domains and numbers meanwhile. Running it again changes nothing.
    """
    click.echo(f"{index_all_names():,} names indexed.")


def _open_files(directory: Path) -> dict[NetworkFile, OpenedFile]:
    found = {}
    for path in sorted(directory.iterdir()):
        kind = file_named(path.name) if path.suffix.lower() in _ENDINGS else None
        if kind is not None:
            found[kind] = open_network_file(path.read_bytes(), path.name)
    return found


def _print_report(report: FileReport) -> None:
    name = f"{report.file.value}.csv"
    if report.waits_for is not None:
        click.echo(f"{name}: not read, because {report.waits_for.value}.csv was refused.", err=True)
        return
    for fault in report.faults:
        click.echo(f"{name}:{fault.line_no}: {phrase_text(fault.reason, 'en', 'UTC')}", err=True)
    if report.faults:
        click.echo(f"{name}: refused, nothing of it was written ({len(report.faults)} problems).", err=True)
        return
    click.echo(f"{name}: {report.created} created, {report.changed} changed, {report.unchanged} unchanged.")


COMMANDS = (network,)

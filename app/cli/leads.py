"""`flask leads import`: a file of leads brought in at once, with the sums and the reason of every row left out."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from app.adapters.spreadsheets import UnreadableFile
from app.domain.intake.fields import LeadField
from app.domain.intake.headers import NO_CONSENT, unused_headers
from app.domain.labels import label_of
from app.domain.leads import LeadState
from app.localisation import phrase_text
from app.queries.intake.imports import (
    ImportCounts,
    LineProblem,
    import_columns,
    import_counts,
    lead_states,
    line_problems,
    manufacturer_named,
)
from app.services import intake
from app.services.lead_routing import route_received_leads

leads = AppGroup("leads", help="Bring leads in, and ask who may see them.")
_ROUTED_AT_ONCE = 200


@leads.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--manufacturer", required=True, help="The name of the manufacturer whose leads they are.")
@click.option("--dry-run", is_flag=True, help="Only say what would become of the rows.")
def import_leads(file: Path, manufacturer: str, dry_run: bool) -> None:
    """Bring in the leads of FILE (CSV or XLSX, any usual encoding; headers in English, German or Japanese).

    Every row is created, merged, rejected or kept in quarantine; running it again brings nothing in twice.
    """
    manufacturer_id = manufacturer_named(manufacturer)
    if manufacturer_id is None:
        raise click.ClickException(f"There is no manufacturer called “{manufacturer}”. Import its network first.")
    try:
        import_id = intake.import_file(
            manufacturer_id=manufacturer_id, filename=file.name, data=file.read_bytes(), is_dry_run=dry_run
        )
    except UnreadableFile as unreadable:
        raise click.ClickException(f"{file.name}: {phrase_text(unreadable.phrase, 'en', 'UTC')}") from unreadable
    _say_columns(import_id)
    for problem in line_problems(import_id):
        click.echo(f"{file.name}:{problem.line_no}: {problem.state.value}: {_reasons(problem)}", err=True)
    click.echo(f"{file.name}: {_sums(import_counts(import_id))}{' (dry run, nothing written)' if dry_run else ''}")
    if not dry_run:
        _route()
        _say_states(import_id)


def _say_columns(import_id: int) -> None:
    """Say what of the file was not read, before the sums look as if all were well."""
    headers, mapping = import_columns(import_id)
    if unused := unused_headers(headers, mapping):
        click.echo(f"columns not used: {', '.join(unused)}")
    if LeadField.CONSENT not in mapping:
        click.echo(phrase_text(NO_CONSENT, "en", "UTC"))


def _sums(counts: ImportCounts) -> str:
    merged = f"{counts.merged} merged"
    if counts.unchanged:
        merged += f" ({counts.unchanged} already in)"
    return (
        f"{counts.done} rows: {counts.created} created, {merged}, "
        f"{counts.rejected} rejected, {counts.quarantined} in quarantine."
    )


def _reasons(problem: LineProblem) -> str:
    fatal = [finding for finding in problem.findings if finding.is_fatal]
    return " ".join(
        f"{finding.field}: {text}" if finding.field else text
        for finding in fatal
        for text in [phrase_text(finding.phrase, "en", "UTC")]
    )


def _route() -> None:
    routed = 0
    while count := route_received_leads(limit=_ROUTED_AT_ONCE):
        routed += count
    click.echo(f"{routed} leads routed.")


def _say_states(import_id: int) -> None:
    """Say where the leads of the file stand now, and why no partner sees those that are held back."""
    states = dict(lead_states(import_id))
    if states:
        told = [f"{count} {phrase_text(label_of(state), 'en', 'UTC').lower()}" for state, count in states.items()]
        click.echo(f"They stand: {', '.join(told)}.")
    if states.get(LeadState.NURTURING):
        click.echo("Nurturing: below the release score, or without consent. No partner sees them; each lead says why.")


COMMANDS = (leads,)

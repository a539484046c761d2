"""`flask leads routing`: where each lead stands, who may have it, and why, one line per lead."""

from __future__ import annotations

import json
from typing import Any

import click

from app.cli.leads import leads
from app.localisation import phrase_text
from app.queries.intake.imports import manufacturer_named
from app.queries.routing_report import LeadRouting, iterate_routings


@leads.command("routing")
@click.option("--manufacturer", required=True, help="The name of the manufacturer whose leads they are.")
@click.option("--format", "output", type=click.Choice(["jsonl", "table"]), default="table", show_default=True)
def print_routing(manufacturer: str, output: str) -> None:
    """Print the latest decision about every lead of a manufacturer."""
    manufacturer_id = manufacturer_named(manufacturer)
    if manufacturer_id is None:
        raise click.ClickException(f"There is no manufacturer called “{manufacturer}”.")
    if output == "table":
        click.echo(_line("LEAD", "STATUS", "ROUND", "ELIGIBLE", "WHY"))
    for routing in iterate_routings(manufacturer_id=manufacturer_id):
        click.echo(json.dumps(_record(routing), ensure_ascii=False) if output == "jsonl" else _row(routing))


def _record(routing: LeadRouting) -> dict[str, Any]:
    """One line for programs; `account` is the account's code and `match_level` the level that said whose it is."""
    return {
        "external_id": routing.external_id,
        "status": routing.state.value,
        "review_reason": routing.review_reason.value if routing.review_reason else None,
        "round": routing.round.value if routing.round else None,
        "eligible": list(routing.eligible),
        "account": routing.account,
        "match_level": routing.account_level.value if routing.account_level else None,
        "owner": routing.owner,
        "hot": routing.is_hot,
        "reasons": [phrase_text(reason, "en", "UTC") for reason in routing.reasons],
    }


def _row(routing: LeadRouting) -> str:
    """One line for the eye; the first few codes stand for all."""
    few = ", ".join(routing.eligible[:4])
    more = f" and {len(routing.eligible) - 4} more" if len(routing.eligible) > 4 else ""
    round_ = routing.round.value if routing.round else "–"
    why = phrase_text(routing.reasons[0], "en", "UTC") if routing.reasons else "–"
    return _line(routing.external_id or routing.reference, routing.state.value, round_, few + more or "–", why)


def _line(lead: str, status: str, round_: str, eligible: str, why: str) -> str:
    return f"{lead:<24} {status:<13} {round_:<13} {eligible:<40} {why}"


COMMANDS: tuple[click.Command, ...] = ()
"""None of its own: importing this module gives the group `leads` one command more."""

"""The judge: what the quarter left behind, asked in SQL and reckoned anew, by none of the product's functions."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from tests.quarter.clock import Agenda
from tests.quarter.half_hours import HalfHours, Office
from tests.quarter.promises import KEPT

_AROUND, _SECOND = timedelta(days=12), timedelta(seconds=1)
_LADDER = {"alert_sales_manager": (240, 5), "alert_channel_manager": (480, 15), "re_route": (1_440, 60)}
"""Minutes of working time after which each step comes, usually and for a hot lead (domain.md §6); so for the rest."""
_CONTACT, _OWNERS_CONTACT, _PUSH = (240, 5), (120, 5), (240, 60)

_PROMISED = """
    SELECT deadline.id, deadline.kind, step, is_hot, coalesce(origin = 'owner', false),
        coalesce(assigned_at, visible_from), due_at,
        time_zone, working_hours, organisation.country, organisation.subdivision, closed_on
    FROM deadline JOIN lead ON lead.id = deadline.lead_id
    LEFT JOIN assignment ON assignment.id = deadline.assignment_id LEFT JOIN offer ON offer.id = deadline.offer_id
    JOIN organisation ON organisation.id = coalesce(assignment.partner_id, offer.partner_id, assignment.manufacturer_id)
    WHERE deadline.kind IN ('contact_due', 'escalation_due', 'owner_expires', 'push_expires')"""


def broken_promises(agenda: Agenda) -> dict[str, list[Any]]:
    """Each promise that is not kept, with up to five of the rows that break it."""
    found = {words: agenda.ask(statement)[:5] for words, statement in KEPT.items()}
    return {words: rows for words, rows in found.items() if rows}


def wrong_deadlines(agenda: Agenda, start: datetime, end: datetime) -> list[str]:
    """The promises to partners that are not due where a count of worked minutes says they are."""

    @cache
    def half_hours_of(office: Office) -> HalfHours:
        return HalfHours(office, start - _AROUND, end + _AROUND)

    wrong = []
    for number, kind, step, is_hot, is_owners, begun, due_at, *where, closed_on in agenda.ask(_PROMISED):
        office = Office(*where, tuple(closed_on))
        expected = _expected(kind, step, is_hot=is_hot, is_owners=is_owners)
        worked = half_hours_of(office).between(begun, due_at)
        if abs(worked - expected) > _SECOND or not half_hours_of(office).is_open_until(due_at):
            wrong.append(f"{number} {kind} {step}: {worked} for {expected}, {begun} to {due_at}, {office.zone}")
    return wrong


def _expected(kind: str, step: str | None, *, is_hot: bool, is_owners: bool) -> timedelta:
    """How much working time there is; no step of the ladder comes before the first contact was asked for."""
    if kind == "push_expires":
        minutes = _PUSH
    elif kind == "contact_due":
        minutes = _OWNERS_CONTACT if is_owners else _CONTACT
    else:
        minutes = _LADDER[step or "re_route"]
    return timedelta(minutes=minutes[is_hot])

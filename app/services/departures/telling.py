"""Saying what became of a departed partner's leads: one mail for each person, with the list, however many there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.departures import Destination
from app.domain.notifications import MailKind
from app.models import DepartedLead, Departure, Partnership
from app.queries.escalation import channel_managers_of
from app.queries.people import people_to_tell
from app.services.notifications import owe_mails


def tell_what_went(session: Session, departure: Departure) -> None:
    """Owe the mails about every lead that has gone on since people were last told.

    The partner reads which leads are no longer its own, the manufacturer where each went, a successor what is its own
    now; nobody reads of another partner. The caller holds the departure's lock.
    """
    untold = select(DepartedLead).where(DepartedLead.departure_id == departure.id, ~DepartedLead.is_told)
    lines = session.scalars(untold.order_by(DepartedLead.id)).all()
    if not lines:
        return
    left = session.get_one(Partnership, departure.partnership_id)
    owners = {*channel_managers_of(session, departure.manufacturer_id, left)} | (
        {departure.started_by_id} if departure.started_by_id else set()
    )
    _owe(session, MailKind.LEADS_MOVED_TO_PARTNER, people_to_tell(session, left.partner_id), departure, lines)
    _owe(session, MailKind.LEADS_MOVED_TO_MANUFACTURER, sorted(owners), departure, lines)
    for partnership_id, taken in _taken_over(lines).items():
        _owe(
            session, MailKind.LEADS_TAKEN_OVER_TO_WORKER, _takers(session, partnership_id, departure), departure, taken
        )
    for line in lines:
        line.is_told = True


def _taken_over(lines: Sequence[DepartedLead]) -> Mapping[int | None, list[DepartedLead]]:
    """What successors have got, by partnership; None for one of the manufacturer's own people."""
    taken: dict[int | None, list[DepartedLead]] = defaultdict(list)
    for line in lines:
        if line.destination is Destination.SUCCESSOR:
            taken[line.partnership_id].append(line)
    return taken


def _takers(session: Session, partnership_id: int | None, departure: Departure) -> list[int]:
    if partnership_id is not None:
        return people_to_tell(session, session.get_one(Partnership, partnership_id).partner_id)
    return [departure.successor_user_id] if departure.successor_user_id else []


def _owe(
    session: Session, kind: MailKind, people: Sequence[int], departure: Departure, lines: Sequence[DepartedLead]
) -> None:
    payload = {"departure_id": departure.id, "line_ids": [line.id for line in lines]}
    owe_mails(session, kind, people, payload=payload, once=f"{kind.value}:{departure.id}:{lines[0].id}")

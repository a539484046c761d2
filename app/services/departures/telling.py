"""Saying what became of a departed partner's leads: one mail for each person, with the list, however many there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.database import is_one_of
from app.domain.departures import Destination
from app.domain.notifications import MailKind
from app.models import Assignment, DepartedLead, Departure, Offer, Partnership
from app.queries.departures import was_worked
from app.queries.escalation import channel_managers_of
from app.queries.holdings import asked_alone
from app.queries.people import people_to_tell
from app.services.distribution.reviewing import DIRECT_ROLES
from app.services.notifications import owe_mails

_WAITING = (Destination.DIRECT, Destination.REVIEW)
"""Where a lead waits for one of the manufacturer's people."""

Lines = Sequence[DepartedLead]


def tell_what_went(session: Session, departure: Departure) -> None:
    """Owe the mails about every lead that has gone on since people were last told.

    The partner reads which leads are no longer its own, the manufacturer where each went, and whoever was given one
    or asked alone about it which those are; nobody reads of another partner. Who got a lead later, because somebody
    declined it meanwhile, was told of it then. The caller holds the departure's lock.
    """
    untold = select(DepartedLead).where(DepartedLead.departure_id == departure.id, ~DepartedLead.is_told)
    lines = session.scalars(untold.order_by(DepartedLead.id)).all()
    if not lines:
        return
    left = session.get_one(Partnership, departure.partnership_id)
    lost = _worked_before(session, lines)
    _owe(session, MailKind.LEADS_MOVED_TO_PARTNER, people_to_tell(session, left.partner_id), departure, lost)
    _owe(session, MailKind.LEADS_MOVED_TO_MANUFACTURER, _watching(session, departure, left, lines), departure, lines)
    for people, taken in _taken_over(session, lines):
        _owe(session, MailKind.LEADS_TAKEN_OVER_TO_WORKER, people, departure, taken)
    for people, offered in _offered(session, lines):
        _owe(session, MailKind.LEADS_OFFERED_TO_PARTNER, people, departure, offered)
    for line in lines:
        line.is_told = True


def _worked_before(session: Session, lines: Lines) -> Lines:
    """What the partner worked; of an offer that was taken back its mail about the new standing tells."""
    of_these = (
        select(DepartedLead.id).join(Departure, Departure.id == DepartedLead.departure_id).where(_is_one_of(lines))
    )
    worked = set(session.scalars(of_these.where(was_worked())))
    return [line for line in lines if line.id in worked]


def _watching(session: Session, departure: Departure, left: Partnership, lines: Lines) -> list[int]:
    """Who looks after the partner, who let it go, and who may take what waits for the manufacturer's own people."""
    people = {*channel_managers_of(session, departure.manufacturer_id, left), departure.started_by_id}
    if any(line.destination in _WAITING for line in lines):
        people.update(people_to_tell(session, departure.manufacturer_id, DIRECT_ROLES))
    return sorted(user_id for user_id in people if user_id is not None)


def _taken_over(session: Session, lines: Lines) -> Iterator[tuple[list[int], Lines]]:
    """What successors have got: a partner's people, or one of the manufacturer's, with the leads that are theirs."""
    works = (
        select(DepartedLead, Assignment.partner_id, Assignment.user_id)
        .join(Assignment, Assignment.lead_id == DepartedLead.lead_id)
        .where(_is_one_of(lines), DepartedLead.destination == Destination.SUCCESSOR)
        .where(Assignment.ended_at.is_(None), Assignment.assigned_at <= DepartedLead.moved_at)
    )
    taken: dict[tuple[int | None, int | None], list[DepartedLead]] = defaultdict(list)
    for line, partner_id, user_id in session.execute(works.order_by(Assignment.id)):
        taken[partner_id, user_id].append(line)
    for (partner_id, user_id), theirs in taken.items():
        yield people_to_tell(session, partner_id) if partner_id else [user_id] if user_id else [], theirs


def _offered(session: Session, lines: Lines) -> Iterator[tuple[list[int], Lines]]:
    """What partners are asked alone about in place of the one that left, with their people."""
    asked = (
        select(DepartedLead, Offer.partner_id)
        .join(Offer, Offer.lead_id == DepartedLead.lead_id)
        .where(_is_one_of(lines), asked_alone(), Offer.created_at <= DepartedLead.moved_at)
    )
    offered: dict[int, list[DepartedLead]] = defaultdict(list)
    for line, partner_id in session.execute(asked.order_by(Offer.expires_at, Offer.lead_id)):
        offered[partner_id].append(line)
    for partner_id, theirs in offered.items():
        yield people_to_tell(session, partner_id), theirs


def _is_one_of(lines: Lines) -> ColumnElement[bool]:
    return is_one_of(DepartedLead.id, [line.id for line in lines])


def _owe(session: Session, kind: MailKind, people: Sequence[int], departure: Departure, lines: Lines) -> None:
    if lines:
        payload = {"departure_id": departure.id, "line_ids": [line.id for line in lines]}
        owe_mails(session, kind, people, payload=payload, once=f"{kind.value}:{departure.id}:{lines[0].id}")

"""Handing on the leads of partners that take no part any more: one lead, one transaction (W-17, W-07)."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from datetime import timedelta

import structlog
from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from app.database import clock_now, read_clock, transaction
from app.domain.audit import EventKind
from app.models import Assignment, DepartedLead, Departure, Lead, Offer
from app.queries.departures import count_left_to_go
from app.queries.holdings import left_to_it_alone
from app.services.audit import record_event
from app.services.departures.moves import move_on
from app.services.departures.telling import tell_what_went
from app.services.faults import is_its_own

LONGEST_RUN_SECONDS = 60
LONGEST_SILENCE = timedelta(minutes=1)
"""Nobody waits longer to be told of a lead that has gone on, though others are still left to go."""

log = structlog.get_logger(__name__)


def move_departing_leads(*, seconds: float = LONGEST_RUN_SECONDS) -> int:
    """Hand on the leads of every partner that has left, until none is left or the time is up; returns how many went.

    Each lead is a transaction of its own, so a killed process loses nothing and the next call goes on; a lead that
    another process has at this moment is left to it. One that fails is logged, is tried again with the next call, and
    stops no other; a database that is away ends the run. People are told when all have gone, and of those that have by
    then when the time is up: the clock of whoever is asked runs already. A second call finds nothing to do.
    """
    ends_at, moved = time.monotonic() + seconds, 0
    for departure_id in _departures_to_see_to():
        is_in_time = True
        for lead_id in _leads_left(departure_id):
            is_in_time = time.monotonic() < ends_at
            if not is_in_time:
                break
            moved += _move_one(lead_id)
        _settle(departure_id, is_told_now=not is_in_time)
    return moved


def _departures_to_see_to() -> Sequence[int]:
    """Those with leads to go, and those of which people have still to be told."""
    with transaction() as session:
        untold = exists().where(DepartedLead.departure_id == Departure.id, ~DepartedLead.is_told)
        wanted = select(Departure.id).where(Departure.finished_at.is_(None) | untold)
        return session.scalars(wanted.order_by(Departure.id)).all()


def _leads_left(departure_id: int) -> Sequence[uuid.UUID]:
    """What the partnership still has, the most pressing first: what nobody else is offered, what nobody called."""
    with transaction() as session:
        is_its = Departure.id == departure_id, Departure.finished_at.is_(None)
        asked = (
            select(Offer.lead_id)
            .join(Departure, Departure.partnership_id == Offer.partnership_id)
            .where(*is_its, left_to_it_alone())
        )
        worked = (
            select(Assignment.lead_id)
            .join(Departure, Departure.partnership_id == Assignment.partnership_id)
            .where(*is_its, ~Departure.keeps_work, Assignment.ended_at.is_(None))
        )
        return [
            *session.scalars(asked.order_by(Offer.expires_at, Offer.id)),
            *session.scalars(worked.order_by(Assignment.first_attempt_at.nulls_first(), Assignment.id)),
        ]


def _move_one(lead_id: uuid.UUID) -> bool:
    try:
        with transaction() as session:
            free = select(Lead).where(Lead.id == lead_id).with_for_update(of=Lead, skip_locked=True)
            lead = session.scalars(free.execution_options(populate_existing=True)).one_or_none()
            return lead is not None and move_on(session, lead)
    except Exception as error:
        if not is_its_own(error):
            raise
        log.error("lead_not_moved", lead_id=str(lead_id), exc_info=error)
        return False


def _settle(departure_id: int, *, is_told_now: bool) -> None:
    """Finish a departure that has nothing left to go, and owe the mails about what went once people are to be told."""
    with transaction() as session:
        wanted = select(Departure).where(Departure.id == departure_id).with_for_update(key_share=True, skip_locked=True)
        departure = session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
        if departure is None:
            return
        if departure.finished_at is None and not count_left_to_go(session, departure):
            departure.finished_at = session.scalar(select(clock_now()))
            _record(session, departure)
        if is_told_now or departure.finished_at is not None or _has_waited_long(session, departure_id):
            tell_what_went(session, departure)


def _has_waited_long(session: Session, departure_id: int) -> bool:
    """Whether people have not been told for long of a lead that has gone: another process holds up the rest."""
    first = select(func.min(DepartedLead.moved_at)).where(DepartedLead.departure_id == departure_id)
    moved_at = session.scalar(first.where(~DepartedLead.is_told))
    return moved_at is not None and moved_at + LONGEST_SILENCE < read_clock(session)


def _record(session: Session, departure: Departure) -> None:
    went = session.scalars(select(DepartedLead.destination).where(DepartedLead.departure_id == departure.id)).all()
    record_event(
        session,
        EventKind.PARTNER_LEADS_MOVED,
        manufacturer_id=departure.manufacturer_id,
        partnership_id=departure.partnership_id,
        data={"leads": len(went)},
    )

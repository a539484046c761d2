"""Who is told about a silence, who may be asked in somebody's place, and when something last happened."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.availability import Absence, availability
from app.domain.identity import Role
from app.models import Absence as AbsenceRow
from app.models import Activity, Assignment, Offer, Partnership
from app.queries.people import people_to_tell


def sales_managers_of(session: Session, partnership: Partnership) -> list[int]:
    """Who answers for a partner's people: its sales manager there, else all its administrators."""
    if partnership.sales_manager_id in people_to_tell(session, partnership.partner_id):
        return [partnership.sales_manager_id]
    return people_to_tell(session, partnership.partner_id, [Role.PARTNER_ADMIN])


def channel_managers_of(session: Session, manufacturer_id: int, partnership: Partnership | None) -> list[int]:
    """Who looks after a partnership: its channel manager, else all of the manufacturer's."""
    everybody = people_to_tell(session, manufacturer_id)
    if partnership is not None and partnership.channel_manager_id in everybody:
        return [partnership.channel_manager_id]
    return people_to_tell(session, manufacturer_id, [Role.CHANNEL_MANAGER])


def workers_of(session: Session, work: Assignment) -> list[int]:
    """Who works a lead: the seller it is assigned to, else who of the partner did something last, or took it.

    Where nobody of them is there any more, all of the partner's people.
    """
    if work.partner_id is None:
        return [work.user_id] if work.user_id in people_to_tell(session, work.manufacturer_id) else []
    there = people_to_tell(session, work.partner_id)
    at_work = select(Activity.user_id).where(Activity.assignment_id == work.id, Activity.user_id.in_(there))
    last = session.scalar(at_work.order_by(Activity.happened_at.desc(), Activity.id.desc()).limit(1))
    taker = session.scalar(select(Offer.answered_by_id).where(Offer.id == work.offer_id))
    worker = last or taker
    return [worker] if worker in there else there


def may_be_asked_alone(session: Session, partner_id: int, now: datetime) -> bool:
    """Whether a partner is there: no pause, no vacation and no “not this week” of the whole house."""
    rows = session.scalars(
        select(AbsenceRow).where(AbsenceRow.organisation_id == partner_id, AbsenceRow.user_id.is_(None))
    )
    return availability((Absence(row.kind, row.starts_at, row.ends_at) for row in rows), now).is_pushed

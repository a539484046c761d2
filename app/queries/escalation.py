"""What a silence leads to next, and who is told: a sales manager, a channel manager, who works the lead."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from app.database import is_one_of, read_clock
from app.domain.deadlines import DeadlineKind, rests_until
from app.domain.escalation import EscalationAction, what_a_round_ends_in, what_happens_next
from app.domain.identity import OrganisationKind, Role
from app.domain.phrases import Phrase
from app.domain.slipping import ALSO_PROMISED, what_is_promised
from app.domain.stalling import what_stalling_leads_to
from app.models import Activity, Assignment, Deadline, Offer, Organisation, Partnership
from app.queries.manufacturers import calendar_of
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
    return workers_of_each(session, [work])[work.id]


def workers_of_each(session: Session, works: Collection[Assignment]) -> Mapping[int, list[int]]:
    """Who works each of several leads, by assignment; the number of statements does not grow with them."""
    sides = {work.id: work.partner_id or work.manufacturer_id for work in works}
    there = {one: people_to_tell(session, one) for one in set(sides.values())}
    at_partners = [work.id for work in works if work.partner_id is not None]
    last = _last_at_work(session, at_partners, {one for people in there.values() for one in people})
    return {work.id: _worker(work, last.get(work.id), there[sides[work.id]]) for work in works}


def _last_at_work(session: Session, work_ids: Collection[int], people: Collection[int]) -> Mapping[int, int | None]:
    """Who of these people did something last under each assignment, else who took the lead."""
    if not work_ids:
        return {}
    of_lead = Activity.lead_id == Assignment.lead_id  # The index begins with the lead.
    at_work = select(Activity.user_id).where(
        of_lead, Activity.assignment_id == Assignment.id, is_one_of(Activity.user_id, people)
    )
    last = at_work.order_by(Activity.happened_at.desc(), Activity.id.desc()).limit(1).scalar_subquery()
    taker = select(Offer.answered_by_id).where(Offer.id == Assignment.offer_id).scalar_subquery()
    rows = session.execute(
        select(Assignment.id, func.coalesce(last, taker).label("worker")).where(is_one_of(Assignment.id, work_ids))
    )
    return {row.id: row.worker for row in rows}


def _worker(work: Assignment, last: int | None, there: list[int]) -> list[int]:
    if work.partner_id is None:
        return [work.user_id] if work.user_id in there else []
    return [last] if last in there else there


@dataclass(frozen=True, slots=True)
class ComingStep:
    """What happens next to a lead when nobody does anything, in the reader's words, and when.

    `step` is the ladder's, where it is one; `other` is the other side, on whose clock the moment is `other_zone`'s;
    `paused_until` is when the clock goes on that stands still now, outside the working hours of whoever is to act;
    never later than `due_at`, which stands as promised when those hours change.
    """

    what: Phrase
    step: EscalationAction | None
    due_at: datetime
    other: str | None
    other_zone: str | None
    paused_until: datetime | None


def coming_step(session: Session, lead_id: uuid.UUID, reader: OrganisationKind) -> ComingStep | None:
    """The next step of a lead's silence; None when nothing follows from it."""
    return coming_steps(session, [lead_id], reader).get(lead_id)


def coming_steps(
    session: Session, lead_ids: Collection[uuid.UUID], reader: OrganisationKind, *, also: Collection[DeadlineKind] = ()
) -> Mapping[uuid.UUID, ComingStep]:
    """The next step of each lead's silence; with `also`, promises of these kinds count too, for a manufacturer."""
    is_pending = Deadline.fired_at.is_(None) & Deadline.cancelled_at.is_(None)
    has_step = Deadline.step.is_not(None) | Deadline.stall.is_not(None)
    if reader is OrganisationKind.MANUFACTURER:
        has_step |= Deadline.kind.in_([DeadlineKind.BOARD_CLOSES, DeadlineKind.DIRECT_DUE, *also])
    first = (
        select(Deadline, func.coalesce(Offer.partner_id, Assignment.partner_id).label("partner_id"))
        .outerjoin(Offer, Offer.id == Deadline.offer_id)
        .outerjoin(Assignment, Assignment.id == Deadline.assignment_id)
        .where(Deadline.lead_id.in_(lead_ids), is_pending, has_step)
        .ext(distinct_on(Deadline.lead_id))
        .order_by(Deadline.lead_id, Deadline.due_at, Deadline.id)
    )
    rows = session.execute(first).all()
    concerned = {row.Deadline.manufacturer_id for row in rows} | {row.partner_id for row in rows if row.partner_id}
    sides = {one.id: one for one in session.scalars(select(Organisation).where(Organisation.id.in_(concerned)))}
    now = read_clock(session)
    return {
        row.Deadline.lead_id: _coming(
            row.Deadline,
            sides[row.partner_id or row.Deadline.manufacturer_id],
            sides[row.Deadline.manufacturer_id],
            reader,
            now,
        )
        for row in rows
    }


def _coming(
    deadline: Deadline, worker: Organisation, maker: Organisation, reader: OrganisationKind, now: datetime
) -> ComingStep:
    other = worker if reader is OrganisationKind.MANUFACTURER else maker
    return ComingStep(
        what=_said(deadline, reader),
        step=deadline.step,
        due_at=deadline.due_at,
        other=other.name if worker is not maker else None,
        other_zone=other.time_zone if worker is not maker else None,
        paused_until=rests_until(deadline.clock, calendar_of(worker), now, deadline.due_at),
    )


def _said(deadline: Deadline, reader: OrganisationKind) -> Phrase:
    if deadline.step is not None:
        return what_happens_next(deadline.step, deadline.due_at, reader)
    if deadline.stall is not None:
        return what_stalling_leads_to(deadline.stall, deadline.due_at, reader)
    if deadline.kind in ALSO_PROMISED:
        return what_is_promised(deadline.kind, deadline.due_at)
    return what_a_round_ends_in(deadline.kind, deadline.due_at)

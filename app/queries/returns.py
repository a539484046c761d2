"""Leads that were handed back: what is said of one to who returned it, and whether it can still be taken back."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session, aliased

from app.database import clock_now, db, read_clock
from app.domain.audit import EventKind
from app.domain.distribution import AssignmentEnd, RoundKind
from app.domain.errors import NotFound
from app.domain.identity import Viewer
from app.domain.leads import LeadState
from app.domain.returns import DEFAULT_RETURN_RULES, ReturnReason, may_undo_return
from app.domain.review import ANSWERS
from app.models import Assignment, Event, Lead, Offer, Organisation, Partnership, Review, Round
from app.queries.cockpit.prospects import products_of

_NOBODY_HAS_IT = (LeadState.RECEIVED, LeadState.NURTURING, LeadState.IN_REVIEW, LeadState.DISTRIBUTING)
"""Where a returned lead is nobody's yet: in the plan, or where a person or a rule sent it."""


@dataclass(frozen=True, slots=True)
class ReturnedLead:
    """A lead that its worker handed back, without anything of the prospect. `by` is the partner's or seller's name.

    `undo_until` is None when the return can no longer be taken back; the partner's own words are gone then, too.
    """

    lead_id: uuid.UUID
    reference: str
    products: tuple[str, ...]
    manufacturer: str
    by: str
    reason: ReturnReason
    note: str
    returned_at: datetime
    is_decided_by_person: bool
    undo_until: datetime | None
    now: datetime


def returned_lead(*, viewer: Viewer, lead_id: uuid.UUID) -> ReturnedLead:
    """The viewer's own side's return of a lead; NotFound when it has not returned it, or works it again."""
    session = db.session()
    lead = session.get(Lead, lead_id)
    work = own_latest_work(session, lead_id, viewer)
    if lead is None or work is None or work.return_reason is None or work.ended_at is None:
        raise NotFound
    now = read_clock(session)
    is_taken = has_gone_on(session, work)
    may_undo = may_undo_return(work.ended_at, now, is_taken=is_taken)
    partnership = session.get(Partnership, work.partnership_id) if work.partnership_id else None
    return ReturnedLead(
        lead_id=lead.id,
        reference=lead.reference,
        products=tuple(name for _, name in products_of(lead.id)),
        manufacturer=session.get_one(Organisation, lead.manufacturer_id).name,
        by=partnership.name if partnership else "",
        reason=work.return_reason,
        note=work.return_note if may_undo or viewer.is_manufacturer else "",
        returned_at=work.ended_at,
        is_decided_by_person=work.return_reason in DEFAULT_RETURN_RULES.reviewed,
        undo_until=work.ended_at + DEFAULT_RETURN_RULES.undo_within if may_undo else None,
        now=now,
    )


@dataclass(frozen=True, slots=True)
class UndoableReturn:
    """A lead that its partner has just returned and can still have back, without anything of the prospect."""

    lead_id: uuid.UUID
    reference: str
    title: str
    manufacturer: str
    returned_at: datetime
    undo_until: datetime


def undoable_returns(*, viewer: Viewer) -> tuple[UndoableReturn, ...]:
    """What the viewer's partner has returned and can still take back, the latest first; nothing for anybody else."""
    if not viewer.is_partner:
        return ()
    within = DEFAULT_RETURN_RULES.undo_within
    returned = (
        select(Lead, Organisation.name, Assignment.ended_at)
        .join(Assignment, Assignment.lead_id == Lead.id)
        .join(Organisation, Organisation.id == Lead.manufacturer_id)
        .where(Assignment.partner_id == viewer.organisation_id, Assignment.end == AssignmentEnd.RETURNED)
        .where(Assignment.ended_at >= select(clock_now() - within).scalar_subquery(), ~_has_gone_on())
        .order_by(Assignment.ended_at.desc())
    )
    return tuple(
        UndoableReturn(lead.id, lead.reference, lead.title, manufacturer, ended_at, ended_at + within)
        for lead, manufacturer, ended_at in db.session.execute(returned)
        if ended_at is not None
    )


def may_take_back(*, viewer: Viewer, lead_id: uuid.UUID) -> bool:
    """Whether the viewer's partner has just returned a lead and can still have it back."""
    return any(one.lead_id == lead_id for one in undoable_returns(viewer=viewer))


def own_latest_work(session: Session, lead_id: uuid.UUID, viewer: Viewer) -> Assignment | None:
    """The latest assignment of a lead that is the viewer's own side's: its partner's, or anybody's at its own lead."""
    own = select(Assignment).where(Assignment.lead_id == lead_id).order_by(Assignment.id.desc()).limit(1)
    side = Assignment.manufacturer_id if viewer.is_manufacturer else Assignment.partner_id
    return session.scalars(own.where(side == viewer.organisation_id)).one_or_none()


def has_gone_on(session: Session, work: Assignment) -> bool:
    """Whether a returned lead is somebody else's by now, at its end, or decided about by a person since."""
    asked = select(_has_gone_on()).select_from(Assignment).join(Lead, Lead.id == Assignment.lead_id)
    return session.scalars(asked.where(Assignment.id == work.id)).one()


def _has_gone_on() -> ColumnElement[bool]:
    later = aliased(Assignment)
    is_taken = exists().where(later.lead_id == Lead.id, later.id > Assignment.id)
    is_answered = exists().where(
        Review.lead_id == Lead.id, Review.decided_at >= Assignment.ended_at, Review.decision.in_(ANSWERS)
    )
    is_let_go = exists().where(
        Event.lead_id == Lead.id,
        Event.kind.in_((EventKind.LEAD_RELEASED, EventKind.LEAD_PLAN_RESUMED)),
        Event.at >= Assignment.ended_at,
    )
    return or_(Lead.state.not_in(_NOBODY_HAS_IT), is_taken, is_answered, is_let_go)


def round_taken_in(session: Session, work: Assignment) -> RoundKind | None:
    """How far the plan had come when an assignment was made: its offer's round, else the last one held before.

    Backups are asked beside the plan: what one of them took stands where the plan stood. None for no round.
    """
    held = select(Round.kind).where(Round.lead_id == work.lead_id, Round.backup_for_id.is_(None))
    if work.offer_id is not None:
        taken_in = select(Round.number).join(Offer, Offer.round_id == Round.id).where(Offer.id == work.offer_id)
        held = held.where(Round.number <= taken_in.scalar_subquery())
    else:
        held = held.where(Round.opened_at <= work.assigned_at)
    return session.scalars(held.order_by(Round.number.desc()).limit(1)).one_or_none()


def goes_to_person_anyway(*, assignment_id: int) -> bool:
    """Whether a lead comes out of the last round of its plan, so that every return of it goes to a person."""
    session = db.session()
    return round_taken_in(session, session.get_one(Assignment, assignment_id)) is RoundKind.DIRECT

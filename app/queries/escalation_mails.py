"""What the mails about silence say: what was not done, since when, and what happens next, on both sides' clocks."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.audit import EventKind
from app.domain.identity import OrganisationKind
from app.domain.phrases import Phrase
from app.domain.reservations import answer_asked
from app.domain.stalling import is_follow_up_passed
from app.models import Activity, Assignment, Deadline, Event, Lead, Offer, Organisation, Partnership, Round
from app.queries.escalation import coming_step

Payload = Mapping[str, Any]


def escalation_facts(session: Session, payload: Payload, *, organisation_id: int) -> Mapping[str, Any] | None:
    """An offer nobody answers, a prospect nobody calls or a round nobody takes the lead in; None once somebody did."""
    deadline = session.get(Deadline, payload["deadline_id"])
    if deadline is None:
        return None
    offer = session.get(Offer, deadline.offer_id) if deadline.offer_id else None
    work = session.get(Assignment, deadline.assignment_id) if deadline.assignment_id else None
    is_open_offer = offer is not None and offer.answer is None
    is_uncalled = work is not None and work.ended_at is None and work.first_attempt_at is None
    silent = offer if is_open_offer else work if is_uncalled else _open_round(session, deadline)
    if silent is None or organisation_id not in (_partner_of(silent), silent.manufacturer_id):
        return None
    return {
        **_sides(session, silent, organisation_id),
        "lead_id": deadline.lead_id,
        "offer_id": offer.id if offer is not None and is_open_offer else None,
        "asked": _asked(session, silent, organisation_id),
        "round_kind": silent.kind.value if isinstance(silent, Round) else None,
        "since": deadline.starts_at,
    }


def stalled_facts(session: Session, payload: Payload, *, organisation_id: int) -> Mapping[str, Any] | None:
    """A lead that is worked and on which nothing has been logged for long; None once something was."""
    deadline = session.get(Deadline, payload["deadline_id"])
    work = session.get(Assignment, deadline.assignment_id) if deadline and deadline.assignment_id else None
    if work is None or work.ended_at is not None or work.stalled_at is None:
        return None
    if organisation_id not in (work.partner_id, work.manufacturer_id):
        return None
    since = last_activity_at(session, work.lead_id) or work.assigned_at
    days = (read_clock(session) - since).days
    return {**_sides(session, work, organisation_id), "lead_id": work.lead_id, "days": days}


def follow_up_facts(session: Session, payload: Payload, *, organisation_id: int) -> Mapping[str, Any] | None:
    """A follow-up that was agreed and has come; None when something was logged since, or another date was set.

    `is_taken_over` where whoever worked the lead before agreed it.
    """
    lead = session.get(Lead, uuid.UUID(payload["lead_id"]))
    work = _own_work(session, lead, organisation_id)
    if lead is None or work is None:
        return None
    if not is_follow_up_passed(lead.follow_up_at, last_activity_at(session, lead.id), read_clock(session)):
        return None
    agreed = select(Event.id).where(Event.lead_id == lead.id, Event.kind == EventKind.FOLLOW_UP_CHANGED)
    return {
        **_sides(session, work, organisation_id),
        "lead_id": lead.id,
        "due_at": lead.follow_up_at,
        "is_taken_over": session.scalar(agreed.where(Event.at >= work.assigned_at).limit(1)) is None,
    }


def nurture_facts(session: Session, payload: Payload, *, organisation_id: int) -> Mapping[str, Any] | None:
    """A long deal that is to be kept warm, for whoever works it now."""
    lead = session.get(Lead, uuid.UUID(payload["lead_id"]))
    work = _own_work(session, lead, organisation_id)
    if lead is None or work is None:
        return None
    days = (read_clock(session) - work.assigned_at).days
    last = last_activity_at(session, lead.id) or work.assigned_at
    return {**_sides(session, work, organisation_id), "lead_id": lead.id, "days": days, "last_at": last}


def re_routed_facts(session: Session, payload: Payload, *, organisation_id: int) -> Mapping[str, Any] | None:
    """A lead that was given to somebody else, for the people of the partner that had it: nothing of the prospect.

    `had_it` is whether it ever worked it; without that it was only asked, and knows nobody to contact.
    """
    partnership = session.get(Partnership, payload["partnership_id"])
    if partnership is None or partnership.partner_id != organisation_id:
        return None
    worked = select(Assignment.id).where(
        Assignment.lead_id == uuid.UUID(payload["lead_id"]), Assignment.partnership_id == partnership.id
    )
    return {
        "why": Phrase.from_json(payload["why"]),
        "is_by_hand": payload.get("is_by_hand", False),
        "had_it": session.scalar(worked.limit(1)) is not None,
    }


def taken_facts(session: Session, payload: Payload, *, organisation_id: int) -> Mapping[str, Any] | None:
    """A lead that a person gave to somebody else, for the manufacturer's own seller who worked it."""
    work = session.get(Assignment, payload["assignment_id"])
    if work is None or work.manufacturer_id != organisation_id or work.user_id is None:
        return None
    return {"why": Phrase.from_json(payload["why"]), "lead_id": work.lead_id}


def last_activity_at(session: Session, lead_id: uuid.UUID) -> datetime | None:
    """When something was last logged on a lead; None when nothing ever was."""
    return last_activities(session, [lead_id]).get(lead_id)


def last_activities(session: Session, lead_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, datetime]:
    """When something was last logged on each of these leads, where anything ever was."""
    last = select(Activity.lead_id, func.max(Activity.happened_at).label("at")).group_by(Activity.lead_id)
    return {row.lead_id: row.at for row in session.execute(last.where(Activity.lead_id.in_(lead_ids)))}


def _own_work(session: Session, lead: Lead | None, organisation_id: int) -> Assignment | None:
    """The assignment under which the reader's organisation works the lead."""
    if lead is None:
        return None
    worker = func.coalesce(Assignment.partner_id, Assignment.manufacturer_id)
    active = select(Assignment).where(Assignment.lead_id == lead.id, Assignment.ended_at.is_(None))
    return session.scalars(active.where(worker == organisation_id)).one_or_none()


def _open_round(session: Session, deadline: Deadline) -> Round | None:
    """The round that a promise is about, which is neither about an offer nor about work; None once it is closed."""
    if deadline.offer_id is not None or deadline.round_id is None:
        return None
    waiting = session.get_one(Round, deadline.round_id)
    return waiting if waiting.closed_at is None else None


def _asked(session: Session, silent: Offer | Assignment | Round, reader_organisation_id: int) -> Phrase | None:
    """By when an owner was asked to answer, and when the lead goes on; None where nothing is reserved."""
    its_round = session.get(Round, silent.round_id) if isinstance(silent, Offer) else None
    if not isinstance(silent, Offer) or its_round is None or its_round.answer_by is None:
        return None
    is_own = reader_organisation_id == silent.manufacturer_id
    reader = OrganisationKind.MANUFACTURER if is_own else OrganisationKind.PARTNER
    return answer_asked(its_round.answer_by, silent.expires_at, reader)


def _partner_of(silent: Offer | Assignment | Round) -> int | None:
    """Whose silence it is; nobody's in particular where many may take the lead."""
    return None if isinstance(silent, Round) else silent.partner_id


def _sides(session: Session, silent: Offer | Assignment | Round, reader_organisation_id: int) -> Mapping[str, Any]:
    """Who the two sides are, and what the reader's is told to come next."""
    manufacturer = session.get_one(Organisation, silent.manufacturer_id)
    partner_id = _partner_of(silent)
    partner = session.get(Organisation, partner_id) if partner_id else None
    is_own = reader_organisation_id == manufacturer.id
    other = partner if is_own else manufacturer
    kind = OrganisationKind.MANUFACTURER if is_own else OrganisationKind.PARTNER
    coming = coming_step(session, silent.lead_id, kind)
    return {
        "manufacturer": manufacturer.name,
        "partner": partner.name if partner else None,
        "other": other.name if other else None,
        "other_zone": other.time_zone if other else None,
        "next": coming.what if coming else None,
    }

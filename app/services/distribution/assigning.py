"""Making and ending assignments: who works the lead, and the capacity it takes."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.database import clock_now, read_clock, transaction
from app.domain.audit import EventKind
from app.domain.distribution import AssignmentEnd, AssignmentOrigin, RoundOutcome
from app.domain.errors import Forbidden, Invalid, NotFound
from app.domain.escalation import contact_promises
from app.domain.identity import Viewer
from app.domain.leads import CLOSED_STATES, LeadState
from app.domain.notifications import MailKind
from app.domain.phrases import N_, Phrase
from app.domain.reassigning import Taker, decide_reassign
from app.domain.review import ReviewDecision
from app.models import Assignment, Lead, Partnership, User
from app.queries.manufacturers import contact_ladder, contact_windows, organisation_calendar
from app.queries.people import people_to_tell
from app.queries.reassigning import reassign_facts
from app.services.audit import record_event
from app.services.distribution.deadlines import ABOUT_WORK, cancel_promises, keep_follow_up, promise
from app.services.distribution.hand_decisions import keep_hand_decision, weigh_taker
from app.services.distribution.reviewing import DIRECT_ROLES, close_review
from app.services.distribution.rounds import close_round
from app.services.distribution.telling import taken_by_hand, tell_who_was_asked_alone, tell_whose_work_ended
from app.services.network_order import hold_network
from app.services.notifications import owe_mails


def assign_lead(
    *,
    lead_id: uuid.UUID,
    actor: Viewer,
    reason: str,
    partnership_id: int | None = None,
    user_id: int | None = None,
) -> int:
    """Give a lead by hand to a partnership or to one of the manufacturer's own people, with a reason (B-06).

    Ends the open round or the present assignment; who loses the lead is told why. The prospect's consent binds a person
    too; territory and caps do not. Raises `NotFound`, `Forbidden`, `Invalid` (no reason, nobody named) and `Refused`
    (closed lead, consent, partnership not active, already theirs). Returns the assignment's id; a second call is
    refused as already theirs.
    """
    if not reason.strip():
        problem = Phrase(N_("Say why you assign this lead by hand: both sides will read it."))
        raise Invalid(problem, fields={"reason": problem})
    with transaction() as session:
        lead = lock_lead(session, lead_id, actor)
        if lead.state not in CLOSED_STATES and not (partnership_id or user_id):
            problem = Phrase(N_("Choose the partner or the person who takes it."))
            raise Invalid(problem, fields={"assignee": problem})
        taker = Taker(partnership_id=partnership_id) if partnership_id else Taker(user_id=user_id)
        return hand_over(session, lead, taker, actor=actor, reason=reason).id


def hand_over(
    session: Session, lead: Lead, taker: Taker, *, actor: Viewer, reason: str, is_confirmed: bool = True
) -> Assignment:
    """End what a lead is in, tell who loses it and why, and make it the taker's: a step of one transaction.

    Without `is_confirmed` it is refused where the manufacturer's own rules speak against the partner; where it is done
    all the same, the lead's trace says so. The caller holds the lead's lock. The network is held, so that a partnership
    that ends at this moment either is refused or finds the lead among those it works.
    """
    hold_network(session, lead.manufacturer_id)
    partnership = _chosen_partnership(session, lead, taker.partnership_id) if taker.partnership_id else None
    _standing, facts = reassign_facts(session, lead.manufacturer_id, [lead.id], taker)[lead.id]
    decide_reassign(facts, taker)
    lock_places(session, lead, partnership)
    weighed = weigh_taker(session, lead, taker, is_confirmed=is_confirmed)
    seller = _chosen_seller(session, actor, taker.user_id) if taker.user_id else None
    now = read_clock(session)
    tell_who_was_asked_alone(session, lead, taken_by_hand(reason), but=taker)
    close_round(session, lead, RoundOutcome.ASSIGNED_BY_HAND)
    work = end_work_by_hand(session, lead, actor=actor, reason=reason)
    chosen = partnership or seller
    keep_hand_decision(session, lead, weighed, actor=actor, name=chosen.name if chosen else "", reason=reason)
    made = start_assignment(
        session,
        lead,
        AssignmentOrigin.HAND,
        now,
        actor=actor,
        partnership=partnership,
        seller=seller,
        reason=reason,
    )
    if work is not None:
        keep_follow_up(session, lead, made)
    return made


def end_work_by_hand(session: Session, lead: Lead, *, actor: Viewer, reason: str) -> Assignment | None:
    """End who works a lead because a person decided so, and tell them why; None when nobody worked it."""
    work = end_assignment(session, lead, AssignmentEnd.REASSIGNED)
    if work is not None:
        tell_whose_work_ended(session, lead, work, reason, actor)
    return work


def lock_lead(session: Session, lead_id: uuid.UUID, actor: Viewer) -> Lead:
    """The manufacturer's lead with its row locked, for a person who may hand out leads."""
    lead = session.get(Lead, lead_id, with_for_update=True, populate_existing=True)
    if lead is None or lead.manufacturer_id != actor.organisation_id:
        raise NotFound
    if not actor.has_role(*DIRECT_ROLES):
        raise Forbidden
    return lead


def start_assignment(
    session: Session,
    lead: Lead,
    origin: AssignmentOrigin,
    now: datetime,
    *,
    actor: Viewer | None,
    partnership: Partnership | None = None,
    seller: User | None = None,
    reason: str = "",
) -> Assignment:
    """Make a lead somebody's: the assignment, its contact deadline, the capacity it takes, the event, the mail.

    The caller holds the lead's lock and has ended what was there before.
    """
    assignment = _add_assignment(session, lead, origin, partnership, seller, reason.strip())
    close_review(session, lead, ReviewDecision.ASSIGNED, actor=actor)
    lead.state = LeadState.ASSIGNED
    lead.review_reason = None
    lead.first_assigned_at = lead.first_assigned_at or now
    session.flush()
    if partnership is not None:
        _change_capacity(session, partnership.id, by=1)
    promise_contact(session, lead, assignment, now)
    record_event(
        session,
        EventKind.LEAD_ASSIGNED,
        actor=actor,
        manufacturer_id=lead.manufacturer_id,
        lead_id=lead.id,
        partnership_id=assignment.partnership_id,
        data={"origin": origin.value, "reason": assignment.reason, "user_id": assignment.user_id},
    )
    _tell_assignee(session, lead, assignment, partnership)
    return assignment


def _add_assignment(
    session: Session,
    lead: Lead,
    origin: AssignmentOrigin,
    partnership: Partnership | None,
    seller: User | None,
    reason: str,
) -> Assignment:
    assignment = Assignment(
        lead_id=lead.id,
        manufacturer_id=lead.manufacturer_id,
        partnership_id=partnership.id if partnership else None,
        partner_id=partnership.partner_id if partnership else None,
        user_id=seller.id if seller else None,
        origin=origin,
        reason=reason,
    )
    session.add(assignment)
    return assignment


def promise_contact(session: Session, lead: Lead, assignment: Assignment, now: datetime) -> datetime:
    """Start the clock of the first contact attempt, in the working time of whoever works the lead; returns its end.

    The steps of the escalation ladder are promised with it: what happens when nobody contacts the prospect.
    """
    calendar = organisation_calendar(session, assignment.partner_id or assignment.manufacturer_id)
    is_owners = assignment.origin is AssignmentOrigin.OWNER
    window = contact_windows(session, lead.manufacturer_id).window_for(is_hot=lead.is_hot, is_owners=is_owners)
    promised = contact_promises(
        contact_ladder(session, lead.plan_id),
        calendar,
        window,
        now,
        is_hot=lead.is_hot,
        is_own_seller=assignment.partner_id is None,
    )
    for one in promised:
        promise(session, lead, one.kind, one.due_at, clock=one.clock, assignment_id=assignment.id, step=one.step)
    return promised[0].due_at


def end_assignment(session: Session, lead: Lead, end: AssignmentEnd) -> Assignment | None:
    """End the lead's active assignment, free the capacity it took, and cancel what was promised for it.

    None when nobody worked the lead. The caller holds the lead's lock; the partnership is locked after it.
    """
    active = session.scalars(
        select(Assignment).where(Assignment.lead_id == lead.id, Assignment.ended_at.is_(None))
    ).one_or_none()
    if active is None:
        return None
    active.ended_at = session.scalar(select(clock_now()))
    active.end = end
    if active.partnership_id is not None and active.first_attempt_at is None:
        free_capacity(session, active.partnership_id)
    cancel_promises(session, lead.id, *ABOUT_WORK)
    session.flush()
    return active


def free_capacity(session: Session, partnership_id: int) -> None:
    """Give a partnership back the place that one lead without a contact attempt took."""
    _change_capacity(session, partnership_id, by=-1)


def _change_capacity(session: Session, partnership_id: int, *, by: int) -> None:
    """Count on from what stands in the row, whoever else takes or frees a place at this moment."""
    session.execute(
        update(Partnership)
        .where(Partnership.id == partnership_id)
        .values(unworked_claims=Partnership.unworked_claims + by)
        .execution_options(synchronize_session=False)
    )


def _chosen_partnership(session: Session, lead: Lead, partnership_id: int) -> Partnership:
    partnership = session.get(Partnership, partnership_id)
    if partnership is None or partnership.manufacturer_id != lead.manufacturer_id:
        raise NotFound
    return partnership


def _chosen_seller(session: Session, actor: Viewer, user_id: int) -> User:
    """The seller, who cannot leave before this is committed: nobody leaves a lead to nobody."""
    seller = session.get(User, user_id, with_for_update={"read": True, "of": User}, populate_existing=True)
    if seller is None or seller.organisation_id != actor.organisation_id or seller.disabled_at is not None:
        raise NotFound
    return seller


def lock_places(session: Session, lead: Lead, partnership: Partnership | None) -> None:
    """Lock the partnerships whose places change in the order of their ids: two who swap two leads never interlock."""
    present = select(Assignment.partnership_id).where(Assignment.lead_id == lead.id, Assignment.ended_at.is_(None))
    concerned = Partnership.id.in_(present) | (Partnership.id == (partnership.id if partnership else None))
    session.execute(select(Partnership.id).where(concerned).order_by(Partnership.id).with_for_update(key_share=True))


def _tell_assignee(session: Session, lead: Lead, assignment: Assignment, partnership: Partnership | None) -> None:
    if partnership is None:
        people = [assignment.user_id] if assignment.user_id else []
    else:
        people = people_to_tell(session, partnership.partner_id)
    payload = {"lead_id": str(lead.id)}
    owe_mails(session, MailKind.LEAD_ASSIGNED_TO_PARTNER, people, payload=payload, once=f"assigned:{assignment.id}")

"""The steps of the ladder at which somebody is told that nobody answers, or that nobody calls (W-03, W-04)."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.domain.audit import EventKind
from app.domain.escalation import EscalationAction
from app.domain.notifications import MailKind
from app.models import Assignment, Deadline, Lead, Offer, Partnership, Round
from app.queries.escalation import channel_managers_of, sales_managers_of
from app.services.audit import record_event
from app.services.notifications import owe_mails

_MAILS = {
    EscalationAction.ALERT_SALES_MANAGER: MailKind.ESCALATION_TO_SALES_MANAGER,
    EscalationAction.ALERT_CHANNEL_MANAGER: MailKind.ESCALATION_TO_CHANNEL_MANAGER,
}


Silent = Offer | Assignment | Round
"""What nobody has acted on: an offer to one partner alone, its work, or a round in which many may take the lead."""


def silent_about(session: Session, deadline: Deadline) -> Silent | None:
    """The offer nobody has answered, the work nobody has begun, or the round in which nobody has taken the lead.

    None once somebody did: an offer that is answered, a first attempt, a round that is closed.
    """
    if deadline.offer_id is not None:
        offer = session.get_one(Offer, deadline.offer_id, populate_existing=True)
        return offer if offer.answer is None else None
    if deadline.round_id is not None:
        waiting = session.get_one(Round, deadline.round_id, populate_existing=True)
        return waiting if waiting.closed_at is None else None
    if deadline.assignment_id is None:
        return None
    work = session.get_one(Assignment, deadline.assignment_id, populate_existing=True)
    return work if work.ended_at is None and work.first_attempt_at is None else None


def alert(session: Session, deadline: Deadline, lead: Lead, silent: Silent, step: EscalationAction) -> None:
    """Tell whom the step names, by mail and in the time line; the mail says what happens next, and when."""
    partnership_id = None if isinstance(silent, Round) else silent.partnership_id
    partnership = session.get(Partnership, partnership_id) if partnership_id else None
    if step is EscalationAction.ALERT_SALES_MANAGER:
        people = sales_managers_of(session, partnership) if partnership else []
    else:
        people = channel_managers_of(session, lead.manufacturer_id, partnership)
    record_event(
        session,
        EventKind.LEAD_ESCALATED,
        manufacturer_id=lead.manufacturer_id,
        lead_id=lead.id,
        partnership_id=partnership_id,
        data={"what": deadline.kind.value, "step": step.value, "due_at": deadline.due_at.isoformat()},
    )
    payload = {"deadline_id": deadline.id, "lead_id": str(lead.id)}
    owe_mails(session, _MAILS[step], people, payload=payload, once=f"{step.value}:{deadline.id}")

"""The steps of the ladder at which somebody is told that nobody answers, or that nobody calls (W-03, W-04)."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.domain.audit import EventKind
from app.domain.escalation import EscalationAction
from app.domain.notifications import MailKind
from app.models import Assignment, Deadline, Lead, Offer, Partnership
from app.queries.escalation import channel_managers_of, sales_managers_of
from app.services.audit import record_event
from app.services.notifications import owe_mails

_MAILS = {
    EscalationAction.ALERT_SALES_MANAGER: MailKind.ESCALATION_TO_SALES_MANAGER,
    EscalationAction.ALERT_CHANNEL_MANAGER: MailKind.ESCALATION_TO_CHANNEL_MANAGER,
}


def silent_about(session: Session, deadline: Deadline) -> Offer | Assignment | None:
    """The offer nobody has answered, or the work nobody has begun, that a promise is about; None once somebody did."""
    if deadline.offer_id is not None:
        offer = session.get_one(Offer, deadline.offer_id, populate_existing=True)
        return offer if offer.answer is None else None
    if deadline.assignment_id is None:
        return None
    work = session.get_one(Assignment, deadline.assignment_id, populate_existing=True)
    return work if work.ended_at is None and work.first_attempt_at is None else None


def alert(session: Session, deadline: Deadline, lead: Lead, silent: Offer | Assignment, step: EscalationAction) -> None:
    """Tell whom the step names, by mail and in the time line; the mail says what happens next, and when."""
    partnership = session.get(Partnership, silent.partnership_id) if silent.partnership_id else None
    if step is EscalationAction.ALERT_SALES_MANAGER:
        people = sales_managers_of(session, partnership) if partnership else []
    else:
        people = channel_managers_of(session, lead.manufacturer_id, partnership)
    record_event(
        session,
        EventKind.LEAD_ESCALATED,
        manufacturer_id=lead.manufacturer_id,
        lead_id=lead.id,
        partnership_id=silent.partnership_id,
        data={"what": deadline.kind.value, "step": step.value, "due_at": deadline.due_at.isoformat()},
    )
    payload = {"deadline_id": deadline.id, "lead_id": str(lead.id)}
    owe_mails(session, _MAILS[step], people, payload=payload, once=f"{step.value}:{deadline.id}")

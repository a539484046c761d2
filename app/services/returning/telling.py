"""Who is told that a lead came back, and that its return was taken back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.identity import Role, Viewer
from app.domain.notifications import MailKind
from app.models import Assignment, Lead, Partnership
from app.queries.escalation import workers_of
from app.queries.people import people_to_tell
from app.services.distribution.reviewing import DIRECT_ROLES
from app.services.notifications import owe_mails


def tell_returned(session: Session, lead: Lead, work: Assignment, actor: Viewer) -> None:
    """The partnership's channel manager is told, or all of them where it has none; not who returned it."""
    told = [user_id for user_id in _watching(session, lead, work) if user_id != actor.user_id]
    payload = {"lead_id": str(lead.id), "assignment_id": work.id}
    once = f"returned:{work.id}:{work.ended_at.isoformat() if work.ended_at else ''}"
    owe_mails(session, MailKind.LEAD_RETURNED_TO_MANUFACTURER, told, payload=payload, once=once)


def tell_taken_back(
    session: Session, lead: Lead, work: Assignment, actor: Viewer, returned_at: datetime, *, was_asked: bool
) -> None:
    """Everybody at the manufacturer who was told of the return, or asked what becomes of the lead (`was_asked`).

    Whoever works it again is told as well, where the manufacturer's person took the return back; nobody who did it.
    """
    asked = people_to_tell(session, lead.manufacturer_id, DIRECT_ROLES) if was_asked else []
    once, payload = f"return_undone:{work.id}:{returned_at.isoformat()}", {"lead_id": str(lead.id)}
    told = dict.fromkeys([*_watching(session, lead, work), *asked])
    told.pop(actor.user_id, None)
    kind = MailKind.RETURN_UNDONE_TO_MANUFACTURER
    owe_mails(session, kind, told, payload={**payload, "assignment_id": work.id}, once=once)
    if actor.organisation_id != (work.partner_id or work.manufacturer_id):
        owe_mails(session, MailKind.LEAD_ASSIGNED_TO_PARTNER, workers_of(session, work), payload=payload, once=once)


def _watching(session: Session, lead: Lead, work: Assignment) -> list[int]:
    partnership = session.get(Partnership, work.partnership_id) if work.partnership_id else None
    people = people_to_tell(session, lead.manufacturer_id, [Role.CHANNEL_MANAGER])
    if partnership is not None and partnership.channel_manager_id in people:
        return [partnership.channel_manager_id]
    return people

"""What the mails about a returned lead say: who returned it, why, what becomes of it, and who has it again."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.domain.distribution import AssignmentEnd
from app.models import Assignment, Lead, Partnership, User
from app.queries.account_mails import what_is_next


def returned_facts(session: Session, payload: Mapping[str, Any], *, organisation_id: int) -> Mapping[str, Any] | None:
    """A lead that came back to its manufacturer; None when the return was taken back since."""
    lead = session.get(Lead, uuid.UUID(payload["lead_id"]))
    work = session.get(Assignment, payload["assignment_id"])
    if (
        lead is None
        or lead.manufacturer_id != organisation_id
        or work is None
        or work.end is not AssignmentEnd.RETURNED
    ):
        return None
    return {
        "lead_id": lead.id,
        "partner": _worker(session, work),
        "reason": work.return_reason,
        "note": work.return_note,
        "next": what_is_next(session, lead),
    }


def undone_facts(session: Session, payload: Mapping[str, Any], *, organisation_id: int) -> Mapping[str, Any] | None:
    """A lead whose return was taken back; None when it is not worked by the same any more."""
    work = session.get(Assignment, payload["assignment_id"])
    if work is None or work.manufacturer_id != organisation_id or work.ended_at is not None:
        return None
    return {"lead_id": work.lead_id, "partner": _worker(session, work)}


def _worker(session: Session, work: Assignment) -> str:
    """The partner's or the seller's name."""
    partnership = session.get(Partnership, work.partnership_id) if work.partnership_id else None
    seller = session.get(User, work.user_id) if work.user_id else None
    return partnership.name if partnership else seller.name if seller else ""

"""What the mail about a returned lead says: who returned it, why, and what becomes of it."""

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
    partnership = session.get(Partnership, work.partnership_id) if work.partnership_id else None
    seller = session.get(User, work.user_id) if work.user_id else None
    return {
        "lead_id": lead.id,
        "partner": partnership.name if partnership else seller.name if seller else "",
        "reason": work.return_reason,
        "note": work.return_note,
        "next": what_is_next(session, lead),
    }

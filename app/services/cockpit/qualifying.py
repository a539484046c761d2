"""Keeping who the contact is in the decision, and what is known of the deal; nothing is overwritten silently."""

from __future__ import annotations

import uuid

from app.database import read_clock, transaction
from app.domain.audit import EventKind
from app.domain.cockpit import decide_edit
from app.domain.identity import Viewer
from app.domain.qualification import ContactRole, Qualification, QualificationField, decide_qualification
from app.models import Lead
from app.services.cockpit.working import lock_worked_lead


def record_qualification(*, lead_id: uuid.UUID, actor: Viewer, version: int, known: Qualification) -> list[str]:
    """Keep the contact's role and department and what is known of the deal; returns the names of what has changed.

    A partner may once it works the lead, the manufacturer's people at any time before it is closed. Whose the lead is
    does not change by it. `version` is the one the editor saw. Raises `StaleEdit` with both versions when somebody was
    faster, `Refused` for a closed lead, `Invalid`, `NotFound`, `Forbidden`. The same again changes nothing.
    """
    with transaction() as session:
        worked = lock_worked_lead(session, lead_id, actor)
        lead = worked.lead
        before = qualification_of(lead).values()
        changed = decide_edit(version, lead.version, mine=decide_qualification(lead.state, known), theirs=before)
        if not changed:
            return []
        kept = before | changed
        role = kept["contact_role"]
        lead.contact_role = ContactRole(str(role)) if role else None
        lead.department = str(kept["department"])
        lead.qualification = {one.value: kept[one.value] for one in QualificationField if kept[one.value]}
        worked.tell(session, EventKind.QUALIFICATION_CHANGED, _told(before, changed))
        worked.mark_changed(read_clock(session))
        return sorted(changed)


def qualification_of(lead: Lead) -> Qualification:
    """What is known now."""
    known = {one: str(lead.qualification.get(one.value, "")) for one in QualificationField}
    return Qualification(lead.contact_role, lead.department, known)


def _told(before: dict[str, object], changed: dict[str, object]) -> dict[str, object]:
    """What the trail keeps: the role, and which answers changed. The answers may name people, so they stay out."""
    role = {"contact_role"} & changed.keys()
    return {
        "before": {name: before[name] for name in role},
        "after": {name: changed[name] for name in role},
        "fields": sorted(changed.keys() - role),
    }

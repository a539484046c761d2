"""The lead somebody works, locked, with the assignment it is worked under."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.audit import EventKind
from app.domain.errors import Forbidden, NotFound
from app.domain.identity import PARTNER_ROLES, Role, Viewer
from app.domain.visibility import visible_fields
from app.models import Assignment, Lead
from app.queries.cockpit.scope import held_by
from app.services.audit import record_event

MANUFACTURERS_WORKERS = (Role.ADMIN, Role.CHANNEL_MANAGER, Role.INSIDE_SALES)
WORKING_ROLES = MANUFACTURERS_WORKERS + PARTNER_ROLES
"""Who may work a lead it can see; a manufacturer's arbiter and viewer only read."""


@dataclass(frozen=True, slots=True)
class WorkedLead:
    """A lead whose row is locked, its latest assignment, and who is at work on it."""

    lead: Lead
    assignment: Assignment | None
    actor: Viewer

    @property
    def is_on_behalf(self) -> bool:
        """Whether the manufacturer's person does what a partner is assigned to do."""
        return self.actor.is_manufacturer and self.assignment is not None and self.assignment.partnership_id is not None

    def tell(self, session: Session, kind: EventKind, data: Mapping[str, Any]) -> None:
        """Write a line of the trail about this lead."""
        record_event(
            session,
            kind,
            actor=self.actor,
            manufacturer_id=self.lead.manufacturer_id,
            lead_id=self.lead.id,
            partnership_id=self.assignment.partnership_id if self.assignment else None,
            data=data,
        )

    def mark_changed(self, now: datetime) -> None:
        """Raise the lead's version: whoever loaded it before is told so when saving."""
        self.lead.version += 1
        self.lead.updated_at = now


def lock_worked_lead(session: Session, lead_id: uuid.UUID, actor: Viewer) -> WorkedLead:
    """Lock the lead's row for somebody who may work it; partnerships are locked after it, never before.

    Raises `NotFound` for whoever may not see the lead in full, `Forbidden` for readers among the manufacturer's people.
    """
    lead = session.get(Lead, lead_id, with_for_update=True, populate_existing=True)
    if lead is None:
        raise NotFound
    latest = select(Assignment).where(Assignment.lead_id == lead_id).order_by(Assignment.id.desc()).limit(1)
    assignment = session.scalars(latest).one_or_none()
    sight = visible_fields(actor, manufacturer_id=lead.manufacturer_id, assigned_partner_id=held_by(assignment))
    if not sight.is_full:
        raise NotFound
    if not actor.has_role(*WORKING_ROLES):
        raise Forbidden
    return WorkedLead(lead, assignment, actor)

"""Where leads stand that somebody is about to move by hand, and who is to have them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.domain.consent import ConsentScope
from app.domain.errors import NotFound
from app.domain.partners import PartnershipStatus
from app.domain.reassigning import LeadStanding, ReassignFacts, Taker
from app.models import Assignment, Consent, Lead, Partnership, Round, User


def reassign_facts(
    session: Session, manufacturer_id: int, lead_ids: Collection[uuid.UUID], taker: Taker
) -> Mapping[uuid.UUID, tuple[LeadStanding, ReassignFacts]]:
    """Where each of a manufacturer's leads stands, and what decides whether it may go to `taker`."""
    status = select(Partnership.status).where(
        Partnership.id == taker.partnership_id, Partnership.manufacturer_id == manufacturer_id
    )
    is_active = taker.partnership_id is None or session.scalar(status) is PartnershipStatus.ACTIVE
    rows = session.execute(
        select(
            Lead.id,
            Lead.state,
            Assignment.id.label("assignment_id"),
            Assignment.partnership_id,
            Assignment.user_id,
            Round.id.label("round_id"),
            Round.kind.label("round_kind"),
            Consent.scope,
            Consent.partnership_ids,
            Consent.withdrawn_at,
        )
        .outerjoin(Assignment, and_(Assignment.lead_id == Lead.id, Assignment.ended_at.is_(None)))
        .outerjoin(Round, and_(Round.lead_id == Lead.id, Round.closed_at.is_(None)))
        .outerjoin(Consent, Consent.lead_id == Lead.id)
        .where(Lead.id.in_(lead_ids), Lead.manufacturer_id == manufacturer_id)
    )
    return {
        row.id: (
            LeadStanding(row.state, row.assignment_id, row.round_id),
            ReassignFacts(
                state=row.state,
                worker=_worker(row.assignment_id, row.partnership_id, row.user_id),
                round_kind=row.round_kind,
                consent_scope=row.scope if row.scope and row.withdrawn_at is None else ConsentScope.NONE,
                named_ids=tuple(row.partnership_ids or ()),
                is_partner_active=is_active,
            ),
        )
        for row in rows
    }


def _worker(assignment_id: int | None, partnership_id: int | None, user_id: int | None) -> Taker | None:
    if assignment_id is None:
        return None
    return Taker(partnership_id=partnership_id) if partnership_id is not None else Taker(user_id=user_id)


def taker_name(session: Session, manufacturer_id: int, taker: Taker) -> str:
    """What the chosen partner or person is called; empty for a plan. `NotFound` for anybody else's."""
    if taker.is_plan:
        return ""
    partner = select(Partnership.name).where(
        Partnership.id == taker.partnership_id, Partnership.manufacturer_id == manufacturer_id
    )
    person = select(User.name).where(User.id == taker.user_id, User.organisation_id == manufacturer_id)
    name = session.scalar(partner if taker.partnership_id is not None else person)
    if name is None:
        raise NotFound
    return name

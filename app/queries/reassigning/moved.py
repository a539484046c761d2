"""What became of the leads of a move."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from app.database import db
from app.domain.audit import EventKind
from app.domain.distribution import RoundKind
from app.domain.errors import NotFound
from app.domain.identity import Viewer
from app.domain.leads import LeadState
from app.domain.phrases import N_, Phrase
from app.domain.reassigning import Taker
from app.models import Event, Lead, RoutingDecision, User

WENT: dict[str, Phrase] = {
    RoundKind.OWNER.value: Phrase(N_("It is reserved to the partner that owns the company.")),
    RoundKind.BOARD.value: Phrase(N_("It is on the board.")),
    RoundKind.PUSH.value: Phrase(N_("One partner is asked alone.")),
    RoundKind.DIRECT.value: Phrase(N_("It waits in your direct queue.")),
    LeadState.IN_REVIEW.value: Phrase(N_("It is before one of your own people.")),
    LeadState.NURTURING.value: Phrase(N_("It is nurtured.")),
}
"""Where a plan took a lead, by what its decision came to; who got one by hand stands above."""


@dataclass(frozen=True, slots=True)
class MovedLead:
    """One lead of a move: `went` is where its plan took it, `why_not` why it stayed where it was."""

    id: uuid.UUID
    reference: str
    company: str
    why_not: Phrase | None = None
    went: Phrase | None = None


@dataclass(frozen=True, slots=True)
class Reassigned:
    """A move that was made: by whom, when, to whom, why, and what became of each lead. `taker` is empty for a plan."""

    by: str
    at: datetime
    taker: str
    reason: str
    done: tuple[MovedLead, ...]
    refused: tuple[MovedLead, ...]


def reassigned(*, viewer: Viewer, event_id: int) -> Reassigned:
    """What became of the leads of one move; `NotFound` for anybody but the manufacturer's."""
    session = db.session()
    event = session.get(Event, event_id)
    if event is None or event.kind is not EventKind.LEADS_REASSIGNED or event.manufacturer_id != viewer.organisation_id:
        raise NotFound
    done = [uuid.UUID(text) for text in event.data["leads"]]
    refused = {uuid.UUID(text): Phrase.from_json(why) for text, why in event.data["refused"].items()}
    leads = {lead.id: lead for lead in session.scalars(select(Lead).where(Lead.id.in_([*done, *refused])))}
    outcomes = _outcomes(session, done, event.at)
    by = session.get(User, event.actor_user_id) if event.actor_user_id else None
    return Reassigned(
        by=by.name if by else "",
        at=event.at,
        taker=event.data["taker"],
        reason=event.data["reason"],
        done=tuple(_moved(leads[one], went=WENT.get(outcomes.get(one, ""))) for one in done if one in leads),
        refused=tuple(_moved(leads[one], why_not=why) for one, why in refused.items() if one in leads),
    )


def moved_since(
    session: Session, lead_ids: Collection[uuid.UUID], taker: Taker, *, actor: Viewer, reason: str, event_id: int
) -> frozenset[uuid.UUID]:
    """Which of the leads the person has moved to `taker` for that reason since an event, by the leads' own trail."""
    went: ColumnElement[bool] = Event.kind == EventKind.LEAD_ASSIGNED
    if taker.is_plan:
        went = Event.kind.in_((EventKind.LEAD_RELEASED, EventKind.LEAD_PLAN_RESUMED))
    elif taker.partnership_id is not None:
        went &= Event.partnership_id == taker.partnership_id
    else:
        went &= Event.data["user_id"].as_integer() == taker.user_id
    its = Event.lead_id.in_(lead_ids), Event.id > event_id, Event.actor_user_id == actor.user_id
    found = select(Event.lead_id).where(*its, went, Event.data["reason"].as_string() == reason)
    return frozenset(lead_id for lead_id in session.scalars(found) if lead_id is not None)


def _outcomes(session: Session, lead_ids: Collection[uuid.UUID], at: datetime) -> Mapping[uuid.UUID, str]:
    """What the last decision about each of the leads had come to when the move was done."""
    decided = (
        select(RoutingDecision.lead_id, RoutingDecision.outcome)
        .ext(distinct_on(RoutingDecision.lead_id))
        .where(RoutingDecision.lead_id.in_(lead_ids), RoutingDecision.decided_at <= at)
        .order_by(RoutingDecision.lead_id, RoutingDecision.id.desc())
    )
    return {row.lead_id: row.outcome for row in session.execute(decided)}


def _moved(lead: Lead, *, why_not: Phrase | None = None, went: Phrase | None = None) -> MovedLead:
    return MovedLead(lead.id, lead.reference, lead.company, why_not, went)

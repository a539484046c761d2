"""What a mail says, read when it is sent: only what its reader may know at that moment.

A query answers None when there is nothing left to say: the offer is over, the lead is somebody else's by now.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.deadlines import DeadlineKind
from app.domain.distribution import RoundKind
from app.domain.escalation import EscalationAction, reminder_ahead
from app.domain.identity import OrganisationKind
from app.domain.leads import LeadState
from app.domain.notifications import MailKind
from app.domain.phrases import Phrase
from app.domain.reservations import answer_asked
from app.models import (
    Assignment,
    Deadline,
    Lead,
    Offer,
    OneTimeLink,
    Organisation,
    OutboxMessage,
    Partnership,
    Round,
    SavedView,
    User,
)
from app.queries.account_mails import involved_facts, rule_facts, silent_facts, team_facts
from app.queries.board.cards import named_reasons, products_of
from app.queries.departure_mails import left_facts, moved_facts, offered_facts, rest_facts, taken_over_facts
from app.queries.escalation import ComingStep, coming_step, sales_managers_of
from app.queries.escalation_mails import (
    escalation_facts,
    follow_up_facts,
    nurture_facts,
    re_routed_facts,
    stalled_facts,
    taken_facts,
)
from app.queries.high_activity import high_activity_facts
from app.queries.response_mails import review_facts, standing_facts, suspension_facts
from app.queries.return_mails import returned_facts, undone_facts


@dataclass(frozen=True, slots=True)
class Reader:
    """The person a mail goes to."""

    user_id: int
    organisation_id: int
    organisation: str
    name: str
    email: str
    language: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class OwedMail:
    """One mail that is due: its number, its kind, its reader, and the facts its template draws from."""

    id: int
    kind: MailKind
    reader: Reader
    facts: Mapping[str, Any]


def reader_of(session: Session, user_id: int | None) -> Reader | None:
    """The person behind an owed mail; None once disabled: then nothing is sent any more."""
    row = session.execute(
        select(User, Organisation.name)
        .join(Organisation, Organisation.id == User.organisation_id)
        .where(User.id == user_id, User.disabled_at.is_(None))
    ).one_or_none()
    if row is None:
        return None
    user, organisation = row
    return Reader(user.id, user.organisation_id, organisation, user.name, user.email, user.language, user.time_zone)


def mail_facts(session: Session, message: OutboxMessage, reader: Reader) -> Mapping[str, Any] | None:
    """The facts of one owed mail for its reader, or None when it has become pointless."""
    return _FACTS[MailKind(message.kind)](session, message.payload, reader)


def _link(session: Session, payload: Mapping[str, Any], reader: Reader) -> Mapping[str, Any] | None:
    link = session.get(OneTimeLink, payload["link_id"])
    if link is None or link.user_id != reader.user_id or link.used_at or link.expires_at <= read_clock(session):
        return None
    return {"link_id": link.id, "expires_at": link.expires_at}


def _work(session: Session, payload: Mapping[str, Any], reader: Reader) -> Mapping[str, Any] | None:
    """A lead for whoever works it now, and by when the prospect is to be contacted."""
    row = session.execute(
        select(Lead, Organisation.name, Assignment.id, Assignment.reason)
        .join(Assignment, (Assignment.lead_id == Lead.id) & Assignment.ended_at.is_(None))
        .join(Organisation, Organisation.id == Lead.manufacturer_id)
        .where(
            Lead.id == uuid.UUID(payload["lead_id"]),
            func.coalesce(Assignment.partner_id, Assignment.manufacturer_id) == reader.organisation_id,
        )
    ).one_or_none()
    if row is None:
        return None
    lead, manufacturer, assignment_id, reason = row
    due = session.scalar(
        select(Deadline.due_at)
        .where(Deadline.assignment_id == assignment_id, Deadline.kind == DeadlineKind.CONTACT_DUE)
        .order_by(Deadline.id.desc())
        .limit(1)
    )
    return {**_told(lead), "lead_id": lead.id, "manufacturer": manufacturer, "due_at": due, "reason": reason}


def _offer(session: Session, payload: Mapping[str, Any], reader: Reader) -> Mapping[str, Any] | None:
    """An exclusive offer, blinded, while it can still be answered."""
    row = session.execute(
        select(Offer, Lead, Organisation.name, Round.answer_by)
        .join(Lead, Lead.id == Offer.lead_id)
        .join(Round, Round.id == Offer.round_id)
        .join(Organisation, Organisation.id == Offer.manufacturer_id)
        .where(
            Offer.id == uuid.UUID(payload["offer_id"]),
            Offer.partner_id == reader.organisation_id,
            Offer.answer.is_(None),
        )
    ).one_or_none()
    if row is None or row[0].expires_at <= read_clock(session):
        return None
    offer, lead, manufacturer, answer_by = row
    coming = coming_step(session, offer.lead_id, OrganisationKind.PARTNER)
    reasons = named_reasons(offer.reasons, products_of([offer.lead_id]).get(offer.lead_id, ()))
    return {
        **_told(lead),
        "offer_id": offer.id,
        "manufacturer": manufacturer,
        "expires_at": offer.expires_at,
        "asked": answer_asked(answer_by, offer.expires_at, OrganisationKind.PARTNER),
        "reasons": reasons,
        "next": _next(session, offer, coming, reader) if coming and coming.due_at < offer.expires_at else None,
    }


def _next(session: Session, offer: Offer, coming: ComingStep, reader: Reader) -> Phrase:
    """What happens to an offer before it ends; whoever would be told of the silence reads of a reminder."""
    if coming.step is EscalationAction.ALERT_SALES_MANAGER:
        asked = session.get_one(Partnership, offer.partnership_id)
        if reader.user_id in sales_managers_of(session, asked):
            return reminder_ahead(coming.due_at)
    return coming.what


def _in_question(session: Session, payload: Mapping[str, Any], reader: Reader) -> Mapping[str, Any] | None:
    """A lead of the reader's manufacturer, while it waits for a person to decide what becomes of it."""
    lead = session.get(Lead, uuid.UUID(payload["lead_id"]))
    if lead is None or lead.manufacturer_id != reader.organisation_id or lead.state is not LeadState.IN_REVIEW:
        return None
    return {**_told(lead), "lead_id": lead.id, "review_reason": lead.review_reason}


def _queued(session: Session, payload: Mapping[str, Any], reader: Reader) -> Mapping[str, Any] | None:
    """A lead of the reader's manufacturer, while it waits in the direct queue."""
    lead = session.get(Lead, uuid.UUID(payload["lead_id"]))
    if lead is None or lead.manufacturer_id != reader.organisation_id:
        return None
    queued = select(Round.id).where(Round.lead_id == lead.id, Round.kind == RoundKind.DIRECT)
    if session.scalar(queued.where(Round.closed_at.is_(None))) is None:
        return None
    return {**_told(lead), "lead_id": lead.id}


def _told(lead: Lead) -> Mapping[str, Any]:
    """What tells one lead from another and may be read before a claim too: it stands in subjects."""
    place = lead.subdivision or lead.country
    return {"title": lead.title, "is_hot": lead.is_hot, "reference": lead.reference, "place": place}


def _by_organisation(
    read: Callable[..., Mapping[str, Any] | None],
) -> Callable[[Session, Mapping[str, Any], Reader], Mapping[str, Any] | None]:
    """The facts of a mail about no lead, for the reader's organisation."""
    return lambda session, payload, reader: read(session, payload, organisation_id=reader.organisation_id)


def _of_account(
    read: Callable[..., Mapping[str, Any] | None],
) -> Callable[[Session, Mapping[str, Any], Reader], Mapping[str, Any] | None]:
    """The facts of a mail about an account's lead, with what tells one lead from another."""

    def facts(session: Session, payload: Mapping[str, Any], reader: Reader) -> Mapping[str, Any] | None:
        found = read(session, payload, organisation_id=reader.organisation_id)
        lead = session.get(Lead, uuid.UUID(payload["lead_id"]))
        if found is None or lead is None:
            return None
        manufacturer = session.get_one(Organisation, lead.manufacturer_id).name
        return {**_told(lead), "manufacturer": manufacturer, **found}

    return facts


def _view(session: Session, payload: Mapping[str, Any], reader: Reader) -> Mapping[str, Any] | None:
    """A saved view for the person whose it is, or for the colleague who stands in."""
    view = session.get(SavedView, payload["view_id"])
    owner = session.get(User, view.user_id) if view is not None else None
    if view is None or owner is None or owner.organisation_id != reader.organisation_id:
        return None
    stands_in_for = owner.name if owner.id != reader.user_id else None
    return {"name": view.name, "query": view.query, "count": payload["count"], "stands_in_for": stands_in_for}


_FACTS: dict[MailKind, Callable[[Session, Mapping[str, Any], Reader], Mapping[str, Any] | None]] = {
    MailKind.INVITATION_TO_USER: _link,
    MailKind.PASSWORD_RESET_TO_USER: _link,
    MailKind.LEAD_CLAIMED_TO_WINNER: _work,
    MailKind.LEAD_ASSIGNED_TO_PARTNER: _work,
    MailKind.CONTACT_OVERDUE_TO_PARTNER: _work,
    MailKind.PUSH_OFFER_TO_PARTNER: _offer,
    MailKind.OWNER_OFFER_TO_PARTNER: _offer,
    MailKind.OWNER_SILENT_TO_MANUFACTURER: _of_account(silent_facts),
    MailKind.ACCOUNT_LEAD_TO_TEAM: _of_account(team_facts),
    MailKind.ACCOUNT_LEAD_TO_PARTNER: _of_account(involved_facts),
    MailKind.DIRECT_QUEUE_TO_MANUFACTURER: _queued,
    MailKind.LEAD_IN_REVIEW_TO_MANUFACTURER: _in_question,
    MailKind.REVIEW_OVERDUE_TO_MANUFACTURER: _in_question,
    MailKind.HIGH_ACTIVITY_TO_OWNER: _by_organisation(high_activity_facts),
    MailKind.LEAD_RETURNED_TO_MANUFACTURER: _of_account(returned_facts),
    MailKind.RETURN_UNDONE_TO_MANUFACTURER: _of_account(undone_facts),
    MailKind.LEADS_MOVED_TO_PARTNER: _by_organisation(left_facts),
    MailKind.LEADS_MOVED_TO_MANUFACTURER: _by_organisation(moved_facts),
    MailKind.LEADS_TAKEN_OVER_TO_WORKER: _by_organisation(taken_over_facts),
    MailKind.PARTNERSHIP_RESTS_TO_PARTNER: _by_organisation(rest_facts),
    MailKind.PARTNERSHIP_RESUMED_TO_PARTNER: _by_organisation(rest_facts),
    MailKind.LEADS_OFFERED_TO_PARTNER: _by_organisation(offered_facts),
    MailKind.RESPONSE_WARNING_TO_PARTNER: _by_organisation(standing_facts),
    MailKind.CLAIMS_SUSPENDED_TO_PARTNER: _by_organisation(suspension_facts),
    MailKind.TERRITORY_REVIEW_TO_CHANNEL_MANAGER: _by_organisation(review_facts),
    MailKind.ESCALATION_TO_SALES_MANAGER: _of_account(escalation_facts),
    MailKind.ESCALATION_TO_CHANNEL_MANAGER: _of_account(escalation_facts),
    MailKind.LEAD_RE_ROUTED_TO_PARTNER: _of_account(re_routed_facts),
    MailKind.LEAD_TAKEN_TO_SELLER: _of_account(taken_facts),
    MailKind.STALLED_TO_PARTNER: _of_account(stalled_facts),
    MailKind.STALLED_TO_CHANNEL_MANAGER: _of_account(stalled_facts),
    MailKind.FOLLOW_UP_TO_WORKER: _of_account(follow_up_facts),
    MailKind.NURTURE_TO_WORKER: _of_account(nurture_facts),
    MailKind.ROUTING_RULE_TO_COLLEAGUE: _of_account(rule_facts),
    MailKind.SAVED_VIEW_MATCH_TO_USER: _view,
}

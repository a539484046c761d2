"""Leaving a lead to a person of its manufacturer: the question, who is to answer it and until when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.database import clock_now, read_clock
from app.domain.audit import EventKind
from app.domain.deadlines import DeadlineKind, Span, due_at
from app.domain.identity import Role, Viewer
from app.domain.leads import LeadState, ReviewReason
from app.domain.notifications import MailKind
from app.domain.phrases import N_, Phrase
from app.domain.review import ReviewDecision
from app.models import Lead, ManufacturerSettings, Review
from app.queries.manufacturers import organisation_calendar
from app.queries.people import people_to_tell, who_acts_for
from app.services.audit import record_event
from app.services.distribution.deadlines import cancel_promises, promise
from app.services.distribution.deciding import Considered, keep_decision
from app.services.notifications import owe_mails

DIRECT_ROLES = (Role.ADMIN, Role.CHANNEL_MANAGER, Role.INSIDE_SALES)
"""Who takes a lead from the direct queue or decides about it, and is told of it."""

_OPEN = select(Review).where(Review.lead_id == bindparam("lead_id"), Review.decided_at.is_(None))

REVIEW_PHRASES = {
    ReviewReason.NOBODY_ELIGIBLE: Phrase(
        N_("No partner may have this lead: see below which rule stopped each of them.")
    ),
    ReviewReason.COMPETITOR: Phrase(N_("The lead comes from a competitor.")),
    ReviewReason.PARTNER_COMPANY: Phrase(N_("The lead comes from one of your partners.")),
    ReviewReason.NEAR_MATCH: Phrase(N_("The lead may come from a known company: a person decides.")),
    ReviewReason.OWNER_CONFLICT: Phrase(N_("Two owners have a claim to this company: a person decides.")),
    ReviewReason.RETURNED: Phrase(N_("It came back from whoever worked it: see what is wrong with it.")),
    ReviewReason.CONSENT_PROBLEM: Phrase(N_("The prospect does not want to be contacted, or denies having asked.")),
    ReviewReason.MANUAL_REVIEW: Phrase(N_("A person decides about this lead.")),
}


def send_to_review(
    session: Session,
    lead: Lead,
    reason: ReviewReason,
    considered: Considered | None,
    *,
    cause: str,
    actor: Viewer | None = None,
    reasons: Sequence[Phrase] = (),
    candidates: Sequence[dict[str, Any]] = (),
    owner_user_id: int | None = None,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Leave the lead to a person of the manufacturer until the end of the working day; who may decide is told by mail.

    `reasons` come before the reason's own sentence in the decision, `facts` stay with it; `candidates` are the accounts
    to choose from. Whose the review is follows from `owner_user_id`, else from the manufacturer's settings.
    """
    lead.state = LeadState.IN_REVIEW
    lead.review_reason = reason
    told = [*reasons, REVIEW_PHRASES[reason]]
    keep_decision(session, lead, cause=cause, outcome="in_review", reasons=told, considered=considered, facts=facts)
    review = open_review(session, lead, reason, candidates=candidates, owner_user_id=owner_user_id)
    record_event(
        session,
        EventKind.LEAD_SENT_TO_REVIEW,
        actor=actor,
        manufacturer_id=lead.manufacturer_id,
        lead_id=lead.id,
        data={"reason": reason.value},
    )
    owe_to_manufacturer(session, lead, MailKind.LEAD_IN_REVIEW_TO_MANUFACTURER, once=f"review:{review.id}")


def open_review(
    session: Session,
    lead: Lead,
    reason: ReviewReason,
    *,
    candidates: Sequence[dict[str, Any]] = (),
    owner_user_id: int | None = None,
) -> Review:
    """Write the question down, due at the end of the manufacturer's working day.

    The caller holds the lead's lock. A review that is still open is answered as no longer needed.
    """
    close_review(session, lead, ReviewDecision.NO_LONGER_NEEDED)
    settings = session.get_one(ManufacturerSettings, lead.manufacturer_id)
    calendar = organisation_calendar(session, lead.manufacturer_id)
    owner_id = owner_user_id or settings.reviewer_id
    review = Review(
        manufacturer_id=lead.manufacturer_id,
        lead_id=lead.id,
        reason=reason,
        candidates=list(candidates),
        owner_user_id=who_acts_for(session, owner_id) if owner_id else None,
        due_at=due_at(Span(is_same_day=True), calendar, read_clock(session)),
    )
    session.add(review)
    promise(session, lead, DeadlineKind.REVIEW_DUE, review.due_at)
    session.flush()
    return review


def close_review(
    session: Session,
    lead: Lead,
    decision: ReviewDecision,
    *,
    account_id: int | None = None,
    actor: Viewer | None = None,
    note: str = "",
    before: dict[str, Any] | None = None,
) -> Review | None:
    """Answer a lead's open review and take its deadline back; None when none is open.

    `before` is what taking the decision back restores.
    """
    review = session.scalars(_OPEN, {"lead_id": lead.id}).one_or_none()
    if review is None:
        return None
    review.decision, review.decided_at = decision, session.scalar(select(clock_now()))
    review.decided_by_id = actor.user_id if actor else None
    review.account_id, review.note, review.before = account_id, note, before or {}
    cancel_promises(session, lead.id, DeadlineKind.REVIEW_DUE)
    session.flush()
    return review


def owe_to_manufacturer(session: Session, lead: Lead, kind: MailKind, *, once: str) -> None:
    """Owe a mail about the lead to each person of its manufacturer who may act on it; once per `once` and person."""
    people = people_to_tell(session, lead.manufacturer_id, DIRECT_ROLES)
    owe_mails(session, kind, people, payload={"lead_id": str(lead.id)}, once=f"{kind.value}:{lead.id}:{once}")

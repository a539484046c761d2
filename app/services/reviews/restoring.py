"""A lead as it stood before a decision, kept with the decision and brought back from there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts import AccountLevel
from app.domain.deadlines import DeadlineKind
from app.domain.distribution import AssignmentEnd, RoundOutcome
from app.domain.leads import LeadState, ReviewReason
from app.domain.review import ReviewDecision
from app.models import Account, Assignment, Lead, Review
from app.services.distribution.assigning import end_assignment
from app.services.distribution.deadlines import cancel_promises, promise
from app.services.distribution.reviewing import close_review
from app.services.distribution.rounds import close_round
from app.services.matching import link_to_account

_PLAIN = ("match_score", "match_signals", "plan_id", "closing_note")


def standing_of(lead: Lead) -> dict[str, Any]:
    """What a decision may change of a lead, as JSON."""
    return {name: getattr(lead, name) for name in _PLAIN} | {
        "state": lead.state.value,
        "review_reason": lead.review_reason.value if lead.review_reason else None,
        "account_id": lead.account_id,
        "account_level": lead.account_level.value if lead.account_level else None,
        "is_linked_by_hand": lead.is_linked_by_hand,
        "has_been_distributed": lead.distributed_at is not None,
        "has_been_assigned": lead.first_assigned_at is not None,
    }


def link_of(lead: Lead) -> list[Any]:
    """Whose a lead is and whether a person said so, as JSON: tells whether somebody has linked it since."""
    return [lead.account_id, lead.is_linked_by_hand]


def restore_standing(session: Session, lead: Lead, before: Mapping[str, Any]) -> None:
    """Take back what followed a decision (round, seller's assignment, promises) and give the lead its old standing.

    An account that has been merged since is the one it went into, any other that has ended is none. The caller holds
    the lead's lock and has made sure that no partner has it.
    """
    close_round(session, lead, RoundOutcome.WITHDRAWN)
    end_assignment(session, lead, AssignmentEnd.REASSIGNED)
    cancel_promises(session, lead.id)
    account_id = _in_use(session, before["account_id"])
    has_lost = account_id is None and before["account_id"] is not None
    link_to_account(session, lead, account_id, by_hand=before["is_linked_by_hand"] and not has_lost)
    for name in _PLAIN:
        setattr(lead, name, before[name])
    lead.state = LeadState(before["state"])
    lead.review_reason = ReviewReason(before["review_reason"]) if before["review_reason"] else None
    lead.account_level = AccountLevel(before["account_level"]) if before["account_level"] else None
    lead.closed_at = None
    if not before["has_been_distributed"]:
        lead.distributed_at = None
    if not before["has_been_assigned"]:
        lead.first_assigned_at = None
    session.flush()


def _in_use(session: Session, account_id: int | None) -> int | None:
    """The account as it goes on: itself, else where it was merged to, else none."""
    account = session.get(Account, account_id) if account_id is not None else None
    while account is not None and account.ended_at is not None:
        account = session.get(Account, account.merged_into_id) if account.merged_into_id is not None else None
    return account.id if account is not None else None


def reopen_review(session: Session, review: Review, lead: Lead) -> None:
    """Ask again, with the first due time; a question that has followed since is answered as no longer needed."""
    close_review(session, lead, ReviewDecision.NO_LONGER_NEEDED)
    review.decision = review.decided_at = review.decided_by_id = review.account_id = None
    review.note, review.before = "", {}
    promise(session, lead, DeadlineKind.REVIEW_DUE, review.due_at)
    session.flush()


def is_taken(session: Session, lead: Lead) -> bool:
    """Whether a partner works the lead, who has seen whose it is, or a seller who has made a contact attempt."""
    active = session.scalars(
        select(Assignment).where(Assignment.lead_id == lead.id, Assignment.ended_at.is_(None))
    ).one_or_none()
    return active is not None and (active.partnership_id is not None or active.first_attempt_at is not None)

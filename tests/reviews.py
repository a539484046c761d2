"""Questions about leads for tests: a lead before a person, with the accounts it may belong to."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.audit import EventKind
from app.domain.deadlines import DeadlineKind
from app.domain.leads import LeadState, ReviewReason
from app.domain.matching.decision import Signal, SignalKind
from app.domain.phrases import Phrase
from app.models import Account, AccountName, Deadline, Event, Lead, Review, Round
from app.services.distribution.reviewing import open_review
from tests import factories
from tests.cast import Cast

TYPED = {"company": "Hofman Praezision", "company_key": "hofman praezision", "company_domain": "hofmann.example"}
"""What a prospect typed that is nearly the name of a customer."""


def ask_about(
    session: Session,
    cast: Cast,
    *candidates: Account,
    reason: ReviewReason = ReviewReason.NEAR_MATCH,
    score: int = 76,
    owner_user_id: int | None = None,
    house: str = "acme",
    product: str = "pump",
    **lead_values: Any,
) -> Review:
    """A lead from Munich in review, of whom the candidates are asked, each a little less likely than the one before."""
    values = {"state": LeadState.IN_REVIEW, "review_reason": reason} | lead_values
    lead = factories.lead(session, getattr(cast, house), [cast.products[product]], **values)
    signals = [
        Signal(SignalKind.SIMILAR, account.id, score - place, (Phrase("One word is spelled differently"),))
        for place, account in enumerate(candidates)
    ]
    stored = [
        {"account_id": signal.account_id, "score": signal.score, "signals": [signal.to_json()]} for signal in signals
    ]
    review = open_review(session, lead, reason, candidates=stored, owner_user_id=owner_user_id)
    session.commit()
    return review


def lead_of(session: Session, review: Review) -> Lead:
    """The question's lead as it stands now."""
    return session.get_one(Lead, review.lead_id, populate_existing=True)


def open_round(session: Session, review: Review) -> Round | None:
    """The round that the lead is in."""
    wanted = select(Round).where(Round.lead_id == review.lead_id, Round.closed_at.is_(None))
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def learnt(session: Session, account: Account) -> list[str]:
    """What the account has been taught to be called."""
    named = select(AccountName.name).where(AccountName.account_id == account.id, AccountName.is_learned)
    return list(session.scalars(named))


def told(session: Session, review: Review, kind: EventKind) -> list[dict[str, Any]]:
    """What the trail says of the lead, of one kind."""
    return [
        one.data for one in session.scalars(select(Event).where(Event.lead_id == review.lead_id)) if one.kind is kind
    ]


def due(session: Session, review: Review) -> int:
    """How many reminders of the question are promised."""
    pending = select(Deadline).where(
        Deadline.lead_id == review.lead_id,
        Deadline.kind == DeadlineKind.REVIEW_DUE,
        Deadline.cancelled_at.is_(None),
        Deadline.fired_at.is_(None),
    )
    return len(session.scalars(pending).all())

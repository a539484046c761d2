"""What people have answered before: rules never ask the same again."""

from __future__ import annotations

import uuid

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.domain.leads import ReviewReason
from app.domain.review import ANSWERS, ReviewDecision
from app.models import Lead, Review

_ABOUT_NAME = (
    select(Review.decision, Review.account_id, Review.candidates, Review.before["lead"]["account_id"].as_integer())
    .join(Lead, Lead.id == Review.lead_id)
    .where(
        Lead.manufacturer_id == bindparam("manufacturer_id"),
        Lead.company_key == bindparam("company_key"),
        Review.decision.in_((ReviewDecision.MATCHED, ReviewDecision.NOT_THIS, ReviewDecision.NEW_ACCOUNT)),
    )
    .order_by(Review.decided_at, Review.id)
)
_ABOUT_LEAD = select(Review.reason).where(
    Review.lead_id == bindparam("lead_id"),
    Review.decided_by_id.is_not(None),
    Review.decision.in_(ANSWERS),
    Review.decision != ReviewDecision.DISQUALIFIED,
)


def rejected_accounts(session: Session, manufacturer_id: int, company_key: str) -> set[int]:
    """The accounts of which a person has said that companies of this normalised name are not them.

    These are the candidates, and the account the lead was linked to when a person was asked about it. The latest word
    counts: an account that was matched with the name afterwards is not among them.
    """
    if not company_key:
        return set()
    given = {"manufacturer_id": manufacturer_id, "company_key": company_key}
    rejected: set[int] = set()
    for decision, account_id, candidates, before_id in session.execute(_ABOUT_NAME, given):
        if decision is not ReviewDecision.MATCHED:
            rejected |= {candidate["account_id"] for candidate in candidates} | {before_id}
        rejected -= {account_id, None}
    return rejected


def reasons_answered(session: Session, lead_id: uuid.UUID) -> frozenset[ReviewReason]:
    """Why a person was asked about a lead and has answered other than by taking it out.

    A level of account routing that has asked already takes the answer as it stands instead of asking again.
    """
    return frozenset(session.scalars(_ABOUT_LEAD, {"lead_id": lead_id}))

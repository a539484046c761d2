"""Questions about leads for tests: a lead before a person, with the accounts it may belong to."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.domain.leads import LeadState, ReviewReason
from app.domain.matching.decision import Signal, SignalKind
from app.domain.phrases import Phrase
from app.models import Account, Review
from app.services.distribution.reviewing import open_review
from tests import factories
from tests.cast import Cast


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

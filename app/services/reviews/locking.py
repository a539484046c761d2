"""A question with its lead's row locked: whoever comes second finds it answered."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.domain.errors import NotFound, Refused
from app.domain.identity import Viewer
from app.domain.phrases import N_, Phrase
from app.models import Account, Lead, Review
from app.services.distribution.assigning import lock_lead


def lock_review(session: Session, review_id: int, actor: Viewer) -> tuple[Review, Lead]:
    """The manufacturer's review and its locked lead; `NotFound` for strangers, `Forbidden` for who only reads."""
    review = session.get(Review, review_id)
    if review is None or review.manufacturer_id != actor.organisation_id:
        raise NotFound
    lead = lock_lead(session, review.lead_id, actor)
    session.refresh(review)
    return review, lead


def lock_account(session: Session, account_id: int, actor: Viewer) -> Account:
    """The manufacturer's account, locked after the lead: two who teach it a name at once take turns.

    `NotFound` when it is not theirs, `Refused` when it is no longer in use.
    """
    account = session.get(Account, account_id, with_for_update={"key_share": True}, populate_existing=True)
    if account is None or account.manufacturer_id != actor.organisation_id:
        raise NotFound
    if account.ended_at is not None:
        raise Refused(Phrase(N_("%(name)s is out of use."), {"name": account.name}), code="account_ended")
    return account

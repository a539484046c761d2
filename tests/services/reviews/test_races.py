"""Two reviewers at once on one question: the second waits, then reads what the first decided."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.domain.identity import Viewer
from app.domain.review import AlreadyDecided, ReviewDecision
from app.models import Account, Lead, Review
from app.services.claims import Claimed, claim_offer
from app.services.reviews import Decided, decide_review, undo_decision
from tests import factories
from tests.boards import offer_to
from tests.cast import Cast
from tests.races import lead_of, one_after_the_other
from tests.reviews import ask_about


@pytest.fixture
def review(committed: Session, committed_cast: Cast) -> Review:
    """A near match with a customer of Nordwind's, really committed."""
    owner_id = committed_cast.partnerships["nordwind"].id
    account = factories.account(committed, committed_cast.acme, owner_partnership_id=owner_id)
    return ask_about(committed, committed_cast, account, company="Hofman", company_key="hofman")


@pytest.mark.covers("C-07")
def test_the_second_reads_what_the_first_decided(
    app: Flask, committed: Session, committed_cast: Cast, review: Review
) -> None:
    ines, carl = committed_cast.viewer("ines"), committed_cast.viewer("carl")
    review_id, lead_id, account_id = review.id, review.lead_id, review.candidates[0]["account_id"]
    first, second = one_after_the_other(
        app,
        lead_of(lead_id),
        lambda: decide_review(
            review_id=review_id, decision=ReviewDecision.MATCHED, actor=ines, account_id=account_id, learns=True
        ),
        lambda: decide_review(review_id=review_id, decision=ReviewDecision.NOT_THIS, actor=carl),
    )
    assert isinstance(first, Decided)
    assert isinstance(second, AlreadyDecided)
    assert second.phrase.values["name"] == "Ines"
    assert committed.get_one(Lead, lead_id, populate_existing=True).account_id == account_id


def test_two_who_teach_one_account_at_once_teach_it_once(
    app: Flask, committed: Session, committed_cast: Cast, review: Review
) -> None:
    ines, carl = committed_cast.viewer("ines"), committed_cast.viewer("carl")
    account_id = review.candidates[0]["account_id"]
    other = factories.account(committed, committed_cast.acme, "Other KG")
    again = ask_about(committed, committed_cast, other, company="Hofman", company_key="hofman")

    def match(review_id: int, actor: Viewer) -> Callable[[], Decided]:
        matched = ReviewDecision.MATCHED
        return lambda: decide_review(
            review_id=review_id, decision=matched, actor=actor, account_id=account_id, learns=True
        )

    def hold(session: Session) -> object:
        return session.get(Account, account_id, with_for_update={"key_share": True})

    answers = one_after_the_other(app, hold, match(review.id, ines), match(again.id, carl))
    assert sorted(answer.has_learnt for answer in answers if isinstance(answer, Decided)) == [False, True]


def test_a_claim_comes_before_taking_back(app: Flask, committed: Session, committed_cast: Cast, review: Review) -> None:
    ines, nora = committed_cast.viewer("ines"), committed_cast.viewer("nora")
    review_id, lead_id, account_id = review.id, review.lead_id, review.candidates[0]["account_id"]
    decide_review(review_id=review_id, decision=ReviewDecision.MATCHED, actor=ines, account_id=account_id)
    lead = committed.get_one(Lead, lead_id)
    offer_id = offer_to(committed, lead, committed_cast.partnerships["nordwind"]).id
    committed.rollback()
    claimed, undone = one_after_the_other(
        app,
        lead_of(lead_id),
        lambda: claim_offer(offer_id=offer_id, actor=nora),
        lambda: undo_decision(review_id=review_id, actor=ines),
    )
    assert isinstance(claimed, Claimed)
    assert getattr(undone, "code", "") == "taken"

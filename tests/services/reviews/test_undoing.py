"""Taking a decision about a lead back: whole, for ten minutes, and only while nothing else has followed."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts import AccountStatus
from app.domain.audit import EventKind
from app.domain.distribution import OfferAnswer
from app.domain.errors import Refused
from app.domain.leads import LeadState
from app.domain.review import ReviewDecision
from app.models import Account, Review
from app.queries.reviews import latest_decision, rejected_accounts, review_page
from app.services.claims import claim_offer
from app.services.cockpit import disqualify_lead
from app.services.reviews import decide_review, undo_decision
from tests import factories
from tests.boards import offer_to
from tests.cast import Cast
from tests.conftest import TimeMachine
from tests.reviews import ask_about, due, lead_of, learnt, open_round, told

MATCHED, NOT_THIS, NEW_ACCOUNT = ReviewDecision.MATCHED, ReviewDecision.NOT_THIS, ReviewDecision.NEW_ACCOUNT
DISQUALIFIED, SENT_TO_PLAN = ReviewDecision.DISQUALIFIED, ReviewDecision.SENT_TO_PLAN
STANDING = ("state", "review_reason", "account_id", "account_level", "is_linked_by_hand", "match_score", "plan_id",
            "closing_note", "closed_at", "distributed_at", "first_assigned_at")  # fmt: skip


@pytest.mark.parametrize("decision", [MATCHED, NOT_THIS, NEW_ACCOUNT, DISQUALIFIED, SENT_TO_PLAN])
def test_a_decision_is_taken_back_whole(
    session: Session, cast: Cast, account: Account, review: Review, decision: ReviewDecision
) -> None:
    before = [getattr(lead_of(session, review), name) for name in STANDING]
    decided = decide_review(
        review_id=review.id, decision=decision, actor=cast.viewer("ines"), account_id=account.id, note="x", learns=True
    )
    undo_decision(review_id=review.id, actor=cast.viewer("carl"))
    lead = lead_of(session, review)
    assert [getattr(lead, name) for name in STANDING] == before
    assert (review.decision, review.decided_at, due(session, review)) == (None, None, 1)
    assert (open_round(session, review), learnt(session, account)) == (None, [])
    if decision is NEW_ACCOUNT:
        assert session.get_one(Account, decided.account_id).ended_at is not None
    assert told(session, review, EventKind.REVIEW_UNDONE) == [{"decision": decision.value}]
    assert rejected_accounts(session, cast.acme.id, "hofman praezision") == set()
    decide_review(review_id=review.id, decision=NOT_THIS, actor=cast.viewer("ines"))


def test_the_offer_is_gone_with_the_decision(session: Session, cast: Cast, account: Account, review: Review) -> None:
    decide_review(review_id=review.id, decision=MATCHED, actor=cast.viewer("ines"), account_id=account.id)
    undo_decision(review_id=review.id, actor=cast.viewer("ines"))
    offer = offer_to(session, lead_of(session, review), cast.partnerships["nordwind"])
    assert offer.answer is OfferAnswer.WITHDRAWN


def test_nothing_is_taken_back_from_whoever_claimed(
    session: Session, cast: Cast, account: Account, review: Review
) -> None:
    decide_review(review_id=review.id, decision=MATCHED, actor=cast.viewer("ines"), account_id=account.id)
    offer = offer_to(session, lead_of(session, review), cast.partnerships["nordwind"])
    claim_offer(offer_id=offer.id, actor=cast.viewer("nora"))
    with pytest.raises(Refused) as refusal:
        undo_decision(review_id=review.id, actor=cast.viewer("ines"))
    assert refusal.value.code == "taken"
    assert lead_of(session, review).state is LeadState.ASSIGNED


def test_a_sellers_untouched_lead_comes_back(session: Session, cast: Cast) -> None:
    own = factories.account(session, cast.acme, "Direct KG", owner_user_id=cast.people["ines"].id)
    review = ask_about(session, cast, own)
    decided = decide_review(review_id=review.id, decision=MATCHED, actor=cast.viewer("carl"), account_id=own.id)
    assert decided.state is LeadState.ASSIGNED
    undo_decision(review_id=review.id, actor=cast.viewer("carl"))
    assert (lead_of(session, review).state, review.decision) == (LeadState.IN_REVIEW, None)


def test_after_ten_minutes_it_stands(session: Session, cast: Cast, review: Review, clock: TimeMachine) -> None:
    decide_review(review_id=review.id, decision=NOT_THIS, actor=cast.viewer("ines"))
    clock.pass_time(minutes=11)
    with pytest.raises(Refused) as refusal:
        undo_decision(review_id=review.id, actor=cast.viewer("ines"))
    assert refusal.value.code == "too_late"


def test_taking_back_twice_is_refused(session: Session, cast: Cast, review: Review) -> None:
    decide_review(review_id=review.id, decision=NOT_THIS, actor=cast.viewer("ines"))
    undo_decision(review_id=review.id, actor=cast.viewer("ines"))
    with pytest.raises(Refused) as refusal:
        undo_decision(review_id=review.id, actor=cast.viewer("ines"))
    assert refusal.value.code == "not_decided"


def test_what_followed_from_something_else_is_not_taken_back_here(session: Session, cast: Cast, review: Review) -> None:
    disqualify_lead(lead_id=review.lead_id, actor=cast.viewer("ines"), reason="A test")
    assert latest_decision(viewer=cast.viewer("ines")) is None
    taken = review_page(viewer=cast.viewer("ines"), review_id=review.id).taken
    assert taken is not None
    assert (taken.decision, taken.may_be_undone) == (DISQUALIFIED, False)
    with pytest.raises(Refused) as refusal:
        undo_decision(review_id=review.id, actor=cast.viewer("ines"))
    assert refusal.value.code == "not_decided"


def test_a_later_decision_comes_first(session: Session, cast: Cast) -> None:
    competitor = factories.account(session, cast.acme, "Rivalis AG", status=AccountStatus.COMPETITOR)
    review = ask_about(session, cast, competitor)
    decide_review(review_id=review.id, decision=MATCHED, actor=cast.viewer("ines"), account_id=competitor.id)
    following = session.scalars(select(Review).where(Review.decided_at.is_(None))).one()
    decide_review(review_id=following.id, decision=DISQUALIFIED, actor=cast.viewer("carl"), note="A competitor")
    with pytest.raises(Refused) as refusal:
        undo_decision(review_id=review.id, actor=cast.viewer("ines"))
    assert refusal.value.code == "overtaken"

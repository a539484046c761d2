"""What is remembered of an answer about a lead, and what keeps it from being taken back."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.domain.consent import ConsentScope
from app.domain.errors import Refused
from app.domain.leads import ReviewReason
from app.domain.review import ReviewDecision
from app.models import Account, Lead, Review
from app.queries.reviews import rejected_accounts, review_page
from app.services.accounts.linking import link_lead, unlink_lead
from app.services.reviews import decide_review, undo_decision
from tests import factories
from tests.cast import Cast
from tests.reviews import TYPED, ask_about

NOT_THIS = ReviewDecision.NOT_THIS


@pytest.mark.parametrize("reason", [ReviewReason.COMPETITOR, ReviewReason.PARTNER_COMPANY, ReviewReason.OWNER_CONFLICT])
def test_not_this_is_remembered_of_the_account_the_lead_was_linked_to(
    session: Session, cast: Cast, account: Account, reason: ReviewReason
) -> None:
    review = ask_about(session, cast, reason=reason, account_id=account.id, **TYPED)
    decide_review(review_id=review.id, decision=NOT_THIS, actor=cast.viewer("ines"))
    assert rejected_accounts(session, cast.acme.id, "hofman praezision") == {account.id}
    undo_decision(review_id=review.id, actor=cast.viewer("ines"))
    assert rejected_accounts(session, cast.acme.id, "hofman praezision") == set()


@pytest.mark.parametrize("is_unlinked", [False, True])
def test_nothing_is_taken_back_once_a_colleague_has_linked_the_lead(
    session: Session, cast: Cast, account: Account, review: Review, is_unlinked: bool
) -> None:
    decide_review(review_id=review.id, decision=NOT_THIS, actor=cast.viewer("ines"))
    if is_unlinked:
        unlink_lead(lead_id=review.lead_id, actor=cast.viewer("carl"), reason="It is nobody's")
    else:
        link_lead(lead_id=review.lead_id, account_id=account.id, actor=cast.viewer("carl"), reason="It is theirs")
    with pytest.raises(Refused) as refusal:
        undo_decision(review_id=review.id, actor=cast.viewer("ines"))
    assert refusal.value.code == "overtaken"
    assert session.get_one(Lead, review.lead_id, populate_existing=True).is_linked_by_hand


@pytest.mark.parametrize("is_merged", [False, True])
def test_an_account_that_has_ended_since_is_followed_or_none(
    session: Session, cast: Cast, account: Account, is_merged: bool
) -> None:
    former, heir = (factories.account(session, cast.acme, name) for name in ("Hofman KG", "Hofman Group"))
    review = ask_about(session, cast, account, account_id=former.id, is_linked_by_hand=True, **TYPED)
    decide_review(
        review_id=review.id, decision=ReviewDecision.MATCHED, actor=cast.viewer("ines"), account_id=account.id
    )
    former.ended_at, former.merged_into_id = review.opened_at, heir.id if is_merged else None
    session.commit()
    undo_decision(review_id=review.id, actor=cast.viewer("ines"))
    lead = session.get_one(Lead, review.lead_id, populate_existing=True)
    assert (lead.account_id, lead.is_linked_by_hand) == ((heir.id, True) if is_merged else (None, False))


@pytest.mark.parametrize("consent", [ConsentScope.NONE, ConsentScope.ANY_ELIGIBLE])
def test_the_plan_is_offered_only_where_it_is_not_refused(
    session: Session, cast: Cast, account: Account, consent: ConsentScope
) -> None:
    review = ask_about(session, cast, account, consent=consent)
    page = review_page(viewer=cast.viewer("ines"), review_id=review.id)
    assert (ReviewDecision.SENT_TO_PLAN in page.answers) is (consent is not ConsentScope.NONE)


@pytest.mark.parametrize(
    ("name", "domain", "country", "is_known"),
    [
        ("Somebody GmbH", "hofmann.example", "FR", True),
        ("HOFMAN Praezision AG", "other.example", "DE", True),
        ("HOFMAN Praezision AG", "other.example", "FR", False),
    ],
)
def test_no_account_is_made_of_a_company_that_is_one(
    session: Session, cast: Cast, review: Review, name: str, domain: str, country: str, is_known: bool
) -> None:
    factories.account(session, cast.acme, name, domain, country=country)
    session.commit()
    if not is_known:
        made = decide_review(review_id=review.id, decision=ReviewDecision.NEW_ACCOUNT, actor=cast.viewer("ines"))
        assert session.get_one(Account, made.account_id).name == "Hofman Praezision"
        return
    with pytest.raises(Refused) as refusal:
        decide_review(review_id=review.id, decision=ReviewDecision.NEW_ACCOUNT, actor=cast.viewer("ines"))
    assert (refusal.value.code, refusal.value.phrase.values) == ("known_already", {"name": name})

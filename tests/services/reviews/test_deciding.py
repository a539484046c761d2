"""Answering questions about leads: what becomes of the lead, what is learnt, who comes second."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts import AccountNameKind, AccountStatus
from app.domain.audit import EventKind
from app.domain.consent import ConsentScope
from app.domain.distribution import RoundKind
from app.domain.errors import Forbidden, Invalid, NotFound, Refused
from app.domain.leads import LeadState, ReviewReason
from app.domain.review import AlreadyDecided, ReviewDecision
from app.models import Account, AccountName, OutboxMessage, Rematch, Review
from app.queries.reviews import reasons_answered, rejected_accounts, review_page
from app.services.lead_routing import release_lead
from app.services.reviews import decide_review, decide_reviews, give_review, undo_decision
from tests import factories
from tests.boards import offer_to
from tests.cast import Cast
from tests.reviews import TYPED, ask_about, due, lead_of, learnt, open_round, told

MATCHED, NOT_THIS, NEW_ACCOUNT = ReviewDecision.MATCHED, ReviewDecision.NOT_THIS, ReviewDecision.NEW_ACCOUNT
DISQUALIFIED, SENT_TO_PLAN = ReviewDecision.DISQUALIFIED, ReviewDecision.SENT_TO_PLAN


@pytest.mark.covers("C-07", "P-10", "P-15", "C-08")
def test_a_match_goes_reserved_to_the_accounts_owner(
    session: Session, cast: Cast, account: Account, review: Review
) -> None:
    decided = decide_review(
        review_id=review.id, decision=MATCHED, actor=cast.viewer("ines"), account_id=account.id, learns=True
    )
    lead, held = lead_of(session, review), open_round(session, review)
    assert held is not None
    assert (lead.account_id, lead.is_linked_by_hand, held.kind) == (account.id, True, RoundKind.OWNER)
    assert offer_to(session, lead, cast.partnerships["nordwind"]).is_exclusive
    assert (decided.state, decided.account_id, decided.has_learnt) == (LeadState.DISTRIBUTING, account.id, True)
    assert (review.decision, review.decided_by_id) == (MATCHED, cast.people["ines"].id)
    assert due(session, review) == 0
    assert told(session, review, EventKind.LEAD_REVIEWED) == [{"decision": "matched", "account_id": account.id}]


def test_a_match_teaches_the_name_and_has_the_others_matched_again(
    session: Session, cast: Cast, account: Account, review: Review
) -> None:
    decide_review(review_id=review.id, decision=MATCHED, actor=cast.viewer("ines"), account_id=account.id, learns=True)
    [alias] = session.scalars(select(AccountName).where(AccountName.is_learned)).all()
    assert (alias.name, alias.kind, alias.name_key) == ("Hofman Praezision", AccountNameKind.ALIAS, "hofman praezision")
    assert alias.search_keys
    assert session.scalars(select(Rematch).where(Rematch.manufacturer_id == cast.acme.id)).one().started_at is None


def test_nothing_is_learnt_unasked(session: Session, cast: Cast, account: Account, review: Review) -> None:
    decide_review(review_id=review.id, decision=MATCHED, actor=cast.viewer("ines"), account_id=account.id)
    assert learnt(session, account) == []


def test_another_accounts_name_is_never_learnt(session: Session, cast: Cast, account: Account, review: Review) -> None:
    factories.account(session, cast.acme, "HOFMAN Praezision AG")
    session.commit()
    decide_review(review_id=review.id, decision=MATCHED, actor=cast.viewer("ines"), account_id=account.id, learns=True)
    assert learnt(session, account) == []


def test_a_name_the_account_has_is_not_learnt_again(session: Session, cast: Cast, account: Account) -> None:
    review = ask_about(session, cast, account, company="HOFMANN Präzision", company_key="hofmann praezision")
    decide_review(review_id=review.id, decision=MATCHED, actor=cast.viewer("ines"), account_id=account.id, learns=True)
    assert learnt(session, account) == []


@pytest.mark.covers("C-07", "P-10")
def test_not_this_goes_on_without_an_account_and_is_remembered(
    session: Session, cast: Cast, account: Account, review: Review
) -> None:
    decide_review(review_id=review.id, decision=NOT_THIS, actor=cast.viewer("ines"))
    lead, board = lead_of(session, review), open_round(session, review)
    assert board is not None
    assert (lead.account_id, lead.is_linked_by_hand, board.kind) == (None, False, RoundKind.BOARD)
    assert rejected_accounts(session, cast.acme.id, "hofman praezision") == {account.id}
    assert rejected_accounts(session, cast.acme.id, "somebody else") == set()
    assert rejected_accounts(session, cast.globex.id, "hofman praezision") == set()
    assert rejected_accounts(session, cast.acme.id, "") == set()


def test_the_latest_word_about_a_name_counts(session: Session, cast: Cast, account: Account, review: Review) -> None:
    decide_review(review_id=review.id, decision=NOT_THIS, actor=cast.viewer("ines"))
    again = ask_about(session, cast, account, **TYPED)
    decide_review(review_id=again.id, decision=MATCHED, actor=cast.viewer("ines"), account_id=account.id)
    assert rejected_accounts(session, cast.acme.id, "hofman praezision") == set()


def test_not_this_takes_off_the_account_in_question(session: Session, cast: Cast) -> None:
    competitor = factories.account(session, cast.acme, "Rivalis AG", status=AccountStatus.COMPETITOR)
    review = ask_about(session, cast, reason=ReviewReason.COMPETITOR, account_id=competitor.id)
    decide_review(review_id=review.id, decision=NOT_THIS, actor=cast.viewer("ines"))
    lead = lead_of(session, review)
    assert (lead.account_id, lead.state) == (None, LeadState.DISTRIBUTING)
    assert reasons_answered(session, lead.id) == {ReviewReason.COMPETITOR}


@pytest.mark.covers("P-15")
def test_a_new_account_is_made_of_what_the_lead_says(session: Session, cast: Cast, review: Review) -> None:
    decided = decide_review(review_id=review.id, decision=NEW_ACCOUNT, actor=cast.viewer("ines"))
    made = session.get_one(Account, decided.account_id)
    assert (made.name, made.country, made.city) == ("Hofman Praezision", "DE", "München")
    assert [one.domain for one in made.domains] == ["hofmann.example"]
    assert [one.name_key for one in made.names] == ["hofman praezision"]
    assert lead_of(session, review).account_id == made.id


@pytest.mark.parametrize("domain", ["gmail.com", None])
def test_a_new_account_never_takes_free_mail(
    session: Session, cast: Cast, account: Account, domain: str | None
) -> None:
    review = ask_about(session, cast, account, **(TYPED | {"company_domain": domain}))
    decided = decide_review(review_id=review.id, decision=NEW_ACCOUNT, actor=cast.viewer("ines"))
    assert session.get_one(Account, decided.account_id).domains == []


def test_no_account_is_made_of_a_lead_without_a_company(session: Session, cast: Cast, account: Account) -> None:
    review = ask_about(session, cast, account, company="", company_key="")
    with pytest.raises(Invalid):
        decide_review(review_id=review.id, decision=NEW_ACCOUNT, actor=cast.viewer("ines"))
    assert lead_of(session, review).state is LeadState.IN_REVIEW


def test_a_disqualified_lead_is_closed_with_its_reason(session: Session, cast: Cast, review: Review) -> None:
    decide_review(review_id=review.id, decision=DISQUALIFIED, actor=cast.viewer("ines"), note="A test")
    lead = lead_of(session, review)
    assert (lead.state, lead.closing_note, lead.closed_at is not None) == (LeadState.DISQUALIFIED, "A test", True)
    assert (open_round(session, review), due(session, review)) == (None, 0)


def test_the_plan_takes_it_past_the_account(session: Session, cast: Cast, account: Account) -> None:
    review = ask_about(session, cast, reason=ReviewReason.OWNER_CONFLICT, account_id=account.id)
    decide_review(review_id=review.id, decision=SENT_TO_PLAN, actor=cast.viewer("ines"))
    board = open_round(session, review)
    assert board is not None
    assert (board.kind, review.decision) == (RoundKind.BOARD, SENT_TO_PLAN)


def test_the_plan_needs_consent(session: Session, cast: Cast, account: Account) -> None:
    review = ask_about(session, cast, account, consent=ConsentScope.NONE)
    with pytest.raises(Refused) as refusal:
        decide_review(review_id=review.id, decision=SENT_TO_PLAN, actor=cast.viewer("ines"))
    assert refusal.value.code == "consent"


@pytest.mark.covers("P-32")
def test_a_match_with_a_competitor_asks_again(session: Session, cast: Cast) -> None:
    competitor = factories.account(session, cast.acme, "Rivalis AG", status=AccountStatus.COMPETITOR)
    review = ask_about(session, cast, competitor)
    decide_review(review_id=review.id, decision=MATCHED, actor=cast.viewer("ines"), account_id=competitor.id)
    following = session.scalars(select(Review).where(Review.decided_at.is_(None))).one()
    assert (following.lead_id, following.reason) == (review.lead_id, ReviewReason.COMPETITOR)


@pytest.mark.covers("P-17", "C-07")
@pytest.mark.parametrize(("chosen", "owner"), [("child", "kansai"), ("parent", "nordwind")])
def test_a_conflict_of_owners_is_settled_by_the_chosen_account(
    session: Session, cast: Cast, chosen: str, owner: str
) -> None:
    parent = factories.account(session, cast.acme, "Acme Corp", owner_partnership_id=cast.partnerships["nordwind"].id)
    owner_id = cast.partnerships["kansai"].id
    child = factories.account(session, cast.acme, "Acme Labs", owner_partnership_id=owner_id, parent_id=parent.id)
    review = ask_about(session, cast, reason=ReviewReason.OWNER_CONFLICT, account_id=child.id)
    page = review_page(viewer=cast.viewer("ines"), review_id=review.id)
    assert [(one.id, "is reserved to" in str(one.outcome)) for one in page.candidates] == [
        (child.id, True),
        (parent.id, True),
    ]
    account_id = {"child": child.id, "parent": parent.id}[chosen]
    decided = decide_review(review_id=review.id, decision=MATCHED, actor=cast.viewer("ines"), account_id=account_id)
    assert decided.state is LeadState.DISTRIBUTING
    assert offer_to(session, lead_of(session, review), cast.partnerships[owner]).is_exclusive


@pytest.mark.covers("P-33")
def test_a_partners_own_company_is_not_asked_about_again(session: Session, cast: Cast, account: Account) -> None:
    cast.kansai.domain = "kansai.example"
    review = ask_about(session, cast, reason=ReviewReason.PARTNER_COMPANY, company_domain="kansai.example")
    decided = decide_review(review_id=review.id, decision=MATCHED, actor=cast.viewer("ines"), account_id=account.id)
    assert decided.state is LeadState.DISTRIBUTING
    assert session.scalars(select(Review).where(Review.decided_at.is_(None))).all() == []


def test_whoever_comes_second_reads_what_the_first_decided(
    session: Session, cast: Cast, account: Account, review: Review
) -> None:
    decide_review(review_id=review.id, decision=NOT_THIS, actor=cast.viewer("ines"))
    with pytest.raises(AlreadyDecided) as refusal:
        decide_review(review_id=review.id, decision=MATCHED, actor=cast.viewer("carl"), account_id=account.id)
    assert refusal.value.phrase.values["name"] == "Ines"
    assert lead_of(session, review).account_id is None


def test_an_account_out_of_use_takes_no_lead(session: Session, cast: Cast, account: Account, review: Review) -> None:
    account.ended_at = review.opened_at
    session.commit()
    with pytest.raises(Refused) as refusal:
        decide_review(review_id=review.id, decision=MATCHED, actor=cast.viewer("ines"), account_id=account.id)
    assert refusal.value.code == "account_ended"


def test_another_manufacturers_account_is_not_there(session: Session, cast: Cast, review: Review) -> None:
    foreign = factories.account(session, cast.globex, "Foreign KG")
    session.commit()
    with pytest.raises(NotFound):
        decide_review(review_id=review.id, decision=MATCHED, actor=cast.viewer("ines"), account_id=foreign.id)


@pytest.mark.parametrize(
    ("name", "error"), [("gina", NotFound), ("nora", NotFound), ("vera", Forbidden), ("arne", Forbidden)]
)
def test_only_the_manufacturers_deciders_decide(
    session: Session, cast: Cast, review: Review, name: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        decide_review(review_id=review.id, decision=NOT_THIS, actor=cast.viewer(name))
    with pytest.raises(error):
        undo_decision(review_id=review.id, actor=cast.viewer(name))
    with pytest.raises(error):
        give_review(review_id=review.id, user_id=None, actor=cast.viewer(name))


def test_several_at_once_each_by_itself(session: Session, cast: Cast, account: Account, review: Review) -> None:
    without = ask_about(session, cast, company="Unknown GmbH", company_key="unknown")
    second = ask_about(session, cast, account, **TYPED)
    ids = [review.id, without.id, second.id]
    together = decide_reviews(review_ids=ids, decision=MATCHED, actor=cast.viewer("ines"), learns=True)
    assert (together.decided, list(together.refused)) == (2, [without.id])
    assert {lead_of(session, one).account_id for one in (review, second)} == {account.id}
    assert lead_of(session, without).state is LeadState.IN_REVIEW


def test_a_question_is_given_to_a_colleague_who_is_told(session: Session, cast: Cast, review: Review) -> None:
    for _ in range(2):
        give_review(review_id=review.id, user_id=cast.people["carl"].id, actor=cast.viewer("ines"))
    assert review.owner_user_id == cast.people["carl"].id
    mails = session.scalars(select(OutboxMessage).where(OutboxMessage.once_key.startswith("review-owner:"))).all()
    assert [mail.user_id for mail in mails] == [cast.people["carl"].id]


@pytest.mark.parametrize("name", ["vera", "gina", "nora"])
def test_a_question_is_not_given_to_who_may_not_decide(session: Session, cast: Cast, review: Review, name: str) -> None:
    with pytest.raises(Invalid):
        give_review(review_id=review.id, user_id=cast.people[name].id, actor=cast.viewer("ines"))


def test_a_rule_that_goes_on_by_itself_has_answered_nothing(session: Session, cast: Cast, review: Review) -> None:
    release_lead(lead_id=review.lead_id, actor=cast.viewer("ines"), reason="It is urgent")
    assert lead_of(session, review).state is LeadState.DISTRIBUTING
    assert reasons_answered(session, review.lead_id) == set()

"""Answering a question: one step, the next one opens."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.leads import LeadState, ReviewReason
from app.domain.review import ReviewDecision
from app.models import Account, AccountName, Lead, Review
from app.services.reviews import decide_review
from tests.browsing import HTMX, Browse
from tests.cast import Cast
from tests.reviews import ask_about


@pytest.fixture
def following(session: Session, cast: Cast, account: Account, review: Review) -> Review:
    """The question below in the list."""
    return ask_about(session, cast, account, company="Hoffmann Praezision", company_key="hoffmann praezision")


def fresh(session: Session, review: Review) -> Review:
    return session.get_one(Review, review.id, populate_existing=True)


def match(account: Account, **more: str) -> dict[str, Any]:
    return {"decision": "matched", "account_id": str(account.id)} | more


def url(review: Review) -> str:
    return f"/reviews/{review.id}/decide"


@pytest.mark.covers("C-07", "P-15")
def test_a_browser_is_sent_to_the_next_one(
    browse: Browse, session: Session, account: Account, review: Review, following: Review
) -> None:
    ines = browse("ines")
    answer = ines.post(url(review), data=match(account, learns="1"))
    assert (answer.status_code, answer.location) == (303, f"/reviews/{following.id}")
    assert fresh(session, review).decision is ReviewDecision.MATCHED
    assert session.scalars(select(AccountName.name).where(AccountName.is_learned)).one() == "Hofman Präzision"
    page = ines.get(answer.location).text
    assert "Hofman Präzision: It is this company. The name was remembered." in page
    assert f'action="/reviews/{review.id}/undo"' in page


def test_htmx_gets_the_next_one_drawn(
    browse: Browse, session: Session, account: Account, review: Review, following: Review
) -> None:
    answer = browse("ines").post(url(review), data=match(account), headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Push-Url"]) == (200, f"/reviews/{following.id}")
    assert (answer.text.lstrip().startswith('<div id="reviews"'), "<html" in answer.text) == (True, False)
    assert f'action="{url(following)}"' in answer.text
    assert (answer.text.count("data-focus"), "Hofman Präzision: It is this company." in answer.text) == (1, True)


@pytest.mark.covers("C-07")
def test_a_lead_that_comes_back_at_once_is_not_said_to_be_on_its_way(
    browse: Browse, session: Session, cast: Cast
) -> None:
    abroad = {"country": "BR", "subdivision": None, "company": "Bombas SA"}
    review = ask_about(session, cast, reason=ReviewReason.PARTNER_COMPANY, **abroad)
    answer = browse("ines").post(url(review), data={"decision": "sent_to_plan"}, headers=HTMX)
    assert "But it waits here again: No partner is eligible." in answer.text


def test_the_filter_is_kept(
    browse: Browse, session: Session, cast: Cast, account: Account, review: Review, following: Review
) -> None:
    third = ask_about(session, cast, account, reason=ReviewReason.MANUAL_REVIEW, company="Third")
    answer = browse("ines").post(f"{url(following)}?reason=manual_review", data={"decision": "not_this"})
    assert answer.location == f"/reviews/{third.id}?reason=manual_review"
    last = browse("ines").post(f"{url(third)}?reason=manual_review", data={"decision": "not_this"})
    assert last.location == "/reviews?reason=manual_review"


@pytest.mark.parametrize(
    ("data", "decision", "state"),
    [
        ({"decision": "not_this"}, ReviewDecision.NOT_THIS, LeadState.DISTRIBUTING),
        ({"decision": "new_account"}, ReviewDecision.NEW_ACCOUNT, LeadState.DISTRIBUTING),
        ({"decision": "disqualified", "why": "test"}, ReviewDecision.DISQUALIFIED, LeadState.DISQUALIFIED),
        ({"decision": "sent_to_plan"}, ReviewDecision.SENT_TO_PLAN, LeadState.DISTRIBUTING),
    ],
)
def test_each_answer_in_one_step(
    browse: Browse,
    session: Session,
    review: Review,
    data: dict[str, str],
    decision: ReviewDecision,
    state: LeadState,
) -> None:
    assert browse("carl").post(url(review), data=data).location == "/reviews"
    assert fresh(session, review).decision is decision
    assert session.get_one(Lead, review.lead_id, populate_existing=True).state is state


def test_the_reason_of_a_disqualification_is_kept(browse: Browse, session: Session, review: Review) -> None:
    browse("ines").post(url(review), data={"decision": "disqualified", "why": "competitor", "note": "Rivalis"})
    assert fresh(session, review).note == "A competitor: Rivalis"


@pytest.mark.parametrize("data", [{}, {"decision": "assigned"}, {"decision": "matched"}, {"decision": "disqualified"}])
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_bad_input_is_asked_for_again(
    browse: Browse, session: Session, review: Review, data: dict[str, str], headers: dict[str, str]
) -> None:
    answer = browse("ines").post(url(review), data=data, headers=headers)
    assert (answer.status_code, 'id="review-problem"' in answer.text) == (422, True)
    assert f'action="{url(review)}"' in answer.text
    assert fresh(session, review).decision is None


@pytest.mark.covers("C-07")
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_the_second_reads_what_the_first_decided(
    browse: Browse, session: Session, cast: Cast, account: Account, review: Review, headers: dict[str, str]
) -> None:
    decide_review(review_id=review.id, decision=ReviewDecision.NOT_THIS, actor=cast.viewer("carl"))
    answer = browse("ines").post(url(review), data=match(account), headers=headers)
    assert (answer.status_code, "Carl decided at" in answer.text) == (409, True)
    assert 'data-refusal="already_decided"' in answer.text
    assert fresh(session, review).decision is ReviewDecision.NOT_THIS


def test_a_rule_that_refuses_says_what_restores_it(browse: Browse, session: Session, cast: Cast) -> None:
    review = ask_about(session, cast, reason=ReviewReason.NOBODY_ELIGIBLE)
    answer = browse("ines").post(url(review), data={"decision": "sent_to_plan"})
    assert (answer.status_code, 'data-refusal="no_such_answer"' in answer.text) == (409, True)


@pytest.mark.parametrize(("name", "status"), [("gina", 404), ("nora", 403), ("vera", 403), ("arne", 403), (None, 303)])
@pytest.mark.parametrize("action", ["decide", "undo", "owner"])
def test_others_do_not_decide(
    browse: Browse, session: Session, review: Review, name: str | None, status: int, action: str
) -> None:
    answer = browse(name).post(f"/reviews/{review.id}/{action}", data={"decision": "not_this"})
    assert answer.status_code == status
    assert fresh(session, review).decision is None


def test_a_strangers_account_is_not_there(browse: Browse, session: Session, cast: Cast, review: Review) -> None:
    assert browse("ines").post(url(review), data=match(Account(id=2**40))).status_code == 404

"""The same answer to every ticked question."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.domain.leads import ReviewReason
from app.models import Account, Lead, Review
from tests.browsing import HTMX, Browse
from tests.cast import Cast
from tests.reviews import ask_about

URL = "/reviews/together"


@pytest.fixture
def reviews(session: Session, cast: Cast, account: Account, review: Review) -> list[Review]:
    """Three near matches with the same account."""
    others = [
        ask_about(session, cast, account, company=f"Hofman {place}", company_key=f"hofman {place}") for place in "ab"
    ]
    return [review, *others]


def ticked(reviews: list[Review], decision: str = "matched", **more: str) -> dict[str, Any]:
    return {"review_id": [str(one.id) for one in reviews], "decision": decision, **more}


def accounts(session: Session, reviews: list[Review]) -> set[int | None]:
    return {session.get_one(Lead, one.lead_id, populate_existing=True).account_id for one in reviews}


@pytest.mark.covers("C-07", "P-16")
def test_all_are_decided(browse: Browse, session: Session, account: Account, reviews: list[Review]) -> None:
    ines = browse("ines")
    answer = ines.post(URL, data=ticked(reviews))
    assert (answer.status_code, answer.location) == (303, "/reviews")
    assert accounts(session, reviews) == {account.id}
    assert "3 leads: It is this company." in ines.get("/reviews").text


def test_htmx_gets_the_list_and_what_was_refused(
    browse: Browse, session: Session, cast: Cast, reviews: list[Review]
) -> None:
    stuck = ask_about(session, cast, reason=ReviewReason.NOBODY_ELIGIBLE, company="Stuck")
    answer = browse("ines").post(URL, data=ticked([*reviews, stuck], "not_this"), headers=HTMX)
    assert (answer.status_code, answer.text.lstrip().startswith('<div id="reviews"')) == (200, True)
    assert "3 leads: It is another company. 1 × This question has no such answer." in answer.text
    assert answer.headers["HX-Push-Url"] == f"/reviews/{stuck.id}"


def test_a_disqualification_has_its_reason(browse: Browse, session: Session, reviews: list[Review]) -> None:
    browse("ines").post(URL, data=ticked(reviews, "disqualified", why="test"))
    assert {session.get_one(Review, one.id, populate_existing=True).note for one in reviews} == {"Spam or a test"}


@pytest.mark.parametrize(
    "data", [{}, {"decision": "matched"}, {"review_id": ["1"]}, {"review_id": ["1"], "decision": "assigned"}]
)
def test_bad_input_is_asked_for_again(browse: Browse, review: Review, data: dict[str, Any]) -> None:
    answer = browse("ines").post(URL, data=data)
    assert (answer.status_code, 'id="review-problem"' in answer.text, 'id="together"' in answer.text) == (
        422,
        True,
        True,
    )


@pytest.mark.parametrize(("name", "status"), [("gina", 404), ("nora", 403), ("vera", 403), (None, 303)])
def test_others_decide_nothing(
    browse: Browse, session: Session, reviews: list[Review], name: str | None, status: int
) -> None:
    assert browse(name).post(URL, data=ticked(reviews)).status_code == status
    assert accounts(session, reviews) == {None}

"""Taking a decision back, and giving a question to a colleague."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.domain.review import ReviewDecision
from app.models import Review
from app.services.reviews import decide_review
from tests.browsing import HTMX, Browse
from tests.cast import Cast


@pytest.fixture
def decided(cast: Cast, review: Review) -> Review:
    """Ines has just said that it is another company."""
    decide_review(review_id=review.id, decision=ReviewDecision.NOT_THIS, actor=cast.viewer("ines"))
    return review


def fresh(session: Session, review: Review) -> Review:
    return session.get_one(Review, review.id, populate_existing=True)


@pytest.mark.covers("C-07")
def test_the_question_opens_again(browse: Browse, session: Session, decided: Review) -> None:
    ines = browse("ines")
    assert f'action="/reviews/{decided.id}/undo"' in ines.get("/reviews").text
    answer = ines.post(f"/reviews/{decided.id}/undo")
    assert (answer.status_code, answer.location) == (303, f"/reviews/{decided.id}")
    assert "Hofman Präzision: taken back." in ines.get(answer.location).text
    assert fresh(session, decided).decision is None
    assert "review-undo" not in ines.get("/reviews").text


def test_htmx_gets_it_drawn(browse: Browse, decided: Review) -> None:
    answer = browse("carl").post(f"/reviews/{decided.id}/undo", headers=HTMX)
    assert (answer.status_code, answer.text.lstrip().startswith('<div id="reviews"')) == (200, True)
    assert answer.headers["HX-Push-Url"] == f"/reviews/{decided.id}"


def test_what_was_not_decided_is_not_taken_back(browse: Browse, review: Review) -> None:
    answer = browse("ines").post(f"/reviews/{review.id}/undo")
    assert (answer.status_code, 'data-refusal="not_decided"' in answer.text) == (409, True)


def test_a_colleague_is_given_the_question(browse: Browse, session: Session, cast: Cast, review: Review) -> None:
    answer = browse("ines").post(f"/reviews/{review.id}/owner", data={"owner": str(cast.people["carl"].id)})
    assert (answer.status_code, fresh(session, review).owner_user_id) == (303, cast.people["carl"].id)
    assert "Mine 1" in browse("carl").get("/reviews").text
    browse("ines").post(f"/reviews/{review.id}/owner", data={"owner": ""}, headers=HTMX)
    assert fresh(session, review).owner_user_id is None


@pytest.mark.parametrize("owner", ["x", "999999999999999"])
def test_nobody_known_is_asked_for_again(browse: Browse, review: Review, owner: str) -> None:
    answer = browse("ines").post(f"/reviews/{review.id}/owner", data={"owner": owner})
    assert (answer.status_code, 'id="review-problem"' in answer.text) == (422, True)


def test_a_decided_question_is_given_to_nobody(browse: Browse, cast: Cast, decided: Review) -> None:
    answer = browse("ines").post(f"/reviews/{decided.id}/owner", data={"owner": str(cast.people["carl"].id)})
    assert (answer.status_code, 'data-refusal="already_decided"' in answer.text) == (409, True)

"""What may be answered to a question about a lead, and until when an answer can be taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.errors import Invalid, Refused
from app.domain.leads import ReviewReason
from app.domain.review import (
    ANSWERS,
    UNDO_WITHIN,
    ReviewDecision,
    ReviewQuestion,
    answers_to,
    decide_answer,
    decide_undo,
    is_worth_learning,
)

NOW = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
# One row per reason, one column per answer in the order of ANSWERS: x = may be given where an account is in question.
GRID = """
nobody_eligible  x . . x .
competitor       x x x x x
partner_company  x x x x x
near_match       x x x x x
duplicate        x x x x x
owner_conflict   x x x x x
quarantined      . . . . .
returned         x x x x x
consent_problem  . . . x x
manual_review    x x x x x
"""
ALLOWED = {ReviewReason(line.split()[0]): line.split()[1:] for line in GRID.strip().splitlines()}


@pytest.mark.covers("C-07", "P-10")
@pytest.mark.parametrize("reason", ReviewReason)
def test_every_reason_has_its_answers(reason: ReviewReason) -> None:
    expected = [answer for answer, mark in zip(ANSWERS, ALLOWED[reason], strict=True) if mark == "x"]
    assert list(answers_to(ReviewQuestion(reason, candidate_ids=(7,)))) == expected


@pytest.mark.parametrize("reason", ReviewReason)
def test_without_an_account_in_question_there_is_no_not_this(reason: ReviewReason) -> None:
    assert ReviewDecision.NOT_THIS not in answers_to(ReviewQuestion(reason))


@pytest.mark.parametrize("reason", ReviewReason)
@pytest.mark.parametrize("decision", ReviewDecision)
def test_only_offered_answers_stand(reason: ReviewReason, decision: ReviewDecision) -> None:
    question = ReviewQuestion(reason, candidate_ids=(7, 9))
    if decision in answers_to(question):
        assert decide_answer(question, decision, account_id=7, note="Spam") is decision
        return
    with pytest.raises(Refused) as refusal:
        decide_answer(question, decision, account_id=7, note="Spam")
    assert refusal.value.code == "no_such_answer"


@pytest.mark.parametrize(
    ("decision", "field"), [(ReviewDecision.MATCHED, "account_id"), (ReviewDecision.DISQUALIFIED, "note")]
)
def test_an_answer_needs_what_it_is_about(decision: ReviewDecision, field: str) -> None:
    with pytest.raises(Invalid) as problem:
        decide_answer(ReviewQuestion(ReviewReason.NEAR_MATCH, candidate_ids=(7,)), decision, note="  ")
    assert set(problem.value.fields) == {field}


def test_the_plan_is_offered_only_with_consent() -> None:
    question = ReviewQuestion(ReviewReason.CONSENT_PROBLEM, has_consent=False)
    assert answers_to(question) == (ReviewDecision.DISQUALIFIED,)


def test_the_plan_asks_for_consent() -> None:
    question = ReviewQuestion(ReviewReason.NEAR_MATCH, candidate_ids=(7,), has_consent=False)
    with pytest.raises(Refused) as refusal:
        decide_answer(question, ReviewDecision.SENT_TO_PLAN)
    assert refusal.value.code == "consent"


@pytest.mark.covers("P-32", "P-33")
@pytest.mark.parametrize("reason", [ReviewReason.COMPETITOR, ReviewReason.PARTNER_COMPANY])
def test_the_account_that_made_the_question_is_no_answer(reason: ReviewReason) -> None:
    question = ReviewQuestion(reason, linked_id=7)
    with pytest.raises(Refused) as refusal:
        decide_answer(question, ReviewDecision.MATCHED, account_id=7)
    assert refusal.value.code == "same_account"
    assert decide_answer(question, ReviewDecision.MATCHED, account_id=9) is ReviewDecision.MATCHED


@pytest.mark.parametrize(
    ("key", "own", "is_anothers", "learns"),
    [
        ("hofmann praezison", ("hofmann praezision",), False, True),
        ("hofmann praezision", ("hofmann praezision",), False, False),
        ("hofmann", ("hofmann praezision",), True, False),
        ("", ("hofmann praezision",), False, False),
    ],
)
def test_a_name_is_learnt_unless_known_or_another_s(
    key: str, own: tuple[str, ...], is_anothers: bool, learns: bool
) -> None:
    assert is_worth_learning(key, own, is_anothers=is_anothers) is learns


@pytest.mark.parametrize(
    ("decision", "age", "is_taken", "code"),
    [
        (ReviewDecision.MATCHED, timedelta(), False, None),
        (ReviewDecision.DISQUALIFIED, UNDO_WITHIN, False, None),
        (ReviewDecision.MATCHED, UNDO_WITHIN + timedelta(seconds=1), False, "too_late"),
        (ReviewDecision.MATCHED, timedelta(minutes=1), True, "taken"),
        (ReviewDecision.ASSIGNED, timedelta(minutes=1), False, "not_decided"),
        (ReviewDecision.NO_LONGER_NEEDED, timedelta(minutes=1), False, "not_decided"),
        (None, None, False, "not_decided"),
    ],
)
def test_until_when_an_answer_can_be_taken_back(
    decision: ReviewDecision | None, age: timedelta | None, is_taken: bool, code: str | None
) -> None:
    decided_at = NOW - age if age is not None else None
    if code is None:
        decide_undo(decision, decided_at, NOW, is_taken=is_taken)
        return
    with pytest.raises(Refused) as refusal:
        decide_undo(decision, decided_at, NOW, is_taken=is_taken)
    assert refusal.value.code == code

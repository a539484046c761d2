"""A partner hands a lead back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.errors import Invalid, Refused
from app.domain.leads import LeadState, ReviewReason
from app.domain.returns import (
    RETURN_LABELS,
    ReturnFacts,
    ReturnReason,
    ReturnRules,
    ReturnTo,
    decide_return,
    decide_undo_return,
    may_undo_return,
)

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
FRESH = ReturnFacts(LeadState.ASSIGNED)
TRIED = ReturnFacts(LeadState.ASSIGNED, contact_attempts=3)
REACHED = ReturnFacts(LeadState.ASSIGNED, contact_attempts=3, times_reached=1, has_begun=True)
UNDOCUMENTED = ReturnFacts(LeadState.ASSIGNED, has_begun=True)


@pytest.mark.parametrize(
    ("reason", "review", "is_misroute"),
    [
        (ReturnReason.WRONG_CONTACT_DATA, ReviewReason.RETURNED, False),
        (ReturnReason.NOT_REACHABLE, None, False),
        (ReturnReason.DENIES_HAVING_ASKED, ReviewReason.CONSENT_PROBLEM, False),
        (ReturnReason.ALREADY_OUR_CUSTOMER, None, True),
        (ReturnReason.WRONG_PRODUCT, None, True),
        (ReturnReason.OUT_OF_TERRITORY, None, True),
        (ReturnReason.CONSENT_PROBLEM, ReviewReason.CONSENT_PROBLEM, False),
        (ReturnReason.SPAM_OR_TEST, ReviewReason.RETURNED, False),
        (ReturnReason.NO_CAPACITY, None, False),
        (ReturnReason.OTHER, None, False),
    ],
)
def test_where_each_reason_leads(reason: ReturnReason, review: ReviewReason | None, is_misroute: bool) -> None:
    returned = decide_return(TRIED, reason, " the form was filled in twice ")
    assert returned.text == "the form was filled in twice"
    assert returned.goes_to is (ReturnTo.REVIEW if review else ReturnTo.NEXT_ROUND)
    assert (returned.review_reason, returned.is_misroute) == (review, is_misroute)


def test_every_reason_has_a_name_and_a_row() -> None:
    assert set(RETURN_LABELS) == set(ReturnReason)
    assert len(set(RETURN_LABELS.values())) == len(ReturnReason)


@pytest.mark.parametrize(
    ("facts", "reason", "code"),
    [
        # Before the first attempt: what the lead itself shows.
        (FRESH, ReturnReason.WRONG_CONTACT_DATA, None),
        (FRESH, ReturnReason.OUT_OF_TERRITORY, None),
        (FRESH, ReturnReason.WRONG_PRODUCT, None),
        (FRESH, ReturnReason.SPAM_OR_TEST, None),
        (FRESH, ReturnReason.NO_CAPACITY, None),
        (FRESH, ReturnReason.ALREADY_OUR_CUSTOMER, None),
        (FRESH, ReturnReason.OTHER, None),
        # What only a call can show.
        (FRESH, ReturnReason.DENIES_HAVING_ASKED, "undocumented"),
        (FRESH, ReturnReason.NOT_REACHABLE, "too_few_attempts"),
        (ReturnFacts(LeadState.ASSIGNED, contact_attempts=2), ReturnReason.NOT_REACHABLE, "too_few_attempts"),
        (TRIED, ReturnReason.NOT_REACHABLE, None),
        (REACHED, ReturnReason.NOT_REACHABLE, "was_reached"),
        # After contact: a documented one.
        (UNDOCUMENTED, ReturnReason.WRONG_PRODUCT, "undocumented"),
        (UNDOCUMENTED, ReturnReason.NO_CAPACITY, "undocumented"),
        (REACHED, ReturnReason.WRONG_PRODUCT, None),
        (REACHED, ReturnReason.NO_CAPACITY, None),
        (ReturnFacts(LeadState.ASSIGNED, contact_attempts=1), ReturnReason.DENIES_HAVING_ASKED, None),
        # A prospect's wish waits for no paperwork.
        (FRESH, ReturnReason.CONSENT_PROBLEM, None),
        (UNDOCUMENTED, ReturnReason.CONSENT_PROBLEM, None),
    ],
)
def test_what_must_be_documented(facts: ReturnFacts, reason: ReturnReason, code: str | None) -> None:
    if code is None:
        assert decide_return(facts, reason, "because").reason is reason
        return
    with pytest.raises(Refused) as refusal:
        decide_return(facts, reason, "because")
    assert refusal.value.code == code
    assert refusal.value.remedy is not None


def test_too_few_attempts_are_counted_for_the_reader() -> None:
    with pytest.raises(Refused) as refusal:
        decide_return(ReturnFacts(LeadState.ASSIGNED, contact_attempts=1), ReturnReason.NOT_REACHABLE)
    assert refusal.value.phrase.values == {"made": 1, "needed": 3}


@pytest.mark.parametrize(
    ("reason", "text", "field"),
    [(None, "because", "reason"), (ReturnReason.OTHER, "", "text"), (ReturnReason.OTHER, "  ", "text")],
)
def test_a_return_needs_its_reason(reason: ReturnReason | None, text: str, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        decide_return(FRESH, reason, text)
    assert list(refusal.value.fields) == [field]


@pytest.mark.parametrize("state", [state for state in LeadState if state is not LeadState.ASSIGNED])
def test_only_a_lead_that_is_worked_can_be_returned(state: LeadState) -> None:
    with pytest.raises(Refused) as refusal:
        decide_return(ReturnFacts(state), ReturnReason.NO_CAPACITY)
    assert refusal.value.code == "not_assigned"


def test_the_numbers_are_a_setting() -> None:
    rules = ReturnRules(attempts_until_unreachable=1, reviewed={ReturnReason.NOT_REACHABLE: ReviewReason.MANUAL_REVIEW})
    tried_once = ReturnFacts(LeadState.ASSIGNED, contact_attempts=1)
    returned = decide_return(tried_once, ReturnReason.NOT_REACHABLE, rules=rules)
    assert (returned.goes_to, returned.review_reason) == (ReturnTo.REVIEW, ReviewReason.MANUAL_REVIEW)
    assert decide_return(FRESH, ReturnReason.SPAM_OR_TEST, rules=rules).goes_to is ReturnTo.NEXT_ROUND
    assert ReturnRules.from_json(rules.to_json()) == rules


@pytest.mark.parametrize(
    ("age", "is_taken", "code"),
    [
        (timedelta(0), False, None),
        (timedelta(minutes=10), False, None),
        (timedelta(minutes=10, seconds=1), False, "too_late"),
        (timedelta(minutes=1), True, "taken"),
        (timedelta(hours=1), True, "taken"),
        (None, False, "not_returned"),
    ],
)
def test_until_when_a_return_can_be_taken_back(age: timedelta | None, is_taken: bool, code: str | None) -> None:
    returned_at = None if age is None else NOW - age
    assert may_undo_return(returned_at, NOW, is_taken=is_taken) is (code is None)
    if code is None:
        decide_undo_return(returned_at, NOW, is_taken=is_taken)
        return
    with pytest.raises(Refused) as refusal:
        decide_undo_return(returned_at, NOW, is_taken=is_taken)
    assert refusal.value.code == code

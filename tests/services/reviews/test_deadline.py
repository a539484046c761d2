"""The same-day deadline of a question: its owner first, everybody who may a day later."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.notifications import MailKind
from app.domain.review import ReviewDecision
from app.models import Account, OutboxMessage
from app.services.deadlines import enforce_deadlines
from app.services.reviews import decide_review
from tests import factories
from tests.cast import Cast
from tests.conftest import TimeMachine
from tests.reviews import ask_about


@pytest.fixture
def account(session: Session, cast: Cast) -> Account:
    return factories.account(session, cast.acme)


def reminded(session: Session, cast: Cast) -> list[str]:
    """Whose mails about an overdue question are owed, one name per mail."""
    names = {user.id: name for name, user in cast.people.items()}
    mails = select(OutboxMessage).where(OutboxMessage.kind == MailKind.REVIEW_OVERDUE_TO_MANUFACTURER)
    return sorted(names[mail.user_id] for mail in session.scalars(mails))


@pytest.mark.covers("C-07")
def test_its_owner_is_told_first_and_all_a_day_later(
    session: Session, cast: Cast, account: Account, clock: TimeMachine
) -> None:
    ask_about(session, cast, account, owner_user_id=cast.people["ines"].id)
    clock.pass_time(days=4)
    enforce_deadlines()
    assert reminded(session, cast) == ["ines"]
    clock.pass_time(days=4)
    enforce_deadlines()
    assert reminded(session, cast) == ["ada", "carl", "ines", "ines"]
    clock.pass_time(days=4)
    assert enforce_deadlines() == 0


@pytest.mark.parametrize("owner", [None, "vera"])
def test_without_an_owner_who_may_all_are_told(
    session: Session, cast: Cast, account: Account, clock: TimeMachine, owner: str | None
) -> None:
    ask_about(session, cast, account, owner_user_id=cast.people[owner].id if owner else None)
    clock.pass_time(days=4)
    enforce_deadlines()
    assert reminded(session, cast) == ["ada", "carl", "ines"]


def test_a_decided_question_reminds_nobody(session: Session, cast: Cast, account: Account, clock: TimeMachine) -> None:
    review = ask_about(session, cast, account, owner_user_id=cast.people["ines"].id)
    decide_review(review_id=review.id, decision=ReviewDecision.DISQUALIFIED, actor=cast.viewer("ines"), note="A test")
    clock.pass_time(days=4)
    enforce_deadlines()
    assert reminded(session, cast) == []

"""The judge of the quarter finds what is broken: a broken promise is planted, and its statement must see it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.availability import AbsenceKind
from app.domain.deadlines import DeadlineKind
from app.domain.distribution import AssignmentEnd, OfferAnswer, RoundKind, RoundOutcome
from app.domain.leads import LeadState
from app.models import Absence, Deadline, Lead, OutboxMessage
from tests import factories
from tests.boards import put_on_board
from tests.cast import Cast
from tests.quarter.promises import KEPT

NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)

Plant = Callable[[Session, Cast], object]


def a_lead(session: Session, cast: Cast, **values: Any) -> Lead:
    return factories.lead(session, cast.acme, [cast.products["pump"]], **values)


def deadline(session: Session, cast: Cast, **values: Any) -> None:
    filled = {"kind": DeadlineKind.NURTURE_DUE, "due_at": NOW - HOUR} | values
    session.add(Deadline(manufacturer_id=cast.acme.id, lead_id=a_lead(session, cast).id, **filled))


def offer(session: Session, cast: Cast, lead: Lead | None = None, **values: Any) -> None:
    """A push to Nordwind."""
    push = factories.round_(session, lead or a_lead(session, cast), RoundKind.PUSH)
    factories.offer(session, push, cast.partnerships["nordwind"], **({"is_exclusive": True} | values))


def two_taken(session: Session, cast: Cast, **caps: int) -> None:
    """Two leads that Nordwind took within an hour, under caps that let it have one."""
    nordwind = cast.partnerships["nordwind"]
    for name, cap in caps.items():
        setattr(nordwind, name, cap)
    noon = NOW.replace(hour=12)
    for moment in (noon - HOUR, noon):
        factories.assignment(session, a_lead(session, cast), partnership=nordwind, assigned_at=moment)


def asked_while_away(session: Session, cast: Cast) -> None:
    since = NOW - HOUR
    session.add(Absence(organisation_id=cast.nordwind.id, kind=AbsenceKind.PAUSE, starts_at=since, note=""))
    offer(session, cast)


def asked_again(session: Session, cast: Cast) -> None:
    lead = a_lead(session, cast)
    nordwind = cast.partnerships["nordwind"]
    ended = {"ended_at": NOW - HOUR, "end": AssignmentEnd.RETURNED}
    factories.assignment(session, lead, partnership=nordwind, assigned_at=NOW - 2 * HOUR, **ended)
    offer(session, cast, lead)


def left_open(session: Session, cast: Cast) -> None:
    over = factories.round_(session, a_lead(session, cast), closed_at=NOW, outcome=RoundOutcome.EXPIRED)
    factories.offer(session, over, cast.partnerships["nordwind"])


def told_twice(session: Session, cast: Cast) -> None:
    for once in ("first", "second"):
        person = cast.people["nora"].id
        session.add(OutboxMessage(kind="x", user_id=person, payload={"deadline_id": 1}, once_key=once, last_error=""))


PLANTED: dict[str, Plant] = {
    "a deadline was missed": deadline,
    "a deadline fired early, or late": lambda session, cast: deadline(session, cast, fired_at=NOW - 2 * HOUR),
    "a deadline failed, or was both fired and cancelled": lambda session, cast: deadline(session, cast, failures=1),
    "a fired deadline without its one line in the trail, or a line without its deadline": lambda session, cast: (
        deadline(session, cast, fired_at=NOW - HOUR)
    ),
    "an open round that nothing will end": offer,
    "an open offer of a round that is over": left_open,
    "a lead is worked by a partner, and nothing follows from silence": two_taken,
    "a lead is worked by nobody, or not in the state for it": lambda session, cast: a_lead(
        session, cast, state=LeadState.ASSIGNED
    ),
    "a lead is distributed without exactly one open round": lambda session, cast: a_lead(
        session, cast, state=LeadState.DISTRIBUTING
    ),
    "a lead waits for a person, and nobody is asked": lambda session, cast: a_lead(
        session, cast, state=LeadState.IN_REVIEW
    ),
    "a partner took more than its cap of leads it has not called": lambda session, cast: two_taken(
        session, cast, max_open_claims=1
    ),
    "a partner took more leads on a day than its cap": lambda session, cast: two_taken(
        session, cast, max_claims_per_day=1
    ),
    "a partner that was away or suspended was asked alone": asked_while_away,
    "a partner was offered a lead again that was taken from it, or that it gave back or declined": asked_again,
    "a partner was offered a lead of a place where it may not sell": lambda session, cast: offer(
        session, cast, a_lead(session, cast, country="FR", subdivision="FR-75C")
    ),
    "a silence or an inaction that cost nothing, or cost without being one": lambda session, cast: offer(
        session, cast, answer=OfferAnswer.EXPIRED
    ),
    "a mail owed twice": told_twice,
}


@pytest.mark.parametrize("words", PLANTED)
def test_a_broken_promise_is_found(session: Session, cast: Cast, words: str) -> None:
    put_on_board(session, cast)
    assert session.execute(text(KEPT[words])).all() == []
    PLANTED[words](session, cast)
    session.flush()
    assert session.execute(text(KEPT[words])).all() != []

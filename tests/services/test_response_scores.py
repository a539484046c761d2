"""Response scores against the database: noted once, counted in order, and what follows from a fall."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.audit import EventKind
from app.domain.errors import Forbidden, Invalid, NotFound, Refused
from app.domain.notifications import MailKind
from app.domain.response_score import ResponseKind
from app.models import (
    ClaimSuspension,
    Event,
    ManufacturerSettings,
    OutboxMessage,
    Partnership,
    ResponseEntry,
    TerritoryReview,
)
from app.services.response_noting import note_response
from app.services.response_scores import (
    decide_territory_review,
    lift_suspension,
    recount_lapsed_scores,
    settle_responses,
)
from tests.cast import Cast
from tests.conftest import TimeMachine

pytestmark = pytest.mark.covers("W-14", "W-15")


def _note(session: Session, partnership: Partnership, kind: ResponseKind, *keys: object) -> None:
    for key in keys:
        note_response(session, partnership.id, kind, None, f"{kind.value}:{partnership.id}:{key}")
    session.commit()


def _silent(session: Session, partnership: Partnership, times: int, since: int = 0) -> None:
    """The partner stays silent so often, and it is counted."""
    _note(session, partnership, ResponseKind.SILENT, *range(since, since + times))
    settle_responses()
    session.expire_all()


def _kinds(session: Session) -> list[EventKind]:
    return list(session.scalars(select(Event.kind).where(Event.kind.startswith("network.")).order_by(Event.id)))


def _mails(session: Session) -> list[str]:
    return list(session.scalars(select(OutboxMessage.kind).order_by(OutboxMessage.id)))


def test_an_answer_counts_once_however_often_it_is_noted(session: Session, cast: Cast) -> None:
    nordwind = cast.partnerships["nordwind"]
    _note(session, nordwind, ResponseKind.ACCEPTED, 1, 1, 2)
    assert settle_responses() == 1
    assert settle_responses() == 0
    session.refresh(nordwind)
    assert nordwind.response_score == 104
    assert session.scalar(select(func.count()).select_from(ResponseEntry)) == 2


def test_nothing_is_noted_where_the_manufacturer_keeps_no_score(session: Session, cast: Cast) -> None:
    session.get_one(ManufacturerSettings, cast.acme.id).is_response_scored = False
    session.commit()
    _silent(session, cast.partnerships["nordwind"], 20)
    assert session.scalar(select(func.count()).select_from(ResponseEntry)) == 0
    assert cast.partnerships["nordwind"].response_score == 100


def test_a_fall_below_70_warns_once_and_below_50_suspends_claims(session: Session, cast: Cast) -> None:
    nordwind = cast.partnerships["nordwind"]
    _silent(session, nordwind, 7)
    assert nordwind.response_score == 65
    assert _kinds(session) == [EventKind.RESPONSE_WARNED]
    assert _mails(session) == [MailKind.RESPONSE_WARNING_TO_PARTNER]
    _silent(session, nordwind, 3, since=7)
    assert nordwind.response_score == 50
    assert _kinds(session) == [EventKind.RESPONSE_WARNED]
    _silent(session, nordwind, 2, since=10)
    assert nordwind.response_score == 40
    assert _kinds(session) == [EventKind.RESPONSE_WARNED, EventKind.CLAIMS_SUSPENDED]
    assert _mails(session) == [MailKind.RESPONSE_WARNING_TO_PARTNER, MailKind.CLAIMS_SUSPENDED_TO_PARTNER]
    suspension = session.scalars(select(ClaimSuspension)).one()
    assert nordwind.claims_suspended_until == suspension.ends_at == suspension.starts_at + timedelta(days=14)
    assert suspension.score == 45


def test_entries_of_one_batch_are_judged_one_by_one(session: Session, cast: Cast) -> None:
    _silent(session, cast.partnerships["nordwind"], 12)
    assert _kinds(session) == [EventKind.RESPONSE_WARNED, EventKind.CLAIMS_SUSPENDED]


def test_losses_lapse_and_the_score_rises_by_itself(session: Session, cast: Cast, clock: TimeMachine) -> None:
    nordwind = cast.partnerships["nordwind"]
    _silent(session, nordwind, 4)
    clock.pass_time(days=89)
    assert recount_lapsed_scores() == 0
    clock.pass_time(days=2)
    assert recount_lapsed_scores() == 1
    session.expire_all()
    assert nordwind.response_score == 100
    assert _kinds(session) == []


def _suspend_twice(session: Session, partnership: Partnership, clock: TimeMachine) -> None:
    _silent(session, partnership, 11)
    clock.pass_time(days=15)
    _silent(session, partnership, 1, since=11)


def test_a_second_suspension_in_a_quarter_opens_one_review_with_the_figures(
    session: Session, cast: Cast, clock: TimeMachine
) -> None:
    nordwind = cast.partnerships["nordwind"]
    _suspend_twice(session, nordwind, clock)
    review = session.scalars(select(TerritoryReview)).one()
    assert review.figures["silent"] == 12
    assert review.figures["score"] == 40
    told = select(OutboxMessage.user_id).where(OutboxMessage.kind == MailKind.TERRITORY_REVIEW_TO_CHANNEL_MANAGER)
    assert session.scalars(told).all() == [cast.people["carl"].id]
    clock.pass_time(days=15)
    _silent(session, nordwind, 1, since=20)
    assert session.scalar(select(func.count()).select_from(TerritoryReview)) == 1
    assert session.scalar(select(func.count()).select_from(ClaimSuspension)) == 3


def test_a_person_decides_a_review_once_and_no_territory_goes_by_itself(
    session: Session, cast: Cast, clock: TimeMachine
) -> None:
    _suspend_twice(session, cast.partnerships["nordwind"], clock)
    review_id = session.scalars(select(TerritoryReview.id)).one()
    decide = {"review_id": review_id, "keeps_territory": False}
    with pytest.raises(Forbidden):
        decide_territory_review(actor=cast.viewer("vera"), note="Silent.", **decide)
    with pytest.raises(NotFound):
        decide_territory_review(actor=cast.viewer("gina"), note="Silent.", **decide)
    with pytest.raises(Invalid):
        decide_territory_review(actor=cast.viewer("carl"), note=" ", **decide)
    assert (
        decide_territory_review(actor=cast.viewer("carl"), note="Silent.", **decide) == cast.partnerships["nordwind"].id
    )
    with pytest.raises(Refused):
        decide_territory_review(actor=cast.viewer("ada"), note="Silent.", **decide)
    session.expire_all()
    review = session.get_one(TerritoryReview, review_id)
    assert (review.keeps_territory, review.decided_by_id, review.note) == (False, cast.people["carl"].id, "Silent.")
    assert EventKind.TERRITORY_ENDED not in _kinds(session)


def test_a_lifted_suspension_ends_at_once_and_does_not_count(session: Session, cast: Cast, clock: TimeMachine) -> None:
    nordwind = cast.partnerships["nordwind"]
    _silent(session, nordwind, 11)
    with pytest.raises(Forbidden):
        lift_suspension(actor=cast.viewer("ines"), partnership_id=nordwind.id, reason="They called.")
    with pytest.raises(NotFound):
        lift_suspension(actor=cast.viewer("gina"), partnership_id=nordwind.id, reason="They called.")
    with pytest.raises(Invalid):
        lift_suspension(actor=cast.viewer("carl"), partnership_id=nordwind.id, reason="")
    lift_suspension(actor=cast.viewer("carl"), partnership_id=nordwind.id, reason="They called.")
    with pytest.raises(Refused):
        lift_suspension(actor=cast.viewer("carl"), partnership_id=nordwind.id, reason="They called.")
    session.expire_all()
    assert nordwind.claims_suspended_until is None
    assert nordwind.response_score == 45
    suspension = session.scalars(select(ClaimSuspension)).one()
    assert (suspension.lifted_by_id, suspension.lifted_because) == (cast.people["carl"].id, "They called.")
    _silent(session, nordwind, 1, since=11)
    assert session.scalar(select(func.count()).select_from(TerritoryReview)) == 0
    assert nordwind.claims_suspended_until is not None

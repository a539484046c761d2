"""Partners that take part again: the leads of their own companies that nobody has taken are theirs again (P-01)."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.deadlines import DeadlineKind, Span
from app.domain.distribution import DeclineReason, DistributionPlan, OfferAnswer, RoundKind, RoundOutcome, RoundPlan
from app.domain.errors import Refused
from app.domain.leads import LeadState
from app.domain.partners import PartnershipStatus
from app.models import Lead, Offer, OutboxMessage, Round
from app.queries.routing_traces import lead_trace
from app.services.claims import claim_offer, decline_offer
from app.services.deadlines import enforce_deadlines
from app.services.departures.moving import move_departing_leads
from app.services.rechecking import recheck_eligibility
from tests.boards import offer_to
from tests.cast import Cast
from tests.conftest import TimeMachine
from tests.departures import forget_mails, pause
from tests.pushes import asked_about, push_only
from tests.races import lead_of, one_after_the_other
from tests.silences import open_round, pass_until, pending, reserved

FOUR_HOURS, DAY = Span(minutes=240), Span(is_same_day=True)


def rests(session: Session, cast: Cast) -> None:
    """Carl pauses Nordwind, and all that follows from it is done."""
    pause(session, cast, None)
    recheck_eligibility()
    move_departing_leads()
    recheck_eligibility()


def is_back(session: Session, cast: Cast) -> None:
    """Carl takes Nordwind up again."""
    pause(session, cast, None, PartnershipStatus.ACTIVE)
    recheck_eligibility()


def plan_of(session: Session, cast: Cast, *then: RoundKind) -> None:
    """Have the owner asked first, then these rounds."""
    spans = {RoundKind.PUSH: FOUR_HOURS}
    rounds = [RoundPlan(kind, spans.get(kind, DAY)) for kind in then]
    push_only(session, cast, rounds=DistributionPlan((RoundPlan(RoundKind.OWNER, FOUR_HOURS), *rounds)).to_json())


def is_reserved(session: Session, cast: Cast, lead: Lead) -> bool:
    """Whether the lead waits for Nordwind alone, as its owner."""
    waits = open_round(session, lead)
    asked = asked_about(session, lead)
    return waits.kind is RoundKind.OWNER and asked.partnership_id == cast.partnerships["nordwind"].id


@pytest.mark.covers("P-01", "W-17")
@pytest.mark.parametrize("then", [RoundKind.DIRECT, RoundKind.BOARD])
def test_a_partner_that_is_back_gets_its_own_lead_that_nobody_has(
    session: Session, cast: Cast, then: RoundKind
) -> None:
    if then is RoundKind.BOARD:
        cast.partnerships["kansai"].status = PartnershipStatus.PAUSED
    day = Span(is_same_day=True)
    facts = DistributionPlan((RoundPlan(RoundKind.OWNER, Span(minutes=240)), RoundPlan(then, day)))
    push_only(session, cast, rounds=facts.to_json())
    lead = reserved(session, cast)
    rests(session, cast)
    session.refresh(lead)
    assert lead.state is (LeadState.DISTRIBUTING if then is RoundKind.DIRECT else LeadState.IN_REVIEW)
    is_back(session, cast)
    again = asked_about(session, lead)
    assert again.partnership_id == cast.partnerships["nordwind"].id
    waiting = select(Round.kind).where(Round.lead_id == lead.id, Round.closed_at.is_(None))
    assert session.scalars(waiting).all() == [RoundKind.OWNER]
    recheck_eligibility()
    assert asked_about(session, lead).id == again.id, "once"


def test_a_lead_its_owner_declined_does_not_come_back_to_it(session: Session, cast: Cast) -> None:
    lead = reserved(session, cast)
    decline_offer(offer_id=asked_about(session, lead).id, actor=cast.viewer("nora"), reason=DeclineReason.NO_CAPACITY)
    rests(session, cast)
    is_back(session, cast)
    owners = select(Offer).join(Round, Round.id == Offer.round_id).where(Round.kind == RoundKind.OWNER)
    assert len(session.scalars(owners).all()) == 1


@pytest.mark.covers("P-01", "W-17")
@pytest.mark.parametrize("came_in", ["before the pause", "during the pause"])
def test_its_own_lead_comes_from_the_board_to_a_partner_that_is_back(
    session: Session, cast: Cast, came_in: str
) -> None:
    plan_of(session, cast, RoundKind.BOARD)
    if came_in == "before the pause":
        lead = reserved(session, cast)
        rests(session, cast)
    else:
        rests(session, cast)
        lead = reserved(session, cast)
    assert open_round(session, lead).kind is RoundKind.BOARD
    others = offer_to(session, lead, cast.partnerships["kansai"])
    assert others.answer is None
    forget_mails(session)
    is_back(session, cast)
    assert is_reserved(session, cast, lead)
    session.refresh(others)
    assert others.answer is OfferAnswer.WITHDRAWN
    told = set(session.scalars(select(OutboxMessage.user_id)))
    assert not told & {cast.people[name].id for name in ("kenji", "kaori")}
    recheck_eligibility()
    rounds = select(Round).where(Round.lead_id == lead.id, Round.kind == RoundKind.OWNER, Round.closed_at.is_(None))
    assert len(session.scalars(rounds).all()) == 1, "once"


@pytest.mark.covers("A-01")
@pytest.mark.parametrize(
    ("has_successor", "said"),
    [(False, ", and nobody stands in: the plan decides."), (True, ": its successor stands in.")],
)
def test_the_trace_says_that_the_owner_only_rests(session: Session, cast: Cast, has_successor: bool, said: str) -> None:
    rests(session, cast)
    if has_successor:
        cast.partnerships["nordwind"].successor_partnership_id = cast.partnerships["kansai"].id
    lead = reserved(session, cast)
    reasons = [str(one) for one in lead_trace(viewer=cast.viewer("carl"), lead_id=lead.id).decisions[-1].reasons]
    assert f"The owner takes no part at present (Paused){said}" in reasons
    assert not any("no longer there" in one for one in reasons)


@pytest.mark.covers("P-01", "W-17")
@pytest.mark.parametrize("answer", [OfferAnswer.DECLINED, OfferAnswer.EXPIRED])
def test_who_is_asked_alone_meanwhile_answers_first(
    session: Session, cast: Cast, clock: TimeMachine, answer: OfferAnswer
) -> None:
    plan_of(session, cast, RoundKind.PUSH, RoundKind.DIRECT)
    rests(session, cast)
    lead = reserved(session, cast)
    is_back(session, cast)
    asked = asked_about(session, lead)
    assert asked.partnership_id == cast.partnerships["kansai"].id
    if answer is OfferAnswer.DECLINED:
        decline_offer(offer_id=asked.id, actor=cast.viewer("kenji"), reason=DeclineReason.NO_CAPACITY)
    else:
        due = next(one for one in pending(session, lead) if one.kind is DeadlineKind.PUSH_EXPIRES)
        pass_until(session, clock, due)
        enforce_deadlines()
    session.refresh(asked)
    assert asked.answer is answer
    assert is_reserved(session, cast, lead)
    ended = session.scalars(select(Round.outcome).where(Round.id == asked.round_id)).one()
    assert ended is {OfferAnswer.DECLINED: RoundOutcome.DECLINED, OfferAnswer.EXPIRED: RoundOutcome.EXPIRED}[answer]


@pytest.mark.covers("W-04", "W-17")
@pytest.mark.parametrize("is_claim_first", [True, False])
def test_a_claim_at_that_moment_wins_or_finds_it_gone(
    app: Flask, committed: Session, committed_cast: Cast, is_claim_first: bool
) -> None:
    cast, session = committed_cast, committed
    plan_of(session, cast, RoundKind.BOARD)
    rests(session, cast)
    lead = reserved(session, cast)
    offer_id, actor = offer_to(session, lead, cast.partnerships["kansai"]).id, cast.viewer("kenji")
    pause(session, cast, None, PartnershipStatus.ACTIVE)
    lead_id = lead.id
    calls = [lambda: claim_offer(offer_id=offer_id, actor=actor), recheck_eligibility]
    answers = one_after_the_other(app, lead_of(lead_id), *(calls if is_claim_first else calls[::-1]))
    session.expire_all()
    lead = session.get_one(Lead, lead_id)
    if is_claim_first:
        assert lead.state is LeadState.ASSIGNED
        assert not session.scalars(select(Offer.id).where(Offer.lead_id == lead_id, Offer.answer.is_(None))).all()
    else:
        assert isinstance(answers[1], Refused)
        assert is_reserved(session, cast, lead)

"""Taking and declining offers."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import db, read_clock
from app.domain.claims import ClaimRefused, ClaimRule
from app.domain.distribution import DeclineReason, OfferAnswer, RoundKind, RoundOutcome
from app.domain.errors import Forbidden, Invalid, NotFound
from app.domain.leads import LeadState
from app.models import Assignment, Deadline, Event, Lead, Offer, OutboxMessage, Partnership, Reveal, Round
from app.services.claims import Claimed, claim_offer, decline_offer
from app.services.deadlines import enforce_deadlines
from app.services.lead_routing import route_lead
from tests import factories
from tests.cast import Cast
from tests.conftest import TimeMachine


def on_the_board(session: Session, cast: Cast, **values: object) -> Lead:
    lead = factories.lead(session, cast.acme, [cast.products["pump"]], **({"is_hot": True} | values))
    session.commit()
    route_lead(lead_id=lead.id)
    return lead


def offer_of(session: Session, lead: Lead, partnership: Partnership) -> Offer:
    return session.scalars(
        select(Offer)
        .where(Offer.lead_id == lead.id, Offer.partnership_id == partnership.id)
        .order_by(Offer.created_at.desc())
    ).first()


@pytest.mark.covers("B-03", "B-06", "C-06")
def test_the_first_claim_wins_and_writes_everything_it_means(session: Session, cast: Cast) -> None:
    lead = on_the_board(session, cast)
    nordwind, kansai = cast.partnerships["nordwind"], cast.partnerships["kansai"]
    offer = offer_of(session, lead, nordwind)

    claimed = claim_offer(offer_id=offer.id, actor=cast.viewer("nora"))

    session.refresh(lead)
    assert (claimed.lead_id, claimed.is_repeat, lead.state) == (lead.id, False, LeadState.ASSIGNED)
    assignment = session.scalars(select(Assignment).where(Assignment.lead_id == lead.id)).one()
    assert (assignment.partner_id, assignment.offer_id, assignment.ended_at) == (cast.nordwind.id, offer.id, None)
    assert offer_of(session, lead, kansai).answer is OfferAnswer.LOST_RACE
    assert session.scalars(select(Round.outcome).where(Round.lead_id == lead.id)).one() is RoundOutcome.CLAIMED
    promised = select(Deadline).where(Deadline.lead_id == lead.id, Deadline.cancelled_at.is_(None))
    contact, *steps = session.scalars(promised.order_by(Deadline.due_at)).all()
    assert (contact.kind.value, contact.due_at) == ("contact_due", claimed.contact_due_at)
    assert [step.step.value for step in (contact, *steps)] == [
        "alert_sales_manager",
        "alert_channel_manager",
        "re_route",
    ]
    assert session.get_one(Partnership, nordwind.id, populate_existing=True).unworked_claims == 1
    assert session.scalars(select(Reveal.user_id)).all() == [cast.people["nora"].id]
    assert session.scalars(select(OutboxMessage.kind)).all() == ["lead_claimed_to_winner"]
    kinds = session.scalars(select(Event.kind).where(Event.lead_id == lead.id)).all()
    assert {"offer.claimed", "lead.assigned", "lead.revealed"} <= {kind.value for kind in kinds}


def test_a_repeat_by_the_winner_returns_the_same_assignment(session: Session, cast: Cast) -> None:
    lead = on_the_board(session, cast)
    offer = offer_of(session, lead, cast.partnerships["nordwind"])
    first = claim_offer(offer_id=offer.id, actor=cast.viewer("nora"))
    second = claim_offer(offer_id=offer.id, actor=cast.viewer("nils"))
    assert (second.assignment_id, second.is_repeat, second.contact_due_at) == (
        first.assignment_id,
        True,
        first.contact_due_at,
    )
    assert session.scalar(select(func.count(Assignment.id))) == 1


def test_the_second_partner_is_told_when_it_was_taken_and_not_by_whom(session: Session, cast: Cast) -> None:
    lead = on_the_board(session, cast)
    claim_offer(offer_id=offer_of(session, lead, cast.partnerships["nordwind"]).id, actor=cast.viewer("nora"))
    with pytest.raises(ClaimRefused) as refused:
        claim_offer(offer_id=offer_of(session, lead, cast.partnerships["kansai"]).id, actor=cast.viewer("kenji"))
    assert refused.value.rule is ClaimRule.TAKEN
    assert "Nordwind" not in str(refused.value) + str(refused.value.phrase.values)


def test_others_offers_do_not_exist_and_manufacturers_do_not_claim(session: Session, cast: Cast) -> None:
    offer = offer_of(session, on_the_board(session, cast), cast.partnerships["nordwind"])
    for name in ("kenji", "rita"):
        with pytest.raises(NotFound):
            claim_offer(offer_id=offer.id, actor=cast.viewer(name))
    with pytest.raises(NotFound):
        claim_offer(offer_id=uuid.uuid4(), actor=cast.viewer("nora"))
    with pytest.raises(Forbidden):
        claim_offer(offer_id=offer.id, actor=cast.viewer("ada"))


def suspend(partnership: Partnership, now: object) -> None:
    partnership.claims_suspended_until = func.clock_now() + func.make_interval(0, 0, 0, 1)


REFUSALS: list[tuple[ClaimRule, Callable[[Partnership], None]]] = [
    (ClaimRule.OPEN_CAP, lambda one: setattr(one, "max_open_claims", 0)),
    (ClaimRule.DAILY_CAP, lambda one: setattr(one, "max_claims_per_day", 0)),
    (ClaimRule.NOT_ELIGIBLE, lambda one: setattr(one, "eligibility_version", one.eligibility_version + 1)),
    (ClaimRule.SUSPENDED, lambda one: suspend(one, None)),
]


@pytest.mark.parametrize(("rule", "change"), REFUSALS, ids=[rule.value for rule, _ in REFUSALS])
def test_each_refusal_names_its_rule_and_leaves_the_lead_on_the_board(
    session: Session, cast: Cast, rule: ClaimRule, change: Callable[[Partnership], None]
) -> None:
    lead = on_the_board(session, cast)
    nordwind = cast.partnerships["nordwind"]
    change(nordwind)
    session.commit()
    with pytest.raises(ClaimRefused) as refused:
        claim_offer(offer_id=offer_of(session, lead, nordwind).id, actor=cast.viewer("nora"))
    assert refused.value.rule is rule
    assert refused.value.remedy is not None
    session.refresh(lead)
    assert lead.state is LeadState.DISTRIBUTING


def test_the_head_start_of_the_higher_tier_is_kept(session: Session, cast: Cast) -> None:
    lead = on_the_board(session, cast, is_hot=False)
    with pytest.raises(ClaimRefused) as refused:
        claim_offer(offer_id=offer_of(session, lead, cast.partnerships["kansai"]).id, actor=cast.viewer("kenji"))
    assert refused.value.rule is ClaimRule.HEAD_START


def test_a_late_worker_never_lets_an_expired_offer_be_claimed(session: Session, cast: Cast, clock: TimeMachine) -> None:
    lead = on_the_board(session, cast)
    offer = offer_of(session, lead, cast.partnerships["nordwind"])
    clock.pass_time(hours=2, seconds=1)
    with pytest.raises(ClaimRefused) as refused:
        claim_offer(offer_id=offer.id, actor=cast.viewer("nora"))
    assert refused.value.rule is ClaimRule.WINDOW_CLOSED


@pytest.mark.covers("W-06", "W-09", "W-10", "W-11")
def test_when_the_window_closes_the_best_partner_is_asked_alone_then_the_next_then_direct(
    session: Session, cast: Cast, clock: TimeMachine
) -> None:
    lead = on_the_board(session, cast)
    clock.pass_time(hours=2, seconds=1)
    assert enforce_deadlines() == 1
    push = session.scalars(select(Round).where(Round.lead_id == lead.id, Round.closed_at.is_(None))).one()
    assert push.kind is RoundKind.PUSH
    first = session.scalars(select(Offer).where(Offer.round_id == push.id)).one()
    assert first.is_exclusive

    who = "nora" if first.partner_id == cast.nordwind.id else "kenji"
    decline_offer(offer_id=first.id, actor=cast.viewer(who), reason=DeclineReason.NO_CAPACITY)
    second = session.scalars(select(Offer).where(Offer.round_id == push.id, Offer.answer.is_(None))).one()
    assert second.partner_id != first.partner_id

    clock.pass_time(days=7)
    assert enforce_deadlines() == 3, "two alerts of a hot lead, and the end of the offer"
    session.refresh(second)
    assert second.answer is OfferAnswer.EXPIRED
    direct = session.scalars(select(Round).where(Round.lead_id == lead.id, Round.closed_at.is_(None))).one()
    assert direct.kind is RoundKind.DIRECT
    assert enforce_deadlines() == 0


def test_an_exclusive_offer_is_accepted_like_a_claim(session: Session, cast: Cast, clock: TimeMachine) -> None:
    lead = on_the_board(session, cast)
    clock.pass_time(hours=2, seconds=1)
    enforce_deadlines()
    offer = session.scalars(select(Offer).where(Offer.lead_id == lead.id, Offer.answer.is_(None))).one()
    who = "nora" if offer.partner_id == cast.nordwind.id else "kenji"
    claim_offer(offer_id=offer.id, actor=cast.viewer(who))
    assert session.scalars(select(Assignment.origin)).one().value == "push"


def test_a_decline_needs_words_when_the_reason_is_other(session: Session, cast: Cast) -> None:
    offer = offer_of(session, on_the_board(session, cast), cast.partnerships["nordwind"])
    with pytest.raises(Invalid):
        decline_offer(offer_id=offer.id, actor=cast.viewer("nora"), reason=DeclineReason.OTHER)


def test_a_board_that_everybody_declined_closes_at_once(session: Session, cast: Cast) -> None:
    lead = on_the_board(session, cast)
    for name, partnership in (("nora", "nordwind"), ("kenji", "kansai")):
        offer = offer_of(session, lead, cast.partnerships[partnership])
        decline_offer(offer_id=offer.id, actor=cast.viewer(name), reason=DeclineReason.TOO_SMALL)
    open_round = session.scalars(select(Round).where(Round.lead_id == lead.id, Round.closed_at.is_(None))).one()
    assert open_round.kind is RoundKind.DIRECT


def test_a_poisoned_deadline_is_pushed_forward_and_stops_no_other(
    session: Session, cast: Cast, clock: TimeMachine
) -> None:
    good, bad = on_the_board(session, cast), on_the_board(session, cast)
    bad.plan_id = None
    session.scalars(select(Deadline).where(Deadline.lead_id == bad.id)).one().kind = "registration_closes"
    session.commit()
    clock.pass_time(hours=2, seconds=1)
    enforce_deadlines(limit=2)
    spoiled = session.scalars(select(Deadline).where(Deadline.lead_id == bad.id)).one()
    session.refresh(spoiled)
    assert (spoiled.fired_at, spoiled.failures) == (None, 1)
    assert spoiled.retry_at > read_clock(session)
    session.refresh(good)
    assert session.scalar(select(func.count(Round.id)).where(Round.lead_id == good.id)) == 2


def _race(app: Flask, attempts: list[Callable[[], Claimed]]) -> list[object]:
    """Run all attempts at once, each on a connection of its own."""
    gate, answers = threading.Barrier(len(attempts)), []

    def run(attempt: Callable[[], Claimed]) -> None:
        with app.app_context():
            gate.wait()
            try:
                answers.append(attempt())
            except ClaimRefused as refused:
                answers.append(refused.rule)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(attempt,)) for attempt in attempts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_two_partners_at_once_one_wins(app: Flask, committed: Session, committed_cast: Cast) -> None:
    nora, kenji = committed_cast.viewer("nora"), committed_cast.viewer("kenji")
    for partnership in committed_cast.partnerships.values():
        partnership.max_open_claims = 10
    committed.commit()
    for _ in range(10):
        lead = on_the_board(committed, committed_cast)
        mine = offer_of(committed, lead, committed_cast.partnerships["nordwind"]).id
        theirs = offer_of(committed, lead, committed_cast.partnerships["kansai"]).id
        answers = _race(
            app,
            [partial(claim_offer, offer_id=mine, actor=nora), partial(claim_offer, offer_id=theirs, actor=kenji)],
        )
        assert sum(isinstance(answer, Claimed) for answer in answers) == 1


@pytest.mark.covers("T-05", "W-17")
def test_parallel_claims_never_exceed_the_cap(app: Flask, committed: Session, committed_cast: Cast) -> None:
    nordwind = committed_cast.partnerships["nordwind"]
    nordwind.max_open_claims = 3
    committed.commit()
    offers = [offer_of(committed, on_the_board(committed, committed_cast), nordwind).id for _ in range(8)]
    nora = committed_cast.viewer("nora")
    answers = _race(app, [partial(claim_offer, offer_id=one, actor=nora) for one in offers])
    assert sum(isinstance(answer, Claimed) for answer in answers) == 3
    assert answers.count(ClaimRule.OPEN_CAP) == 5
    committed.refresh(nordwind)
    assert nordwind.unworked_claims == 3

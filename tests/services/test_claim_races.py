"""Two wills about one offer at one moment, in a fixed order: the second waits, then meets what the first has left."""

from __future__ import annotations

from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.database import clock_now
from app.domain.claims import ClaimRefused, ClaimRule
from app.domain.deadlines import DeadlineKind
from app.domain.distribution import DeclineReason, OfferAnswer, RoundKind
from app.domain.errors import Refused
from app.domain.leads import LeadState
from app.models import Assignment, Deadline, Lead, Offer, Partnership, Round
from app.services.claims import Claimed, claim_offer, decline_offer
from app.services.deadlines import enforce_deadlines
from app.services.distribution.assigning import assign_lead
from app.services.lead_routing import route_lead
from app.services.network_order import take_network
from app.services.rechecking import recheck_eligibility
from tests import factories
from tests.boards import offer_to, put_on_board
from tests.cast import Cast
from tests.races import lead_of, network_of, one_after_the_other


@pytest.fixture
def lead(committed: Session, committed_cast: Cast) -> Lead:
    """A hot lead on the boards of Nordwind and Kansai."""
    return put_on_board(committed, committed_cast)


def pushed_to(session: Session, lead: Lead) -> Offer:
    """Let the board pass, and return the exclusive offer that follows."""
    session.execute(update(Deadline).where(Deadline.lead_id == lead.id).values(due_at=clock_now()))
    session.commit()
    enforce_deadlines()
    wanted = select(Offer).where(Offer.lead_id == lead.id, Offer.is_exclusive, Offer.answer.is_(None))
    return session.scalars(wanted).one()


def person_of(cast: Cast, offer: Offer, *, is_second: bool = False) -> str:
    names = {cast.nordwind.id: ("nora", "nils"), cast.kansai.id: ("kenji", "kaori")}
    return names[offer.partner_id][is_second]


@pytest.mark.covers("B-06", "W-06")
def test_what_a_colleague_has_declined_is_not_claimed(
    app: Flask, committed: Session, committed_cast: Cast, lead: Lead
) -> None:
    offer_id, lead_id = offer_to(committed, lead, committed_cast.partnerships["nordwind"]).id, lead.id
    nora, nils = committed_cast.viewer("nora"), committed_cast.viewer("nils")
    committed.rollback()
    declined, claimed = one_after_the_other(
        app,
        lead_of(lead_id),
        partial(decline_offer, offer_id=offer_id, actor=nora, reason=DeclineReason.TOO_SMALL),
        partial(claim_offer, offer_id=offer_id, actor=nils),
    )
    assert declined is None
    assert isinstance(claimed, ClaimRefused)
    assert claimed.rule is ClaimRule.ANSWERED
    assert committed.get_one(Offer, offer_id).answer is OfferAnswer.DECLINED
    assert committed.get_one(Lead, lead_id).state is LeadState.DISTRIBUTING
    assert committed.get_one(Partnership, committed_cast.partnerships["nordwind"].id).unworked_claims == 0


@pytest.mark.covers("W-11")
def test_an_exclusive_offer_that_went_on_is_not_claimed(
    app: Flask, committed: Session, committed_cast: Cast, lead: Lead
) -> None:
    offer, lead_id = pushed_to(committed, lead), lead.id
    first, second = (committed_cast.viewer(person_of(committed_cast, offer, is_second=one)) for one in (False, True))
    offer_id = offer.id
    committed.rollback()
    _, claimed = one_after_the_other(
        app,
        lead_of(lead_id),
        partial(decline_offer, offer_id=offer_id, actor=first, reason=DeclineReason.TOO_SMALL),
        partial(claim_offer, offer_id=offer_id, actor=second),
    )
    assert isinstance(claimed, ClaimRefused)
    waiting = committed.scalars(select(Offer).where(Offer.lead_id == lead_id, Offer.answer.is_(None))).one()
    assert waiting.id != offer_id


@pytest.mark.covers("W-11")
def test_an_exclusive_offer_that_a_worker_has_ended_is_not_claimed(
    app: Flask, committed: Session, committed_cast: Cast, lead: Lead
) -> None:
    offer, manufacturer_id = pushed_to(committed, lead), lead.manufacturer_id
    offer_id, viewer = offer.id, committed_cast.viewer(person_of(committed_cast, offer))
    ends = (Deadline.offer_id == offer.id) & (Deadline.kind == DeadlineKind.PUSH_EXPIRES)
    committed.execute(update(Deadline).where(ends).values(due_at=clock_now()))
    committed.commit()
    fired, claimed = one_after_the_other(
        app, network_of(manufacturer_id), enforce_deadlines, partial(claim_offer, offer_id=offer_id, actor=viewer)
    )
    assert fired == 1
    assert isinstance(claimed, Refused)
    assert committed.get_one(Offer, offer_id).answer is OfferAnswer.EXPIRED


@pytest.mark.parametrize("is_claim_first", [True, False])
def test_a_claim_and_the_close_of_the_board(
    app: Flask, committed: Session, committed_cast: Cast, lead: Lead, is_claim_first: bool
) -> None:
    offer_id, lead_id = offer_to(committed, lead, committed_cast.partnerships["nordwind"]).id, lead.id
    claim = partial(claim_offer, offer_id=offer_id, actor=committed_cast.viewer("nora"))
    hold = lead_of(lead_id) if is_claim_first else network_of(lead.manufacturer_id)
    committed.execute(update(Deadline).where(Deadline.lead_id == lead_id).values(due_at=clock_now()))
    committed.commit()
    if is_claim_first:
        (claimed,) = one_after_the_other(app, hold, claim)
        enforce_deadlines()
    else:
        _, claimed = one_after_the_other(app, hold, enforce_deadlines, claim)
    kinds = committed.scalars(select(Round.kind).where(Round.lead_id == lead_id).order_by(Round.number)).all()
    assert isinstance(claimed, Claimed) is is_claim_first
    assert kinds == ([RoundKind.BOARD] if is_claim_first else [RoundKind.BOARD, RoundKind.PUSH])


@pytest.mark.parametrize("is_claim_first", [True, False])
def test_a_claim_and_a_hand(
    app: Flask, committed: Session, committed_cast: Cast, lead: Lead, is_claim_first: bool
) -> None:
    offer_id, lead_id = offer_to(committed, lead, committed_cast.partnerships["nordwind"]).id, lead.id
    kansai_id = committed_cast.partnerships["kansai"].id
    claim = partial(claim_offer, offer_id=offer_id, actor=committed_cast.viewer("nora"))
    hand = partial(
        assign_lead, lead_id=lead_id, actor=committed_cast.viewer("carl"), reason="Known", partnership_id=kansai_id
    )
    committed.rollback()
    answers = one_after_the_other(app, lead_of(lead_id), *((claim, hand) if is_claim_first else (hand, claim)))
    active = committed.scalars(select(Assignment).where(Assignment.lead_id == lead_id, Assignment.ended_at.is_(None)))
    assert active.one().partnership_id == kansai_id
    assert isinstance(answers[0], Claimed) is is_claim_first
    assert isinstance(answers[1], Refused) is not is_claim_first
    taken = {one.id: one.unworked_claims for one in committed.scalars(select(Partnership))}
    assert sorted(taken.values()) == [0, 0, 1]
    assert taken[kansai_id] == 1


def test_two_hands_that_swap_two_leads_do_not_lock_each_other_out(
    app: Flask, committed: Session, committed_cast: Cast
) -> None:
    nordwind, kansai = committed_cast.partnerships["nordwind"], committed_cast.partnerships["kansai"]
    calls, carl = [], committed_cast.viewer("carl")
    for old, new in ((nordwind, kansai), (kansai, nordwind)) * 4:
        made = factories.lead(committed, committed_cast.acme, [committed_cast.products["pump"]])
        factories.assignment(committed, made, partnership=old)
        calls.append(partial(assign_lead, lead_id=made.id, actor=carl, reason="Swap", partnership_id=new.id))
    ids = [nordwind.id, kansai.id]
    committed.commit()

    def both(session: Session) -> None:
        session.execute(select(Partnership.id).where(Partnership.id.in_(ids)).with_for_update())

    answers = one_after_the_other(app, both, *calls)
    assert [type(answer) for answer in answers] == [int] * len(calls)
    assert {committed.get_one(Partnership, one, populate_existing=True).unworked_claims for one in ids} == {4}


def test_a_withdrawn_exclusive_offer_does_not_come_back_beside_the_next(
    committed: Session, committed_cast: Cast, lead: Lead
) -> None:
    first = pushed_to(committed, lead)
    for status in ("paused", "active"):
        raised = Partnership.eligibility_version + 1
        committed.execute(
            update(Partnership)
            .where(Partnership.id == first.partnership_id)
            .values(status=status, eligibility_version=raised)
        )
        committed.commit()
        recheck_eligibility()
    waiting = committed.scalars(select(Offer).where(Offer.lead_id == lead.id, Offer.answer.is_(None))).all()
    assert [one.partnership_id for one in waiting] != [first.partnership_id]
    assert len(waiting) == 1


def test_one_lead_routed_by_two_workers_starts_once(app: Flask, committed: Session, committed_cast: Cast) -> None:
    made = factories.lead(committed, committed_cast.acme, [committed_cast.products["pump"]])
    lead_id, manufacturer_id = made.id, committed_cast.acme.id
    committed.commit()

    def route(session: Session) -> None:
        take_network(session, manufacturer_id)

    assert one_after_the_other(app, route, partial(route_lead, lead_id=lead_id)) == [True]
    assert route_lead(lead_id=lead_id) is False
    assert len(committed.scalars(select(Round).where(Round.lead_id == lead_id)).all()) == 1


@pytest.mark.covers("B-06")
def test_an_offer_renewed_while_the_claim_waited_ends_with_it(
    app: Flask, committed: Session, committed_cast: Cast, lead: Lead
) -> None:
    """The claim's first statement was there before the renewal, and cannot see it."""
    mine = offer_to(committed, lead, committed_cast.partnerships["nordwind"]).id
    renewed = offer_to(committed, lead, committed_cast.partnerships["kansai"]).id
    lead_id, nora = lead.id, committed_cast.viewer("nora")
    committed.execute(update(Offer).where(Offer.id == renewed).values(answer=OfferAnswer.WITHDRAWN))
    committed.commit()

    def renew(session: Session) -> None:
        lead_of(lead_id)(session)
        session.execute(update(Offer).where(Offer.id == renewed).values(answer=None))

    (claimed,) = one_after_the_other(app, renew, partial(claim_offer, offer_id=mine, actor=nora))

    assert isinstance(claimed, Claimed)
    assert committed.get_one(Offer, renewed, populate_existing=True).answer is OfferAnswer.LOST_RACE

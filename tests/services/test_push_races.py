"""Two leads pushed at one moment, and partners that fill up meanwhile: nobody is asked on yesterday's figures."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from app.database import clock_now
from app.domain.claims import ClaimRefused, ClaimRule
from app.domain.distribution import OfferAnswer, RoundKind
from app.domain.leads import LeadState
from app.domain.overlap import OverlapPolicy
from app.models import Deadline, Lead, Offer, PushTurn, Round
from app.services.claims import claim_offer
from app.services.deadlines import enforce_deadlines
from app.services.distribution.assigning import assign_lead
from app.services.distribution.turns import take_turn
from app.services.lead_routing import route_lead
from tests import factories
from tests.cast import Cast
from tests.pushes import asked_about, push_only, pushed, worked
from tests.races import one_after_the_other
from tests.services.test_push_fairness import BY_TIER


def turn_of(manufacturer_id: int) -> Callable[[Session], object]:
    return lambda session: take_turn(session, manufacturer_id)


def routed_at_once(app: Flask, session: Session, cast: Cast, count: int = 2) -> list[Lead]:
    """So many leads routed at the same moment: all of them wait until the turn to choose is free."""
    leads = [factories.lead(session, cast.acme, [cast.products["pump"]]) for _ in range(count)]
    session.commit()
    manufacturer_id, calls = cast.acme.id, [partial(route_lead, lead_id=lead.id) for lead in leads]
    session.rollback()
    assert one_after_the_other(app, turn_of(manufacturer_id), *calls) == [True] * count
    return leads


@pytest.mark.covers("T-08", "C-02")
def test_two_leads_at_once_go_to_two_partners_in_turn(app: Flask, committed: Session, committed_cast: Cast) -> None:
    push_only(committed, committed_cast, overlap=OverlapPolicy.ROUND_ROBIN)
    leads = routed_at_once(app, committed, committed_cast)
    asked = {asked_about(committed, lead).partnership_id for lead in leads}
    assert asked == {committed_cast.partnerships[name].id for name in ("nordwind", "kansai")}


@pytest.mark.covers("T-27")
def test_two_leads_at_once_count_each_other_for_the_newcomers_share(
    app: Flask, committed: Session, committed_cast: Cast
) -> None:
    cast = committed_cast
    push_only(committed, cast, weights=BY_TIER, fairness_every=5)
    for _ in range(5):
        worked(committed, cast, cast.partnerships["nordwind"])
    committed.add(PushTurn(manufacturer_id=cast.acme.id, since_newcomer=3))
    leads = routed_at_once(app, committed, cast)
    asked = sorted(asked_about(committed, lead).partnership_id for lead in leads)
    assert asked == sorted(cast.partnerships[name].id for name in ("nordwind", "kansai"))
    assert committed.scalar(select(PushTurn.since_newcomer)) == 0


@pytest.mark.covers("T-05", "W-17")
def test_two_leads_at_once_do_not_both_take_the_last_place(
    app: Flask, committed: Session, committed_cast: Cast
) -> None:
    push_only(committed, committed_cast)
    committed_cast.partnerships["nordwind"].max_open_claims = 1
    committed_cast.partnerships["kansai"].max_open_claims = 0
    routed_at_once(app, committed, committed_cast)
    kinds = committed.scalars(select(Round.kind).where(Round.closed_at.is_(None)).order_by(Round.kind)).all()
    assert kinds == [RoundKind.DIRECT, RoundKind.PUSH]
    assert committed.scalar(select(func.count()).select_from(Offer)) == 1


@pytest.mark.covers("W-17")
def test_a_partner_that_fills_up_meanwhile_cannot_accept_and_the_next_is_asked(session: Session, cast: Cast) -> None:
    push_only(session, cast, weights=BY_TIER)
    cast.partnerships["nordwind"].max_open_claims = 1
    lead = pushed(session, cast)
    offer = asked_about(session, lead)
    other = factories.lead(session, cast.acme, [cast.products["pump"]], state=LeadState.IN_REVIEW)
    session.commit()
    nordwind = cast.partnerships["nordwind"].id
    assign_lead(lead_id=other.id, actor=cast.viewer("carl"), reason="They know it", partnership_id=nordwind)
    with pytest.raises(ClaimRefused) as refused:
        claim_offer(offer_id=offer.id, actor=cast.viewer("nora"))
    assert refused.value.rule is ClaimRule.OPEN_CAP
    session.execute(update(Deadline).where(Deadline.offer_id == offer.id).values(due_at=clock_now()))
    session.commit()
    enforce_deadlines()
    session.refresh(offer)
    assert offer.answer is OfferAnswer.EXPIRED
    assert asked_about(session, lead).partnership_id == cast.partnerships["kansai"].id


def test_a_batch_of_deadlines_ends_with_its_first_choice(committed: Session, committed_cast: Cast) -> None:
    """Whoever waits for the turn may hold a partner's place that the batch's next deadline would wait for."""
    push_only(committed, committed_cast, overlap=OverlapPolicy.ROUND_ROBIN)
    leads = [pushed(committed, committed_cast) for _ in range(3)]
    first = {lead.id: asked_about(committed, lead).partnership_id for lead in leads}
    committed.execute(update(Deadline).where(Deadline.kind == "push_expires").values(due_at=clock_now()))
    committed.commit()
    assert enforce_deadlines() == 3
    second = {lead.id: asked_about(committed, lead).partnership_id for lead in leads}
    assert all(first[lead_id] != second[lead_id] for lead_id in first)
    transactions = text("SELECT count(DISTINCT xmin::text) FROM offer WHERE answer IS NULL")
    assert committed.scalar(transactions) == 3

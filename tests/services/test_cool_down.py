"""A lead that a partner lost for not working it stays closed to it for a while, whatever was offered meanwhile."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.database import clock_now, read_clock
from app.domain.claims import ClaimRefused, ClaimRule
from app.domain.deadlines import DeadlineKind
from app.domain.distribution import AssignmentEnd, AssignmentOrigin, OfferAnswer
from app.domain.leads import LeadState
from app.models import Assignment, Deadline, Lead, ManufacturerSettings, Offer, Partnership
from app.services.claims import claim_offer
from app.services.deadlines import enforce_deadlines
from tests.boards import offer_to
from tests.cast import Cast
from tests.conftest import TimeMachine
from tests.races import network_of, one_after_the_other
from tests.silences import pass_until, pending, reserved


def set_cool_down(session: Session, cast: Cast, hours: int) -> None:
    session.get_one(ManufacturerSettings, cast.acme.id).cool_down_hours = hours
    session.commit()


def offered_again(session: Session, cast: Cast, clock: TimeMachine) -> Lead:
    """A lead that Nordwind let pass as its owner, and that is on its board now: there was no cool-down until then."""
    set_cool_down(session, cast, 0)
    lead = reserved(session, cast, is_hot=True)
    pass_until(session, clock, pending(session, lead)[-1])
    enforce_deadlines()
    session.refresh(lead)
    return lead


@pytest.mark.covers("W-05")
def test_silence_closes_a_lead_for_the_cool_down(session: Session, cast: Cast, clock: TimeMachine) -> None:
    lead, nordwind = offered_again(session, cast, clock), cast.partnerships["nordwind"]
    offer = offer_to(session, lead, nordwind)
    assert not offer.is_exclusive
    silent_at = session.scalars(select(Offer.answered_at).where(Offer.lead_id == lead.id, Offer.is_exclusive)).one()
    assert silent_at is not None
    set_cool_down(session, cast, 48)
    with pytest.raises(ClaimRefused) as refused:
        claim_offer(offer_id=offer.id, actor=cast.viewer("nora"))
    assert (refused.value.rule, refused.value.restored_at) == (ClaimRule.COOL_DOWN, silent_at + timedelta(hours=48))
    session.refresh(lead)
    session.refresh(nordwind)
    assert (lead.state, nordwind.unworked_claims) == (LeadState.DISTRIBUTING, 0), "nothing of the claim stays"

    set_cool_down(session, cast, 1)
    clock.pass_time(minutes=61)
    assert not claim_offer(offer_id=offer.id, actor=cast.viewer("nora")).is_repeat


@pytest.mark.covers("W-05")
def test_a_lead_that_was_not_worked_is_closed_too_and_only_to_who_had_it(
    session: Session, cast: Cast, clock: TimeMachine
) -> None:
    lead, nordwind = offered_again(session, cast, clock), cast.partnerships["nordwind"]
    set_cool_down(session, cast, 1)
    clock.pass_time(minutes=61)
    lost = Assignment(
        lead_id=lead.id,
        manufacturer_id=lead.manufacturer_id,
        partnership_id=nordwind.id,
        partner_id=nordwind.partner_id,
        origin=AssignmentOrigin.HAND,
        ended_at=read_clock(session),
        end=AssignmentEnd.RE_ROUTED,
    )
    session.add(lost)
    session.commit()
    with pytest.raises(ClaimRefused) as refused:
        claim_offer(offer_id=offer_to(session, lead, nordwind).id, actor=cast.viewer("nora"))
    assert refused.value.rule is ClaimRule.COOL_DOWN
    assert claim_offer(offer_id=offer_to(session, lead, cast.partnerships["kansai"]).id, actor=cast.viewer("kenji"))


@pytest.mark.covers("W-05", "B-06")
def test_a_claim_that_waited_while_its_offer_passed_in_silence_leaves_nothing_and_the_lead_stays_closed(
    app: Flask, committed: Session, committed_cast: Cast
) -> None:
    cast = committed_cast
    set_cool_down(committed, cast, 0)
    lead = reserved(committed, cast)
    offer, lead_id, nordwind_id = pending(committed, lead)[-1].offer_id, lead.id, cast.partnerships["nordwind"].id
    ends = (Deadline.lead_id == lead_id) & (Deadline.kind == DeadlineKind.OWNER_EXPIRES)
    committed.execute(update(Deadline).where(ends).values(due_at=clock_now()))
    committed.commit()
    assert offer is not None
    claim = partial(claim_offer, offer_id=offer, actor=cast.viewer("nora"))
    fired, claimed = one_after_the_other(app, network_of(lead.manufacturer_id), enforce_deadlines, claim)
    assert fired == 1
    assert isinstance(claimed, ClaimRefused)
    committed.expire_all()
    assert committed.get_one(Offer, offer).answer is OfferAnswer.EXPIRED

    set_cool_down(committed, cast, 48)
    again = offer_to(committed, lead, cast.partnerships["nordwind"])
    assert again.answer is None, "the board was opened while there was no cool-down"
    with pytest.raises(ClaimRefused) as refused:
        claim_offer(offer_id=again.id, actor=cast.viewer("nora"))
    assert refused.value.rule is ClaimRule.COOL_DOWN
    assert committed.get_one(Lead, lead_id).state is LeadState.DISTRIBUTING
    assert committed.get_one(Partnership, nordwind_id).unworked_claims == 0

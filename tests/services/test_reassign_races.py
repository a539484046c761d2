"""Moving leads by hand against everybody else who moves the same lead at the same moment."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import transaction
from app.domain.errors import Refused
from app.domain.partners import PartnershipStatus
from app.domain.reassigning import Taker
from app.models import Assignment, Lead, Partnership
from app.queries.reassigning import preview_reassign, reassigned
from app.services.claims import Claimed, claim_offer
from app.services.cockpit import withdraw_lead
from app.services.network_order import take_network
from app.services.reassigning import reassign_leads
from tests.boards import offer_to, put_on_board
from tests.cast import Cast
from tests.races import lead_of, network_of, one_after_the_other


def moving(
    cast: Cast, lead_ids: list[uuid.UUID], taker: Taker, *, name: str = "carl", token: str = "a"
) -> Callable[[], int]:
    """A move that waits to be made, with what its preview showed now."""
    seen = {
        one.id: one.standing.to_text()
        for one in preview_reassign(viewer=cast.viewer(name), lead_ids=lead_ids, taker=taker).leads
    }
    return partial(reassign_leads, leads=seen, taker=taker, actor=cast.viewer(name), reason="Of that name", token=token)


def working(session: Session, lead_id: uuid.UUID) -> Assignment | None:
    active = select(Assignment).where(Assignment.lead_id == lead_id, Assignment.ended_at.is_(None))
    return session.scalars(active.execution_options(populate_existing=True)).one_or_none()


@pytest.mark.covers("W-08", "W-10")
def test_of_two_channel_managers_who_move_one_lead_the_first_wins(
    app: Flask, committed: Session, committed_cast: Cast
) -> None:
    lead_id, ada = put_on_board(committed, committed_cast).id, committed_cast.viewer("ada")
    nordwind, kansai = (committed_cast.partnerships[name].id for name in ("nordwind", "kansai"))
    first = moving(committed_cast, [lead_id], Taker(partnership_id=nordwind))
    second = moving(committed_cast, [lead_id], Taker(partnership_id=kansai), name="ada", token="b")
    committed.rollback()
    results = [
        reassigned(viewer=ada, event_id=one) for one in one_after_the_other(app, lead_of(lead_id), first, second)
    ]
    assert [len(one.done) for one in results] == [1, 0]
    assert "moved this lead since" in str(results[1].refused[0].why_not)
    active = working(committed, lead_id)
    assert active is not None and active.partnership_id == nordwind
    taken = {one.id: one.unworked_claims for one in committed.scalars(select(Partnership))}
    assert (taken[nordwind], taken[kansai]) == (1, 0)


@pytest.mark.covers("W-10", "T-05")
def test_two_moves_at_once_fill_one_free_place_once(app: Flask, committed: Session, committed_cast: Cast) -> None:
    kansai = committed_cast.partnerships["kansai"]
    kansai.max_open_claims = 1
    lead_ids = [put_on_board(committed, committed_cast).id for _ in range(2)]
    taker = Taker(partnership_id=kansai.id)
    moves = [
        moving(committed_cast, [one], taker, name=name, token=name)
        for one, name in zip(lead_ids, ("carl", "ada"), strict=True)
    ]
    committed.rollback()

    def places(session: Session) -> Partnership:
        return session.get_one(Partnership, taker.partnership_id, with_for_update={"key_share": True})

    ada = committed_cast.viewer("ada")
    results = [reassigned(viewer=ada, event_id=one) for one in one_after_the_other(app, places, *moves)]
    assert [len(one.done) for one in results] == [1, 0], "the second was never asked whether it may go beyond the cap"
    committed.expire_all()
    assert committed.get_one(Partnership, taker.partnership_id).unworked_claims == 1


@pytest.mark.covers("W-08", "B-06")
@pytest.mark.parametrize("is_claim_first", [True, False])
def test_a_claim_while_the_lead_is_moved(
    app: Flask, committed: Session, committed_cast: Cast, *, is_claim_first: bool
) -> None:
    lead = put_on_board(committed, committed_cast)
    lead_id, nordwind, kansai = lead.id, *(committed_cast.partnerships[name].id for name in ("nordwind", "kansai"))
    offer_id = offer_to(committed, lead, committed_cast.partnerships["nordwind"]).id
    claim = partial(claim_offer, offer_id=offer_id, actor=committed_cast.viewer("nora"))
    move = moving(committed_cast, [lead_id], Taker(partnership_id=kansai))
    committed.rollback()
    answers = one_after_the_other(app, lead_of(lead_id), *((claim, move) if is_claim_first else (move, claim)))
    event_id = answers[1 if is_claim_first else 0]
    made = reassigned(viewer=committed_cast.viewer("carl"), event_id=event_id)
    active = working(committed, lead_id)
    assert active is not None and active.partnership_id == (nordwind if is_claim_first else kansai)
    assert len(made.refused) == int(is_claim_first)
    assert isinstance(answers[0] if is_claim_first else answers[1], Claimed if is_claim_first else Refused)


@pytest.mark.covers("W-08")
def test_a_lead_closed_between_preview_and_submit_stays_closed(
    app: Flask, committed: Session, committed_cast: Cast
) -> None:
    lead_id, ada = put_on_board(committed, committed_cast).id, committed_cast.viewer("ada")
    close = partial(withdraw_lead, lead_id=lead_id, actor=ada, reason="Sent twice")
    move = moving(committed_cast, [lead_id], Taker())
    committed.rollback()
    _, event_id = one_after_the_other(app, lead_of(lead_id), close, move)
    (refused,) = reassigned(viewer=ada, event_id=event_id).refused
    assert "closed" in str(refused.why_not)
    assert working(committed, lead_id) is None


def ends(partnership_id: int, manufacturer_id: int) -> None:
    with transaction() as session:
        take_network(session, manufacturer_id)
        session.get_one(Partnership, partnership_id).status = PartnershipStatus.ENDED


@pytest.mark.covers("W-08", "T-02")
def test_a_partner_that_ends_at_this_moment_is_left_with_no_lead(
    app: Flask, committed: Session, committed_cast: Cast
) -> None:
    lead = put_on_board(committed, committed_cast)
    lead_id, kansai = lead.id, committed_cast.partnerships["kansai"]
    end = partial(ends, kansai.id, lead.manufacturer_id)
    move = moving(committed_cast, [lead_id], Taker(partnership_id=kansai.id))
    hold = network_of(lead.manufacturer_id)
    committed.rollback()
    _, event_id = one_after_the_other(app, hold, end, move)
    made = reassigned(viewer=committed_cast.viewer("carl"), event_id=event_id)
    assert "not active" in str(made.refused[0].why_not)
    assert working(committed, lead_id) is None


def test_two_moves_of_the_same_leads_the_other_way_round_do_not_lock_each_other_out(
    app: Flask, committed: Session, committed_cast: Cast
) -> None:
    nordwind, kansai = (committed_cast.partnerships[name].id for name in ("nordwind", "kansai"))
    leads: list[Lead] = [put_on_board(committed, committed_cast) for _ in range(4)]
    ids = [lead.id for lead in leads]
    there = moving(committed_cast, ids, Taker(partnership_id=nordwind))
    back = moving(committed_cast, ids[::-1], Taker(partnership_id=kansai), name="ada", token="b")
    committed.rollback()
    answers = one_after_the_other(app, lead_of(min(ids)), there, back)
    assert [type(answer) for answer in answers] == [int, int]
    made = [reassigned(viewer=committed_cast.viewer("carl"), event_id=one) for one in answers]
    assert sum(len(one.done) for one in made) == len(ids)

"""What is noted of a partner's answers, where each of them happens."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.distribution import DeclineReason, RoundKind
from app.domain.escalation import EscalationAction
from app.domain.leads import LostReason
from app.domain.response_score import RESPONSE_LABELS, ResponseKind
from app.models import Lead, ManufacturerSettings, ResponseEntry
from app.queries.response_pages import response_standing
from app.services.claims import claim_offer, decline_offer
from app.services.cockpit import close_lost
from app.services.deadlines import enforce_deadlines
from app.services.distribution.exclusive import Asked, make_exclusive_offer
from tests import factories
from tests.boards import offer_to, put_on_board
from tests.cast import Cast
from tests.conftest import TimeMachine
from tests.silences import claimed, pass_until, pending, reserved

pytestmark = pytest.mark.covers("W-14")


def _noted(session: Session) -> list[tuple[ResponseKind, int]]:
    rows = session.execute(select(ResponseEntry.kind, ResponseEntry.points).order_by(ResponseEntry.id))
    return [(row.kind, row.points) for row in rows]


def _claimed(session: Session, cast: Cast) -> Lead:
    lead = put_on_board(session, cast, is_hot=True)
    offer = offer_to(session, lead, cast.partnerships["nordwind"])
    for _again in range(2):
        claim_offer(offer_id=offer.id, actor=cast.viewer("nora"))
    return lead


def test_a_claim_from_the_board_is_an_answer(session: Session, cast: Cast) -> None:
    lead = _claimed(session, cast)
    assert _noted(session) == [(ResponseKind.ACCEPTED, 2)]
    entry = session.scalars(select(ResponseEntry)).one()
    assert (entry.partnership_id, entry.lead_id) == (cast.partnerships["nordwind"].id, lead.id)


def test_a_claim_notes_nothing_where_no_score_is_kept(session: Session, cast: Cast) -> None:
    session.get_one(ManufacturerSettings, cast.acme.id).is_response_scored = False
    session.commit()
    _claimed(session, cast)
    assert _noted(session) == []


def test_a_no_is_an_answer_once(session: Session, cast: Cast) -> None:
    lead = put_on_board(session, cast, is_hot=True)
    offer = offer_to(session, lead, cast.partnerships["nordwind"])
    for _again in range(2):
        decline_offer(offer_id=offer.id, actor=cast.viewer("nora"), reason=DeclineReason.NO_CAPACITY)
    assert _noted(session) == [(ResponseKind.DECLINED, 1)]


def test_saying_how_good_a_lead_was_is_feedback_and_silence_about_it_is_not(session: Session, cast: Cast) -> None:
    for quality in (4, None):
        lead = _claimed(session, cast)
        session.refresh(lead)
        close_lost(
            lead_id=lead.id, actor=cast.viewer("nora"), version=lead.version, reason=LostReason.PRICE, quality=quality
        )
    kinds = [kind for kind, _points in _noted(session)]
    assert kinds == [ResponseKind.ACCEPTED, ResponseKind.FEEDBACK, ResponseKind.ACCEPTED]


def test_what_the_manufacturer_says_of_a_partners_lead_is_not_the_partners_feedback(
    session: Session, cast: Cast
) -> None:
    lead = _claimed(session, cast)
    session.refresh(lead)
    close_lost(lead_id=lead.id, actor=cast.viewer("ada"), version=lead.version, reason=LostReason.PRICE, quality=2)
    assert _noted(session) == [(ResponseKind.ACCEPTED, 2)]


def test_an_offer_to_one_alone_that_passes_unanswered_is_silence(
    session: Session, cast: Cast, clock: TimeMachine
) -> None:
    lead = factories.lead(session, cast.acme, [cast.products["pump"]])
    push = factories.round_(session, lead, RoundKind.PUSH)
    nordwind = cast.partnerships["nordwind"]
    asked = Asked(nordwind.id, nordwind.partner_id, nordwind.eligibility_version)
    now = read_clock(session)
    make_exclusive_offer(session, lead, push, asked, now=now, expires_at=now + timedelta(hours=4), reasons=[])
    session.commit()
    clock.pass_time(hours=5)
    enforce_deadlines()
    assert _noted(session)[0] == (ResponseKind.SILENT, -5)
    assert enforce_deadlines() == 0


def test_the_points_are_those_that_are_set_on_that_day_and_stay_with_the_entry(session: Session, cast: Cast) -> None:
    settings = session.get_one(ManufacturerSettings, cast.acme.id)
    settings.accepted_points, settings.declined_points = 4, 3
    session.commit()
    _claimed(session, cast)
    lead = put_on_board(session, cast, email="second@prospect.example")
    offer = offer_to(session, lead, cast.partnerships["kansai"])
    decline_offer(offer_id=offer.id, actor=cast.viewer("kenji"), reason=DeclineReason.NO_CAPACITY)
    settings.accepted_points = 1
    session.commit()
    assert _noted(session) == [(ResponseKind.ACCEPTED, 4), (ResponseKind.DECLINED, 3)]
    told = [
        str(line)
        for line in response_standing(
            viewer=cast.viewer("nora"), partnership_id=cast.partnerships["nordwind"].id
        ).formula
    ]
    assert f"{RESPONSE_LABELS[ResponseKind.ACCEPTED]}: +1" in told


def test_what_silence_costs_is_set_too(session: Session, cast: Cast, clock: TimeMachine) -> None:
    settings = session.get_one(ManufacturerSettings, cast.acme.id)
    settings.silence_cost, settings.re_route_cost = 8, 13
    session.commit()
    owners, works = reserved(session, cast), claimed(session, cast)
    for lead in (owners, works):
        wanted = next(one for one in pending(session, lead) if one.step is EscalationAction.RE_ROUTE)
        pass_until(session, clock, wanted)
        enforce_deadlines()
    noted = dict(_noted(session))
    assert (noted[ResponseKind.SILENT], noted[ResponseKind.RE_ROUTED]) == (-8, -13)

"""POST /offers/{id}/claim and /decline."""

from __future__ import annotations

import uuid
from datetime import datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.distribution import OfferAnswer
from app.models import Assignment, Lead, Offer
from tests.boards import offer_to, put_on_board
from tests.cast import Cast
from tests.conftest import TimeMachine
from tests.web.api.conftest import Programs, is_problem


@pytest.fixture
def offer(session: Session, cast: Cast) -> Offer:
    """Nordwind's offer of a lead that Kansai may claim too."""
    return offer_to(session, put_on_board(session, cast), cast.partnerships["nordwind"])


@pytest.mark.covers("B-03", "B-06")
def test_a_claim_makes_the_lead_the_partners(program: Programs, session: Session, cast: Cast, offer: Offer) -> None:
    lead_id, nora = offer.lead_id, program("nora")
    claimed = nora.post(f"/offers/{offer.id}/claim").get_json()
    assignment = session.scalars(select(Assignment)).one()
    assert (claimed["lead_id"], claimed["assignment_id"]) == (str(lead_id), assignment.id)
    assert claimed["is_repeat"] is False
    assert datetime.fromisoformat(claimed["contact_due_at"]) > assignment.assigned_at
    assert nora.get(f"/leads/{lead_id}").get_json()["prospect"]["person"] == "Katrin Vogel"
    assert claimed["url"] == f"/api/v1/leads/{lead_id}"


def test_the_winner_may_ask_again(program: Programs, session: Session, offer: Offer) -> None:
    address = f"/offers/{offer.id}/claim"
    first, again = program("nora").post(address), program("nils").post(address)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.get_json() == first.get_json() | {"is_repeat": True}
    assert session.scalar(select(func.count(Assignment.id))) == 1


def test_the_loser_is_told_the_rule_and_not_the_winner(
    program: Programs, session: Session, cast: Cast, offer: Offer
) -> None:
    other = offer_to(session, session.get_one(Lead, offer.lead_id), cast.partnerships["kansai"])
    program("nora").post(f"/offers/{offer.id}/claim")
    answer = program("kenji").post(f"/offers/{other.id}/claim")
    assert is_problem(answer, 409, "taken")
    assert answer.get_json()["remedy"]
    assert "Nordwind" not in answer.text


def test_a_refusal_names_rule_number_and_remedy(program: Programs, session: Session, cast: Cast, offer: Offer) -> None:
    address = f"/offers/{offer.id}/claim"
    cast.partnerships["nordwind"].max_open_claims = 0
    session.commit()
    answer = program("nora").post(address)
    assert is_problem(answer, 409, "open_claim_cap")
    assert answer.get_json()["number"] == 0
    assert "Log a contact attempt" in answer.get_json()["remedy"]


def test_a_refusal_says_when_it_lifts(program: Programs, session: Session, cast: Cast) -> None:
    lead = put_on_board(session, cast, is_hot=False)
    early = offer_to(session, lead, cast.partnerships["kansai"])
    opens_at, address = early.visible_from, f"/offers/{early.id}/claim"
    answer = program("kenji").post(address)
    assert is_problem(answer, 409, "head_start")
    assert datetime.fromisoformat(answer.get_json()["restored_at"]) == opens_at
    assert answer.get_json()["restored_at"].endswith("Z")


def test_an_ended_offer_is_refused_by_the_clock_alone(program: Programs, offer: Offer, clock: TimeMachine) -> None:
    address = f"/offers/{offer.id}/claim"
    clock.pass_time(days=2)
    assert is_problem(program("nora").post(address), 409, "window_closed")


@pytest.mark.parametrize("action", ["claim", "decline"])
@pytest.mark.parametrize("name", ["rita", "kenji"])
def test_others_offers_do_not_exist(program: Programs, offer: Offer, name: str, action: str) -> None:
    body = {"reason": "no_capacity"} if action == "decline" else None
    theirs = program(name)
    for offer_id in (offer.id, uuid.uuid4(), "not-an-id"):
        assert is_problem(theirs.post(f"/offers/{offer_id}/{action}", body), 404, "not_found")


@pytest.mark.parametrize("action", ["claim", "decline"])
def test_without_a_key_401_and_for_manufacturers_403(program: Programs, offer: Offer, action: str) -> None:
    address, body = f"/offers/{offer.id}/{action}", {"reason": "no_capacity"}
    assert is_problem(program(None).post(address, body), 401, "unauthorized")
    assert is_problem(program("ada").post(address, body), 403, "forbidden")


@pytest.mark.covers("W-06")
def test_a_decline_is_kept_with_its_reason(program: Programs, session: Session, offer: Offer) -> None:
    offer_id, nora = offer.id, program("nora")
    for _ in range(2):
        answer = nora.post(f"/offers/{offer_id}/decline", {"reason": "other", "text": "  Fully booked  "})
        assert (answer.status_code, answer.get_json()) == (200, {"offer_id": str(offer_id), "answer": "declined"})
    kept = session.get_one(Offer, offer_id, populate_existing=True)
    assert (kept.answer, kept.decline_note) == (OfferAnswer.DECLINED, "Fully booked")
    assert is_problem(nora.post(f"/offers/{offer_id}/claim"), 409, "already_answered")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "reason"),
        ({"reason": "bored"}, "reason"),
        ({"reason": "no_capacity", "reasons": 2}, "reasons"),
        ({"reason": "other"}, "text"),
        ({"reason": "other", "text": "\x00"}, "text"),
        ({"reason": "other", "text": 7}, "text"),
        ([], "body"),
    ],
)
def test_a_decline_that_cannot_be_read_names_the_field(
    program: Programs, offer: Offer, body: object, field: str
) -> None:
    answer = program("nora").post(f"/offers/{offer.id}/decline", body)
    assert answer.status_code == 422
    assert list(answer.get_json()["fields"]) == [field]


def test_bodies_that_are_no_bodies(program: Programs, offer: Offer) -> None:
    address, nora = f"/offers/{offer.id}/decline", program("nora")
    assert is_problem(nora.post_raw(address, b"{"), 400, "bad_request")
    assert is_problem(nora.post_raw(address, b"[" * 100_000), 400, "bad_request")
    assert is_problem(nora.post_raw(address, b"reason=other", "text/plain"), 415, "unsupported_media_type")
    assert is_problem(nora.post_raw(address, b" " * 300_000), 413, "request_entity_too_large")
    assert nora.post_raw(address, b'{"reason": "other", "text": "\\ud800"}').status_code == 422
    assert nora.post_raw(address, b"").status_code == 422


def test_addresses_and_methods_that_are_none(program: Programs, offer: Offer) -> None:
    nora = program("nora")
    assert is_problem(nora.get("/nothing"), 404, "not_found")
    assert is_problem(nora.get(f"/offers/{offer.id}/claim"), 405, "method_not_allowed")

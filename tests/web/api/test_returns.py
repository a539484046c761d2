"""POST /leads/{id}/return and /leads/{id}/return/undo."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.audit import EventKind
from app.models import Event, Lead
from app.services.claims import claim_offer
from tests.boards import offer_to, put_on_board
from tests.cast import Cast
from tests.web.api.conftest import Programs, is_problem

WRONG = {"reason": "wrong_product", "text": "A compressor", "quality": 2}


@pytest.fixture
def lead(session: Session, cast: Cast) -> Lead:
    """A lead that Nordwind has taken from the board."""
    made = put_on_board(session, cast)
    claim_offer(offer_id=offer_to(session, made, cast.partnerships["nordwind"]).id, actor=cast.viewer("nora"))
    return made


def test_a_lead_is_returned_and_taken_back(program: Programs, lead: Lead) -> None:
    lead_id, nora = str(lead.id), program("nora")
    returned = nora.post(f"/leads/{lead_id}/return", WRONG).get_json()
    assert (returned["lead_id"], returned["goes_to"]) == (lead_id, "next_round")
    assert datetime.fromisoformat(returned["undo_until"]).tzinfo
    assert is_problem(nora.get(f"/leads/{lead_id}"), 404, "not_found")
    assert nora.post(f"/leads/{lead_id}/return/undo").get_json() == {"lead_id": lead_id}
    assert nora.get(f"/leads/{lead_id}").get_json()["prospect"]["person"] == "Katrin Vogel"
    assert is_problem(nora.post(f"/leads/{lead_id}/return/undo"), 409, "not_returned")


def test_a_repeat_with_the_same_key_does_nothing_more(program: Programs, session: Session, lead: Lead) -> None:
    address, nora = f"/leads/{lead.id}/return", program("nora")
    first, again = (nora.post(address, WRONG, Idempotency_Key="r-1") for _ in range(2))
    assert again.get_json() == first.get_json()
    assert again.headers["Idempotency-Replayed"] == "true"
    kinds = select(func.count()).select_from(Event).where(Event.kind == EventKind.LEAD_RETURNED)
    assert session.scalar(kinds) == 1


def test_a_rule_refuses_with_its_remedy(program: Programs, lead: Lead) -> None:
    answer = program("nora").post(f"/leads/{lead.id}/return", {"reason": "not_reachable"})
    assert is_problem(answer, 409, "too_few_attempts")
    assert "log each attempt" in answer.get_json()["remedy"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "reason"),
        ({"reason": "bored"}, "reason"),
        ({"reason": "other"}, "text"),
        ({"reason": "no_capacity", "quality": 6}, "quality"),
    ],
)
def test_what_cannot_be_read_names_the_field(program: Programs, lead: Lead, body: object, field: str) -> None:
    answer = program("nora").post(f"/leads/{lead.id}/return", body)
    assert answer.status_code == 422
    assert list(answer.get_json()["fields"]) == [field]


def test_anonymous_outsiders_other_sides_and_other_scopes(program: Programs, lead: Lead) -> None:
    address = f"/leads/{lead.id}/return"
    assert is_problem(program(None).post(address, WRONG), 401, "unauthorized")
    assert is_problem(program("kenji").post(address, WRONG), 404, "not_found")
    assert is_problem(program("carl").post(address, WRONG), 403, "forbidden")
    assert program("nora", "leads").post(address, WRONG).status_code == 403

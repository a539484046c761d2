"""POST /leads: what a program of the manufacturer brings in."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.adapters.job_names import ROUTE_LEAD
from app.models import Consent, Lead, LeadTouch, Submission
from app.services.lead_routing import route_lead
from tests.cast import Cast
from tests.web.api.conftest import Programs, is_problem

SENT: dict[str, Any] = {
    "external_id": "web-4711",
    "given_name": "Katrin",
    "family_name": "Vogel",
    "company": "Hofmann Präzision GmbH",
    "email": "k.vogel@hofmann.example",
    "phone": "+49 89 1234567",
    "postal_code": "80331",
    "city": "München",
    "country": "DE",
    "products": ["PUMP"],
    "amount": {"amount": "38000.50", "currency": "EUR"},
    "score": 80,
    "message": "We need two pumps by May.\nSoon.",
    "created_at": "2026-03-02T10:30:00+01:00",
    "consent": {"scope": "any_eligible", "proof": "form record 4711"},
}


@pytest.mark.covers("I-01")
def test_makes_a_lead_that_is_routed_at_once(
    app: Flask, program: Programs, session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[tuple[str, dict[str, object]]] = []
    monkeypatch.setattr(app.extensions["job_queue"], "enqueue", lambda job, given: rung.append((job, given)))
    ines = program("ines")
    answer = ines.post("/leads", SENT)
    body = answer.get_json()
    assert (answer.status_code, body["result"], body["state"], body["problems"]) == (201, "created", "received", [])
    assert answer.headers["Location"].endswith(body["url"])
    lead = session.scalars(select(Lead)).one()
    assert (str(lead.id), lead.manufacturer_id, lead.subdivision) == (body["id"], cast.acme.id, "DE-BY")
    assert (lead.phone, lead.amount_cents, lead.currency, lead.score) == ("+49891234567", 3_800_050, "EUR", 80)
    assert (lead.asked_at.isoformat()[:16], lead.source_kind.value) == ("2026-03-02T09:30", "api")
    assert session.get_one(Consent, lead.id).proof == "form record 4711"
    assert rung == [(ROUTE_LEAD, {"lead_id": body["id"]})]
    route_lead(lead_id=lead.id)
    assert program("nora").get("/board").get_json()["total"] == 1


def test_the_same_again_is_a_touch_on_the_same_lead(program: Programs, session: Session) -> None:
    ines = program("ines")
    first, again = ines.post("/leads", SENT), ines.post("/leads", SENT | {"message": "Still waiting."})
    assert (again.status_code, again.get_json()["result"]) == (200, "merged")
    assert again.get_json()["id"] == first.get_json()["id"]
    assert session.scalars(select(LeadTouch.message)).all() == ["Still waiting."]


@pytest.mark.parametrize(
    ("change", "field"),
    [({"products": ["ANVIL"]}, "products"), ({"country": "Atlantis"}, "country"), ({"products": []}, "products")],
)
def test_what_cannot_be_read_is_kept_and_said(
    program: Programs, session: Session, change: dict[str, Any], field: str
) -> None:
    answer = program("ines").post("/leads", SENT | change)
    body = answer.get_json()
    assert (answer.status_code, body["result"], body["id"], body["url"]) == (202, "quarantined", None, None)
    assert [problem["field"] for problem in body["problems"] if problem["keeps_back"]] == [field]
    assert session.scalars(select(Submission.state)).one().value == "quarantined"


@pytest.mark.parametrize("scope", ["none", "manufacturer_only", "named_partners"])
def test_it_goes_no_further_than_the_consent(program: Programs, session: Session, cast: Cast, scope: str) -> None:
    named = {"partners": [cast.partnerships["kansai"].code]} if scope == "named_partners" else {}
    program("ines").post("/leads", SENT | {"consent": {"scope": scope, **named}})
    lead = session.scalars(select(Lead)).one()
    assert session.get_one(Consent, lead.id).scope.value == scope
    route_lead(lead_id=lead.id)
    assert program("nora").get("/board").get_json()["total"] == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"consent": None}, "consent"),
        ({"consent": {"scope": "everybody"}}, "consent.scope"),
        ({"consent": {"scope": "named_partners", "partners": ["P1|P2"]}}, "consent.partners.0"),
        ({"consent": {"scope": "named_partners"}}, "consent"),
        ({"consent": {"scope": "none", "partners": ["P1"]}}, "consent"),
        ({"amount": {"amount": "38,000", "currency": "EUR"}}, "amount.amount"),
        ({"amount": {"amount": "38000", "currency": "euro"}}, "amount.currency"),
        ({"score": 101}, "score"),
        ({"created_at": "2026-03-02T10:30:00"}, "created_at"),
        ({"company": "x" * 301}, "company"),
        ({"message": "\x07"}, "message"),
        ({"compani": "Hofmann"}, "compani"),
    ],
)
def test_bad_input_stores_nothing_and_names_the_field(
    program: Programs, session: Session, change: dict[str, Any], field: str
) -> None:
    answer = program("ines").post("/leads", SENT | change)
    assert answer.status_code == 422
    assert list(answer.get_json()["fields"]) == [field]
    assert session.scalar(select(func.count(Submission.id))) == 0


def test_consent_must_be_said(program: Programs) -> None:
    silent = {name: value for name, value in SENT.items() if name != "consent"}
    answer = program("ines").post("/leads", silent)
    assert answer.get_json()["fields"] == {"consent": "This field is missing."}


def test_only_the_manufacturers_desk(program: Programs) -> None:
    assert is_problem(program(None).post("/leads", SENT), 401, "unauthorized")
    for name in ("nora", "vera"):
        assert is_problem(program(name).post("/leads", SENT), 403, "forbidden")


def test_it_lands_at_the_keys_own_manufacturer(program: Programs, session: Session, cast: Cast) -> None:
    body = program("gina").post("/leads", SENT | {"products": ["DRIVE"]}).get_json()
    assert session.scalars(select(Lead.manufacturer_id)).one() == cast.globex.id
    assert is_problem(program("ada").get(f"/leads/{body['id']}"), 404, "not_found")

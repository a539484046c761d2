"""GET /leads and /leads/{id}: each side its own, in full; who was shown the contact data is kept."""

from __future__ import annotations

import uuid
from typing import get_args
from urllib.parse import quote

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Lead, Reveal
from app.queries.cockpit import SORTS
from app.web.api.v1.lead_schemas import LeadSort
from tests import factories
from tests.boards import put_on_board
from tests.cast import Cast
from tests.web.api.conftest import Programs, is_problem


@pytest.fixture
def lead(session: Session, cast: Cast) -> Lead:
    """A lead of Acme's that Nordwind works."""
    made = factories.lead(
        session,
        cast.acme,
        [cast.products["pump"]],
        external_id="EXT-1",
        amount_cents=3_800_000,
        currency="EUR",
        expected_revenue_cents=4_000_050,
        expected_revenue_currency="EUR",
    )
    factories.assignment(session, made, partnership=cast.partnerships["nordwind"])
    session.commit()
    return made


@pytest.mark.covers("K-01")
@pytest.mark.parametrize("name", ["nora", "ada", "vera"])
def test_both_sides_list_and_read_it(program: Programs, lead: Lead, name: str) -> None:
    lead_id, reader = lead.id, program(name)
    page = reader.get("/leads").get_json()
    assert (page["total"], page["next_cursor"]) == (1, None)
    (row,) = page["leads"]
    assert (row["id"], row["company"], row["worked_by"]) == (str(lead_id), "Hofmann Präzision GmbH", "Nordwind")
    assert row["expected_revenue"] == {"amount": "40000.50", "currency": "EUR"}
    whole = reader.get(f"/leads/{lead_id}").get_json()
    assert whole["prospect"]["person"] == "Katrin Vogel"
    assert whole["amount"] == {"amount": "38000.00", "currency": "EUR"}
    assert (whole["state"], whole["stage"], whole["external_id"]) == ("assigned", "new", "EXT-1")
    assert whole["worked_by"]["name"] == "Nordwind"
    assert whole["next_step"]["who"] == "partner"
    assert whole["consent"]["scope"] == "any_eligible"


@pytest.mark.parametrize("name", ["kenji", "rita", "gina"])
def test_for_everybody_else_there_is_none(program: Programs, lead: Lead, name: str) -> None:
    lead_id, outsider = lead.id, program(name)
    assert outsider.get("/leads").get_json() == {"leads": [], "total": 0, "next_cursor": None}
    assert is_problem(outsider.get(f"/leads/{lead_id}"), 404, "not_found")
    assert is_problem(outsider.get(f"/leads/{uuid.uuid4()}"), 404, "not_found")


@pytest.mark.covers("B-02")
def test_an_offered_lead_is_no_lead_of_the_partners_yet(program: Programs, session: Session, cast: Cast) -> None:
    lead_id = put_on_board(session, cast).id
    nora = program("nora")
    assert nora.get("/leads?q=Hofmann").get_json()["leads"] == []
    assert is_problem(nora.get(f"/leads/{lead_id}"), 404, "not_found")


def test_without_a_key(program: Programs, lead: Lead) -> None:
    for path in ("/leads", f"/leads/{lead.id}"):
        assert is_problem(program(None).get(path), 401, "unauthorized")


def test_each_person_shown_the_contact_data_is_kept_once(program: Programs, session: Session, lead: Lead) -> None:
    path, nils = f"/leads/{lead.id}", program("nils")
    for _ in range(2):
        assert nils.get(path).status_code == 200
    assert session.scalars(select(Reveal.ground)).all() == ["lead_page"]


def test_filters_narrow(program: Programs, lead: Lead) -> None:
    ada = program("ada")
    for query, count in (("q=hofmann", 1), ("q=nobody", 0), ("state=assigned", 1), ("stage=won", 0), ("open=true", 1)):
        assert ada.get(f"/leads?{query}").get_json()["total"] == count, query


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "sort=taste", "state=lost_and_found", "q=%07", "shape=round"]
)
def test_bad_input_names_the_field(program: Programs, query: str) -> None:
    answer = program("nora").get(f"/leads?{query}")
    assert is_problem(answer, 422, "invalid")
    assert list(answer.get_json()["fields"]) == [query.partition("=")[0]]


@pytest.mark.parametrize("sort", SORTS)
def test_pages_hold_every_lead_once(program: Programs, session: Session, cast: Cast, sort: str) -> None:
    wanted = {str(factories.lead(session, cast.acme, [cast.products["pump"]]).id) for _ in range(5)}
    session.commit()
    ada, seen, cursor = program("ada"), [], ""
    while cursor is not None:
        page = ada.get(f"/leads?limit=2&sort={sort}&cursor={quote(cursor)}").get_json()
        seen += [row["id"] for row in page["leads"]]
        cursor = page["next_cursor"]
    assert len(seen) == 5
    assert set(seen) == wanted


def test_the_sorts_are_those_of_the_list() -> None:
    assert set(get_args(LeadSort)) == set(SORTS)

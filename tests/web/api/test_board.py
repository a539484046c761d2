"""GET /board: what may be claimed, blinded, in pages, cheap to poll."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from sqlalchemy.orm import Session

from app.models import ManufacturerSettings
from tests.boards import offer_to, put_on_board
from tests.cast import Cast
from tests.silences import reserved
from tests.web.api.conftest import Programs, is_problem

CANARIES = {
    "given_name": "Xanthippe",
    "family_name": "Zwölfender",
    "email": "canary@verräter.example",
    "phone": "+49898765432",
    "company": "Geheimrat Kanarienvogel AG",
    "street": "Verratgasse 17",
    "city": "Plapperhausen",
    "postal_code": "80469",
    "website": "https://kanarienvogel.example",
    "message": "Der Kanarienvogel singt",
    "external_id": "EXT-KANARIE-1",
    "source_name": "Messe Singsang",
    "campaign": "Trillerkampagne",
    "job_title": "Oberplauderer",
}


@pytest.mark.covers("B-01", "B-02")
def test_shows_what_may_be_claimed(program: Programs, session: Session, cast: Cast) -> None:
    lead = put_on_board(session, cast, industry="Machinery", employees=80, amount_cents=3_800_000, currency="EUR")
    offer = offer_to(session, lead, cast.partnerships["nordwind"])
    body = program("nora").get("/board").get_json()
    (shown,) = body["offers"]
    assert (body["total"], body["next_cursor"]) == (1, None)
    assert shown["id"] == str(offer.id)
    assert shown["products"] == [{"id": cast.products["pump"].id, "name": "Industrial pumps", "code": "PUMP"}]
    assert (shown["country"], shown["subdivision"], shown["industry"]) == ("DE", "DE-BY", "Machinery")
    assert (shown["is_hot"], shown["is_exclusive"], shown["partners"]) == (True, False, 2)
    assert shown["reasons"]
    for name in ("asked_at", "opens_at", "expires_at"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", shown[name])
    assert datetime.fromisoformat(shown["expires_at"]) > datetime.now(UTC)


@pytest.mark.covers("B-02")
def test_hidden_fields_are_absent_not_empty(program: Programs, session: Session, cast: Cast) -> None:
    put_on_board(session, cast, **CANARIES)
    settings = session.get_one(ManufacturerSettings, cast.acme.id)
    settings.shown_fields = []
    session.commit()
    answer = program("nora").get("/board")
    (shown,) = answer.get_json()["offers"]
    assert not {"industry", "size_band", "value_band", "currency", "source_kind", "score_band", "message"} & set(shown)
    assert [word for word in CANARIES.values() if word in answer.text] == []


@pytest.mark.parametrize("name", ["rita", "kaori"])
def test_others_see_only_their_own(program: Programs, session: Session, cast: Cast, name: str) -> None:
    lead = put_on_board(session, cast)
    offers = program(name).get("/board").get_json()["offers"]
    expected = [str(offer_to(session, lead, cast.partnerships["kansai"]).id)] if name == "kaori" else []
    assert [offer["id"] for offer in offers] == expected


def test_manufacturers_have_no_board(program: Programs) -> None:
    assert is_problem(program("ada").get("/board"), 403, "forbidden")


@pytest.mark.parametrize("query", ["limit=0", "limit=81", "limit=x", "sort=price", "hot=perhaps", "color=red"])
def test_bad_input_names_the_field(program: Programs, query: str) -> None:
    answer = program("nora").get(f"/board?{query}")
    assert is_problem(answer, 422, "invalid")
    assert list(answer.get_json()["fields"]) == [query.partition("=")[0]]


def test_filters_narrow(program: Programs, session: Session, cast: Cast) -> None:
    put_on_board(session, cast)
    nora = program("nora")
    assert nora.get("/board?region=de-by&hot=true").get_json()["total"] == 1
    for query in ("region=DE-NW", "exclusive=true", "product=0", "value=huge"):
        assert nora.get(f"/board?{query}").get_json()["offers"] == [], query


def test_pages_hold_every_offer_once(program: Programs, session: Session, cast: Cast) -> None:
    leads = [put_on_board(session, cast) for _ in range(5)]
    wanted = {str(offer_to(session, lead, cast.partnerships["nordwind"]).id) for lead in leads}
    nora, seen, cursor = program("nora"), [], ""
    while cursor is not None:
        page = nora.get(f"/board?limit=2&cursor={quote(cursor)}").get_json()
        seen += [offer["id"] for offer in page["offers"]]
        cursor = page["next_cursor"]
    assert len(seen) == len(wanted) == 5
    assert set(seen) == wanted


def test_polling_an_unchanged_board_is_answered_empty(program: Programs, session: Session, cast: Cast) -> None:
    put_on_board(session, cast)
    nora = program("nora")
    first = nora.get("/board")
    again = nora.get("/board", If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.text) == (304, "")
    put_on_board(session, cast)
    assert nora.get("/board", If_None_Match=first.headers["ETag"]).status_code == 200
    assert "no-cache" in first.headers["Cache-Control"]


@pytest.mark.covers("W-02")
def test_a_reservation_says_by_when_to_answer(program: Programs, session: Session, cast: Cast) -> None:
    put_on_board(session, cast)
    reserved(session, cast)
    offers = program("nora").get("/board").get_json()["offers"]
    (alone,) = (one for one in offers if one["is_exclusive"])
    assert alone["opens_at"] < alone["answer_by"] < alone["expires_at"]
    assert not [one for one in offers if "answer_by" in one and not one["is_exclusive"]]

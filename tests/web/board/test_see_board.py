"""Looking at the board, its news and one offer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.database import read_clock
from app.models import ManufacturerSettings, Offer
from app.services.claims import claim_offer
from tests.boards import offer_to, put_on_board
from tests.browsing import HTMX, Browse
from tests.cast import Cast


@pytest.mark.covers("B-01", "B-02")
def test_works(browse: Browse, session: Session, cast: Cast) -> None:
    lead = put_on_board(session, cast, employees=120, amount_cents=60_000_00, currency="EUR")
    page = browse("nora").get("/board").text
    assert f'data-offer="{offer_to(session, lead, cast.partnerships["nordwind"]).id}"' in page
    for said in (
        "1 lead you can claim",
        "Industrial pumps",
        "80xxx",
        "50 to 249",
        "€50,000 to",
        "2 partners may claim",
    ):
        assert said in page
    assert "You hold 0 of 5 open claims · 0 of 10 today" in page
    assert "Hofmann" not in page


def test_an_empty_board_says_what_happens_next(browse: Browse) -> None:
    assert "appear here by themselves" in browse("nora").get("/board").text
    assert "No lead matches these filters" in browse("nora").get("/board?hot=1").text


@pytest.mark.parametrize("path", ["/board", "/board/news", "/board/views", "/offers/{offer}"])
def test_anonymous_goes_to_the_log_in(browse: Browse, session: Session, cast: Cast, path: str) -> None:
    offer = offer_to(session, put_on_board(session, cast), cast.partnerships["nordwind"])
    answer = browse(None).get(path.format(offer=offer.id))
    assert (answer.status_code, "/log-in" in answer.location) == (303, True)


@pytest.mark.parametrize("name", ["kenji", "rita"])
def test_an_outsider_gets_404(browse: Browse, session: Session, cast: Cast, name: str) -> None:
    offer = offer_to(session, put_on_board(session, cast), cast.partnerships["nordwind"])
    assert browse(name).get(f"/offers/{offer.id}").status_code == 404
    assert str(offer.id) not in browse(name).get("/board").text


@pytest.mark.parametrize("path", ["/board", "/board/news", "/board/views"])
def test_manufacturers_have_no_board(browse: Browse, path: str) -> None:
    assert browse("ada").get(path).status_code == 403


@pytest.mark.parametrize(
    "query", ["sort=city", "region=nowhere", "value=1000000", "manufacturer=x", "after=e30", "size="]
)
def test_filters_that_mean_nothing_are_left_out(browse: Browse, session: Session, cast: Cast, query: str) -> None:
    put_on_board(session, cast)
    assert browse("nora").get(f"/board?{query}").status_code == 200


def test_filters_stand_in_the_address_and_as_chips(browse: Browse, session: Session, cast: Cast) -> None:
    put_on_board(session, cast)
    put_on_board(session, cast, subdivision="DE-BE", postal_code="10115")
    page = browse("nora").get("/board?region=DE-BY&hot=1").text
    assert ("80xxx" in page, "10xxx" in page) == (True, False)
    assert 'href="/board?hot=1"' in page
    assert 'href="/board?region=DE-BY"' in page
    assert "1 matches" in page


@pytest.mark.covers("B-04")
def test_news_is_a_region_of_its_own_with_an_etag(browse: Browse, session: Session, cast: Cast) -> None:
    since = (read_clock(session) - timedelta(minutes=1)).isoformat()
    nora = browse("nora")
    empty = nora.get("/board/news", query_string={"since": since}, headers=HTMX)
    assert "notice" not in empty.text
    etag = {"If-None-Match": empty.headers["ETag"]}
    assert nora.get("/board/news", query_string={"since": since}, headers=HTMX | etag).status_code == 304
    put_on_board(session, cast)
    news = nora.get("/board/news", query_string={"since": since}, headers=HTMX | etag)
    assert (news.status_code, "1 new lead – show" in news.text) == (200, True)
    assert news.text.startswith('<div id="board-news"')
    assert nora.get("/board/news?since=yesterday").status_code == 200


def test_a_taken_lead_greys_out_where_it_stands(browse: Browse, session: Session, cast: Cast) -> None:
    lead = put_on_board(session, cast)
    since = read_clock(session).isoformat()
    kenji = browse("kenji")
    claim_offer(offer_id=offer_to(session, lead, cast.partnerships["nordwind"]).id, actor=cast.viewer("nora"))
    news = kenji.get("/board/news", query_string={"since": since}, headers=HTMX).text
    offer = offer_to(session, lead, cast.partnerships["kansai"])
    assert f'<article class="lead gone" id="offer-{offer.id}"' in news
    assert 'hx-swap-oob="true"' in news
    assert "by another partner" in news
    assert "Nordwind" not in news


def test_the_offers_page_shows_the_cleared_words_and_how_to_decline(
    browse: Browse, session: Session, cast: Cast
) -> None:
    session.get_one(ManufacturerSettings, cast.acme.id).shown_fields = ["message"]
    lead = put_on_board(session, cast, message="Two pumps for a brewery", is_message_cleared=True)
    offer = offer_to(session, lead, cast.partnerships["nordwind"])
    page = browse("nora").get(f"/offers/{offer.id}").text
    assert "Two pumps for a brewery" in page
    assert f'action="/offers/{offer.id}/decline"' in page


def test_looking_writes_nothing_and_the_page_notes_what_was_seen(browse: Browse, session: Session, cast: Cast) -> None:
    lead = put_on_board(session, cast)
    offer = offer_to(session, lead, cast.partnerships["nordwind"])
    nora = browse("nora")
    nora.get("/board")
    nora.get(f"/offers/{offer.id}")
    assert session.get_one(Offer, offer.id, populate_existing=True).seen_at is None
    others = offer_to(session, lead, cast.partnerships["kansai"])
    answer = nora.post("/offers/seen", data={"offer": [str(offer.id), str(others.id)]}, headers=HTMX)
    assert answer.status_code == 204
    first = session.get_one(Offer, offer.id, populate_existing=True).seen_at
    assert first is not None
    assert session.get_one(Offer, others.id, populate_existing=True).seen_at is None
    nora.post("/offers/seen", data={"offer": str(offer.id)})
    assert session.get_one(Offer, offer.id, populate_existing=True).seen_at == first
    assert browse("ada").post("/offers/seen").status_code == 403
    assert nora.post("/offers/seen", data={"offer": "x"}).status_code == 404
    assert 'id="board-seen"' not in nora.get("/board").text

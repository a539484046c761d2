"""Claiming an offered lead on its row, on its page, and too late."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Assignment, Lead, Offer
from app.services.claims import claim_offer
from tests.boards import offer_to, put_on_board
from tests.browsing import HTMX, Browse
from tests.cast import Cast
from tests.conftest import TimeMachine


@pytest.fixture
def lead(session: Session, cast: Cast) -> Lead:
    """A lead Nordwind and Kansai may claim."""
    return put_on_board(session, cast, phone="+4989123456")


@pytest.fixture
def offer(session: Session, cast: Cast, lead: Lead) -> Offer:
    """Nordwind's offer of it."""
    return offer_to(session, lead, cast.partnerships["nordwind"])


@pytest.mark.covers("B-03", "B-06")
def test_works(browse: Browse, session: Session, cast: Cast, lead: Lead, offer: Offer) -> None:
    answer = browse("nora").post(f"/offers/{offer.id}/claim")
    assert (answer.status_code, answer.location) == (303, f"/leads/{lead.id}")
    assert session.scalars(select(Assignment.partner_id)).one() == cast.nordwind.id
    assert "Katrin Vogel" in browse("nora").get("/board").text


def test_anonymous_goes_to_the_log_in(browse: Browse, offer: Offer) -> None:
    assert "/log-in" in browse(None).post(f"/offers/{offer.id}/claim").location


@pytest.mark.parametrize("name", ["rita", "kenji"])
def test_an_outsider_gets_404(browse: Browse, offer: Offer, name: str) -> None:
    assert browse(name).post(f"/offers/{offer.id}/claim").status_code == 404
    assert browse(name).post(f"/offers/{uuid.uuid4()}/claim").status_code == 404


@pytest.mark.parametrize("name", ["ada", "ines", "gina"])
def test_manufacturers_do_not_claim(browse: Browse, offer: Offer, name: str) -> None:
    assert browse(name).post(f"/offers/{offer.id}/claim").status_code == 403


def test_htmx_gets_the_row_with_the_contact_data_and_the_focus(browse: Browse, offer: Offer) -> None:
    answer = browse("nora").post(f"/offers/{offer.id}/claim", headers=HTMX)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith(f'<article class="lead mine" id="offer-{offer.id}"')
    for said in (
        "Yours: contact by",
        "Katrin Vogel",
        "+4989123456",
        "data-focus",
        "You hold 1 of 5 open claims",
        "No leads you can claim",
    ):
        assert said in answer.text


def test_the_offers_page_is_left_for_the_leads(browse: Browse, offer: Offer) -> None:
    assert f'hx-post="/offers/{offer.id}/claim"' in browse("nora").get("/board").text
    page = browse("nora").get(f"/offers/{offer.id}").text
    assert f'action="/offers/{offer.id}/claim"' in page
    assert '/claim" hx-post' not in page


def test_a_repeat_by_the_winner_is_answered_the_same(browse: Browse, lead: Lead, offer: Offer) -> None:
    nora = browse("nora")
    first, second = (nora.post(f"/offers/{offer.id}/claim") for _ in range(2))
    assert (first.status_code, first.location) == (second.status_code, second.location)
    assert nora.post(f"/offers/{offer.id}/claim", headers=HTMX).status_code == 200


@pytest.mark.covers("B-06")
def test_too_late_is_drawn_in_place_with_similar_leads_and_without_the_winner(
    browse: Browse, session: Session, cast: Cast, lead: Lead, offer: Offer
) -> None:
    other = offer_to(session, put_on_board(session, cast), cast.partnerships["kansai"])
    claim_offer(offer_id=offer.id, actor=cast.viewer("nora"))
    mine = offer_to(session, lead, cast.partnerships["kansai"])
    answer = browse("kenji").post(f"/offers/{mine.id}/claim", headers=HTMX)
    assert answer.status_code == 409
    assert f'<article class="lead gone" id="offer-{mine.id}"' in answer.text
    assert 'data-refusal="taken"' in answer.text
    assert f'href="/offers/{other.id}"' in answer.text
    assert "Nordwind" not in answer.text
    page = browse("kenji").post(f"/offers/{mine.id}/claim")
    assert (page.status_code, "<h1>" in page.text, "Nordwind" in page.text) == (409, True, False)


def test_a_cap_is_named_with_its_number_and_remedy_and_the_button_stays(
    browse: Browse, session: Session, cast: Cast, offer: Offer
) -> None:
    cast.partnerships["nordwind"].max_open_claims = 0
    session.commit()
    answer = browse("nora").post(f"/offers/{offer.id}/claim", headers=HTMX)
    assert (answer.status_code, 'data-refusal="open_claim_cap"' in answer.text) == (409, True)
    assert "the limit is 0" in answer.text
    assert "Log a contact attempt" in answer.text
    assert f'hx-post="/offers/{offer.id}/claim"' in answer.text
    assert "Hofmann" not in answer.text
    page = browse("nora").post(f"/offers/{offer.id}/claim")
    assert (page.status_code, "the limit is 0" in page.text, "Log a contact attempt" in page.text) == (409, True, True)


def test_an_offer_that_is_hidden_is_refused_in_words_alone(
    browse: Browse, session: Session, cast: Cast, clock: TimeMachine
) -> None:
    lead = put_on_board(session, cast, is_hot=False)
    mine = offer_to(session, lead, cast.partnerships["kansai"])
    answer = browse("kenji").post(f"/offers/{mine.id}/claim", headers=HTMX)
    assert (answer.status_code, "Industrial pumps" in answer.text) == (409, False)
    assert "higher tier" in answer.text


def test_time_is_up_even_when_no_worker_came_by(
    browse: Browse, session: Session, offer: Offer, clock: TimeMachine
) -> None:
    clock.pass_time(hours=3)
    answer = browse("nora").post(f"/offers/{offer.id}/claim", headers=HTMX)
    assert (answer.status_code, 'data-refusal="window_closed"' in answer.text) == (409, True)

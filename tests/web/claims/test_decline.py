"""Declining an offer."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.domain.distribution import DeclineReason, OfferAnswer, RoundKind
from app.models import Offer
from app.services.claims import claim_offer
from tests import factories
from tests.boards import offer_to, put_on_board
from tests.browsing import HTMX, Browse
from tests.cast import Cast

REASON = {"reason": "no_capacity"}


@pytest.fixture
def offer(session: Session, cast: Cast) -> Offer:
    """A lead offered to Nordwind on the board."""
    return offer_to(session, put_on_board(session, cast), cast.partnerships["nordwind"])


def anew(session: Session, offer: Offer) -> Offer:
    return session.get_one(Offer, offer.id, populate_existing=True)


@pytest.mark.covers("W-06")
def test_works(browse: Browse, session: Session, offer: Offer) -> None:
    answer = browse("nils").post(f"/offers/{offer.id}/decline", data=REASON)
    assert (answer.status_code, answer.location) == (303, "/board")
    assert (anew(session, offer).answer, offer.decline_reason) == (OfferAnswer.DECLINED, DeclineReason.NO_CAPACITY)
    assert str(offer.id) not in browse("nora").get("/board").text


def test_an_exclusive_offer_stands_on_top_with_accept_and_decline(browse: Browse, session: Session, cast: Cast) -> None:
    lead = factories.lead(session, cast.acme, [cast.products["pump"]])
    push = factories.round_(session, lead, RoundKind.PUSH)
    offer = factories.offer(session, push, cast.partnerships["nordwind"], is_exclusive=True)
    session.commit()
    page = browse("nora").get("/board").text
    assert "Offered to you alone" in page
    assert f'href="/offers/{offer.id}#decline"' in page
    assert "Accept" in page
    assert browse("nora").post(f"/offers/{offer.id}/decline", data=REASON).status_code == 303


def test_anonymous_goes_to_the_log_in(browse: Browse, offer: Offer) -> None:
    assert "/log-in" in browse(None).post(f"/offers/{offer.id}/decline", data=REASON).location


@pytest.mark.parametrize("name", ["kenji", "rita"])
def test_an_outsider_gets_404(browse: Browse, session: Session, offer: Offer, name: str) -> None:
    assert browse(name).post(f"/offers/{offer.id}/decline", data=REASON).status_code == 404
    assert browse(name).post(f"/offers/{offer.id}/decline").status_code == 404
    assert anew(session, offer).answer is None


def test_manufacturers_do_not_decline(browse: Browse, offer: Offer) -> None:
    assert browse("carl").post(f"/offers/{offer.id}/decline", data=REASON).status_code == 403


@pytest.mark.parametrize("data", [{}, {"reason": "bored"}, {"reason": "other"}, {"reason": "other", "text": "  "}])
def test_a_reason_is_needed(browse: Browse, session: Session, offer: Offer, data: dict[str, str]) -> None:
    answer = browse("nora").post(f"/offers/{offer.id}/decline", data=data)
    assert (answer.status_code, 'name="reason"' in answer.text) == (422, True)
    assert anew(session, offer).answer is None


def test_another_reason_in_words(browse: Browse, session: Session, offer: Offer) -> None:
    browse("nora").post(f"/offers/{offer.id}/decline", data={"reason": "other", "text": "We move house"})
    assert anew(session, offer).decline_note == "We move house"


def test_htmx_is_told_where_to_go(browse: Browse, offer: Offer) -> None:
    answer = browse("nora").post(f"/offers/{offer.id}/decline", data=REASON, headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/board")


def test_what_is_taken_can_no_longer_be_declined(browse: Browse, session: Session, cast: Cast, offer: Offer) -> None:
    claim_offer(offer_id=offer.id, actor=cast.viewer("nora"))
    answer = browse("nils").post(f"/offers/{offer.id}/decline", data=REASON)
    assert (answer.status_code, "You have taken this lead" in answer.text) == (409, True)

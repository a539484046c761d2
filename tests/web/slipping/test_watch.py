"""Looking at what slips through."""

from __future__ import annotations

import re

import pytest
from sqlalchemy.orm import Session

from app.domain.distribution import DeclineReason
from app.domain.partners import PartnershipStatus
from app.models import Lead
from app.services.claims import decline_offer
from tests.boards import offer_to, put_on_board
from tests.browsing import Browse
from tests.cast import Cast


@pytest.fixture
def lost(session: Session, cast: Cast) -> Lead:
    """A lead on a board where Kansai has declined and Nordwind has just been suspended."""
    lead = put_on_board(session, cast, company="Zeisig Werke AG")
    offer = offer_to(session, lead, cast.partnerships["kansai"])
    decline_offer(offer_id=offer.id, actor=cast.viewer("kenji"), reason=DeclineReason.TOO_SMALL)
    cast.partnerships["nordwind"].status = PartnershipStatus.SUSPENDED
    session.commit()
    return lead


def badge(html: str) -> str | None:
    found = re.search(r'href="/slipping"[^>]*>Slipping through(?: <span class="badge">([^<]*)</span>)?', html)
    assert found is not None
    return found[1]


@pytest.mark.covers("A-03")
def test_it_says_which_lead_why_what_comes_next_and_what_can_be_done(browse: Browse, lost: Lead) -> None:
    html = browse("carl").get("/slipping").text
    line = html[html.index(f'id="lead-{lost.id}"') : html.index("</article>")]
    assert 'data-slip="nobody_left"' in line
    for said in ("Zeisig Werke AG", "1 declined", "1 paused, suspended or ended", "the distribution plan goes on"):
        assert said in line
    for address in ("assign", "routing"):
        assert f'href="/leads/{lost.id}/{address}"' in line
    assert f"lead={lost.id.hex}" in line and "to=plan" in line


@pytest.mark.covers("A-03")
def test_the_navigation_counts_them_on_every_page_of_who_watches(browse: Browse, lost: Lead) -> None:
    for name in ("ada", "carl"):
        assert badge(browse(name).get("/leads").text) == "1"
    assert badge(browse("gina").get("/leads").text) is None
    for name in ("ines", "vera", "nora"):
        assert "/slipping" not in browse(name).get("/leads").text


def test_a_refusal_asks_for_no_count(browse: Browse, lost: Lead) -> None:
    answer = browse("carl").get("/leads/none")
    assert answer.status_code == 404
    assert badge(answer.text) is None


@pytest.mark.covers("A-03")
def test_with_nothing_to_lose_the_screen_says_so(browse: Browse, cast: Cast) -> None:
    assert "Nothing is slipping through" in browse("carl").get("/slipping").text


@pytest.mark.covers("A-03")
def test_a_partner_never_sees_it(browse: Browse, lost: Lead) -> None:
    assert browse(None).get("/slipping").status_code == 303
    for name in ("nora", "kenji", "rita", "ines", "vera"):
        answer = browse(name).get("/slipping")
        assert answer.status_code == 403 and "Zeisig" not in answer.text
    assert "Zeisig" not in browse("gina").get("/slipping").text

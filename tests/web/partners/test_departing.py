"""Letting the leads of a partner that rests go to others, and watching them go."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.account_routing.facts import Owner
from app.domain.departures import LeadsChoice
from app.domain.partners import PartnershipStatus
from app.models import Departure
from app.services.departures.moving import move_departing_leads
from tests.browsing import HTMX, Browse
from tests.cast import Cast
from tests.departures import end, pause, standing, works
from tests.web.network_actions import NetworkAction, OnOneRow
from tests.web.partners.forms import partner_form


@pytest.fixture
def resting(session: Session, cast: Cast) -> None:
    """Nordwind is paused and was left with three leads."""
    works(session, cast, 3)
    pause(session, cast, LeadsChoice.STAY)


@pytest.mark.usefixtures("resting")
class TestMoveLeads(NetworkAction, OnOneRow):
    def url(self, cast: Cast) -> str:
        return f"/partners/{cast.partnerships['nordwind'].id}/move-leads"

    def has_worked(self, cast: Cast, session: Session) -> bool:
        return session.scalars(select(Departure)).one_or_none() is not None


def test_the_page_says_how_many_go_and_where(browse: Browse, session: Session, cast: Cast, resting: None) -> None:
    cast.partnerships["nordwind"].backup_partnership_id = cast.partnerships["kansai"].id
    session.commit()
    url = f"/partners/{cast.partnerships['nordwind'].id}/move-leads"
    page = browse("carl").get(url).text
    assert 'data-works-now="3"' in page
    assert 'data-to="backup" data-count="3"' in page
    assert 'data-to="plan" data-count="0"' in page
    assert f'action="{url}"' in page
    assert "3 leads stay with it." in browse("vera").get(url.removesuffix("/move-leads")).text


def test_leads_of_an_active_partner_are_not_moved(browse: Browse, session: Session, cast: Cast) -> None:
    works(session, cast, 1)
    url = f"/partners/{cast.partnerships['nordwind'].id}/move-leads"
    assert f'action="{url}"' not in browse("carl").get(url).text
    assert browse("carl").post(url).status_code == 409


@pytest.mark.covers("W-17")
def test_the_partners_page_shows_how_far_it_has_come_and_then_where_they_went(
    browse: Browse, session: Session, cast: Cast
) -> None:
    works(session, cast, 2)
    nordwind, kansai = cast.partnerships["nordwind"], cast.partnerships["kansai"]
    end(cast, Owner(partnership_id=kansai.id))
    url = f"/partners/{nordwind.id}"
    page = browse("vera").get(url).text
    assert "0 of 2 leads moved" in page
    assert f'hx-get="{url}/departure"' in page
    assert "stay with it" not in browse("vera").get(f"{url}/products").text
    region = browse("vera").get(f"{url}/departure", headers=HTMX)
    assert region.text.lstrip().startswith('<div id="departure"')
    again = browse("vera").get(f"{url}/departure", headers={**HTMX, "If-None-Match": region.headers["ETag"]})
    assert again.status_code == 304

    move_departing_leads()
    assert browse("vera").get(f"{url}/departure", headers=HTMX).headers["HX-Redirect"] == url
    assert browse("vera").get(f"{url}/departure").location == url
    page = browse("vera").get(url).text
    assert '<dd data-destination="successor">2 leads</dd>' in page
    assert "leads moved" not in page
    assert browse("gina").get(f"{url}/departure").status_code == 404


@pytest.mark.covers("W-17")
def test_pausing_on_the_form_asks_what_becomes_of_the_leads(browse: Browse, session: Session, cast: Cast) -> None:
    works(session, cast, 4)
    nordwind = cast.partnerships["nordwind"]
    url = f"/partners/{nordwind.id}/edit"
    carl = browse("carl")
    assert 'data-works-now="4"' in carl.get(url).text
    form = partner_form(cast, version=1, status="paused")
    refused = carl.post(url, data=form)
    assert refused.status_code == 422
    assert "Nordwind works 4 leads: say what becomes of them." in refused.text
    assert carl.post(url, data={**form, "leads": "elsewhere"}).status_code == 422
    assert session.scalars(select(Departure)).all() == []
    assert carl.post(url, data={**form, "leads": "go"}).status_code == 303
    assert nordwind.status is PartnershipStatus.PAUSED
    assert session.scalars(select(Departure)).one().partnership_id == nordwind.id


def test_a_partner_without_leads_is_not_asked_about_them(browse: Browse, session: Session, cast: Cast) -> None:
    url = f"/partners/{cast.partnerships['nordwind'].id}/edit"
    assert 'name="leads"' not in browse("carl").get(url).text
    works(session, cast, 1)
    assert 'name="leads"' in browse("carl").get(url).text


def test_the_form_to_end_reckons_with_the_successor_chosen(browse: Browse, session: Session, cast: Cast) -> None:
    works(session, cast, 2)
    url = f"/partners/{cast.partnerships['nordwind'].id}/end"
    assert 'data-to="plan" data-count="2"' in browse("carl").get(url).text
    chosen = browse("carl").get(f"{url}?successor=partner-{cast.partnerships['kansai'].id}").text
    assert 'data-to="successor" data-count="2"' in chosen
    for stranger in (f"partner-{cast.partnerships['rival'].id}", "partner-x", "nobody"):
        assert 'data-to="plan" data-count="2"' in browse("carl").get(f"{url}?successor={stranger}").text
    assert standing(session, cast).status is PartnershipStatus.ACTIVE

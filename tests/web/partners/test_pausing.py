"""Pausing a partner and taking it up again, from its own page."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.audit import EventKind
from app.domain.departures import LeadsChoice
from app.domain.partners import PartnershipStatus
from app.models import Departure, Event, Organisation
from app.queries.calendars import draft_of_calendar
from app.queries.network.partners import partner_overview
from app.services.calendars import change_calendar
from tests.browsing import Browse
from tests.cast import Cast
from tests.departures import pause, works
from tests.silences import reserved
from tests.web.network_actions import NetworkAction, OnOneRow, WithForm


class TestPause(NetworkAction, OnOneRow, WithForm):
    form = {"version": 1, "reason": "New owner since May"}
    bad = {"reason": ""}
    form_id = "pause-partnership"

    def url(self, cast: Cast) -> str:
        return f"/partners/{cast.partnerships['nordwind'].id}/pause"

    def has_worked(self, cast: Cast, session: Session) -> bool:
        return cast.partnerships["nordwind"].status is PartnershipStatus.PAUSED


class TestResume(NetworkAction, OnOneRow):
    form = {"reason": "Settled"}

    @pytest.fixture(autouse=True)
    def paused(self, session: Session, cast: Cast) -> None:
        pause(session, cast, None)

    def url(self, cast: Cast) -> str:
        return f"/partners/{cast.partnerships['nordwind'].id}/resume"

    def has_worked(self, cast: Cast, session: Session) -> bool:
        return cast.partnerships["nordwind"].status is PartnershipStatus.ACTIVE


@pytest.mark.covers("W-17", "A-01")
def test_the_page_says_what_becomes_of_offers_and_leads_before_anybody_decides(
    browse: Browse, session: Session, cast: Cast
) -> None:
    nordwind, kansai = cast.partnerships["nordwind"], cast.partnerships["kansai"]
    works(session, cast, 2)
    reserved(session, cast)
    kansai.status = PartnershipStatus.PAUSED
    nordwind.successor_partnership_id = kansai.id
    session.commit()
    url = f"/partners/{nordwind.id}"
    assert f'href="{url}/pause"' in browse("carl").get(url).text
    assert f'href="{url}/pause"' not in browse("vera").get(url).text
    for page in (browse("carl").get(f"{url}/pause").text, browse("carl").get(f"{url}/end").text):
        assert 'data-offers="1"' in page and "1 of them nobody else has" in page
        assert 'data-works-now="2"' in page
        assert 'data-to="successor" data-count="0"' in page
        assert "Not 2: The partnership is paused." in " ".join(page.replace("</span>", "").split())
    nobody = browse("carl").post(f"{url}/pause", data={"version": nordwind.version, "reason": "Insolvent"})
    assert (nobody.status_code, nordwind.status) == (422, PartnershipStatus.ACTIVE), "nobody said what becomes of them"


@pytest.mark.covers("W-17")
def test_what_is_being_withdrawn_is_no_open_offer_any_more(session: Session, cast: Cast) -> None:
    nordwind = cast.partnerships["nordwind"]
    reserved(session, cast)
    assert partner_overview(viewer=cast.viewer("carl"), partnership_id=nordwind.id).open_offers == 1
    nordwind.status = PartnershipStatus.PAUSED
    session.commit()
    assert partner_overview(viewer=cast.viewer("carl"), partnership_id=nordwind.id).open_offers == 0


@pytest.mark.covers("A-02", "W-17")
def test_the_partners_page_keeps_who_paused_it_and_why(browse: Browse, session: Session, cast: Cast) -> None:
    works(session, cast, 1)
    nordwind = cast.partnerships["nordwind"]
    url = f"/partners/{nordwind.id}"
    sent = {"version": 1, "reason": "New owner since May", "leads": LeadsChoice.STAY.value}
    browse("carl").post(f"{url}/pause", data=sent)
    assert session.scalars(select(Departure)).all() == []
    page = browse("vera").get(url).text
    assert "“New owner since May”" in page and "Carl" in page and "1 lead stays with it." in page
    browse("ada").post(f"{url}/resume", data={"reason": "Settled"})
    told = select(Event.kind, Event.data["reason"].astext).where(
        Event.partnership_id == cast.partnerships["nordwind"].id
    )
    assert session.execute(told.where(Event.kind.startswith("network.partnership_")).order_by(Event.id)).all() == [
        (EventKind.PARTNERSHIP_PAUSED, "New owner since May"),
        (EventKind.PARTNERSHIP_RESUMED, "Settled"),
    ]
    page = browse("vera").get(url).text
    assert page.index('data-standing="active"') < page.index("“Settled”") < page.index('data-standing="paused"')
    assert "New owner since May" in browse("ada").get("/audit").text
    assert "New owner since May" not in browse("nora").get("/audit").text, "it stays with the manufacturer"


@pytest.mark.covers("W-17")
def test_a_partner_whose_head_has_changed_its_hours_can_still_be_paused(
    browse: Browse, session: Session, cast: Cast
) -> None:
    nordwind = session.get_one(Organisation, cast.nordwind.id)
    afternoons = replace(draft_of_calendar(nordwind), hours=("13:00-17:00", *[""] * 6))
    change_calendar(actor=cast.viewer("nora"), version=nordwind.version, draft=afternoons)
    url = f"/partners/{cast.partnerships['nordwind'].id}/pause"
    [version] = re.findall(r'name="version"[^>]*value="(\d+)"', browse("carl").get(url).text)
    stale = browse("carl").post(url, data={"version": int(version) - 1, "reason": "New owner"})
    assert (stale.status_code, cast.partnerships["nordwind"].status) == (409, PartnershipStatus.ACTIVE)
    assert browse("carl").post(url, data={"version": version, "reason": "New owner"}).status_code == 303
    session.expire_all()
    assert cast.partnerships["nordwind"].status is PartnershipStatus.PAUSED


def test_who_is_paused_already_is_paused_once(browse: Browse, session: Session, cast: Cast) -> None:
    url = f"/partners/{cast.partnerships['nordwind'].id}"
    for _ in range(2):
        assert browse("carl").post(f"{url}/pause", data={"version": 1, "reason": "Late"}).status_code == 303
    told = select(Event).where(Event.kind == EventKind.PARTNERSHIP_PAUSED)
    assert len(session.scalars(told).all()) == 1
    assert "Only an active partner can be paused" in browse("carl").get(f"{url}/pause").text
    for _ in range(2):
        assert browse("carl").post(f"{url}/resume").status_code == 303
    assert (
        browse("carl").post(f"/partners/{cast.partnerships['nordwind'].id}/end", data={"version": 3}).status_code == 303
    )
    assert browse("carl").post(f"{url}/resume").status_code == 409

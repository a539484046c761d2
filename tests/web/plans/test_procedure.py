"""Reading how leads are passed on, from both sides."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.domain.partners import PartnershipStatus
from app.models import ManufacturerSettings
from tests.browsing import Browse
from tests.cast import Cast
from tests.web.plans.drawn import filled


@pytest.mark.covers("W-08", "W-09", "W-10")
def test_the_manufacturer_reads_the_rules_in_force_and_since_when(browse: Browse, cast: Cast, session: Session) -> None:
    for name in ("ada", "vera"):
        html = browse(name).get("/plan/procedure").text
        assert "How leads of Acme are passed on" in html and "Version 1 of the plan" in html
        assert "After 24 working hours" in html and "for 48 hours" in html
    session.get_one(ManufacturerSettings, cast.acme.id).cool_down_hours = 60
    session.commit()
    browser = browse("carl")
    assert browser.post("/plan/edit", data=filled(browser) | {"board_hot_window": "90m"}).status_code == 303
    html = browser.get("/plan/procedure").text
    assert "Version 2 of the plan" in html and "for 60 hours" in html


@pytest.mark.covers("W-10")
def test_its_partners_read_the_same_from_their_own_side(browse: Browse, cast: Cast, session: Session) -> None:
    own = f"/procedure/{cast.partnerships['nordwind'].id}"
    html = browse("nils").get(own).text
    assert "How leads of Acme are passed on" in html and "After 24 working hours" in html
    assert own in browse("nora").get("/response-score").text
    for told in ("Kansai", "PUMP", "Industrial pumps", "/plan/edit"):
        assert told not in html
    for name in ("rita", "kenji"):
        assert browse(name).get(own).status_code == 404
    assert browse("nora").get("/plan/procedure").status_code == 403
    assert browse("carl").get(own).status_code == 403
    cast.partnerships["nordwind"].status = PartnershipStatus.ENDED
    session.commit()
    assert browse("nils").get(own).status_code == 404

"""A partner's territory, line by line, and the page that shows who covers what."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from app.models import TerritoryRule
from tests.browsing import HTMX, Browse
from tests.cast import Cast
from tests.web.network_actions import NetworkAction, OnOneRow, WithForm


def _row(cast: Cast) -> TerritoryRule | None:
    session = object_session(cast.acme)
    assert session is not None
    mine = select(TerritoryRule).where(TerritoryRule.partnership_id == cast.partnerships["nordwind"].id)
    return session.scalars(mine.order_by(TerritoryRule.id)).first()


class TestAdd(NetworkAction, OnOneRow, WithForm):
    form = {"mode": "exclude", "country": "DE", "subdivision": "", "postal_prefix": "80-3"}
    bad = {"postal_prefix": "", "postal_from": "80000"}
    fragment = "territory-lines"
    form_id = "territory-lines"

    def url(self, cast: Cast) -> str:
        return f"/territories/partners/{cast.partnerships['nordwind'].id}"

    def has_worked(self, cast: Cast, session: Session) -> bool:
        found = select(TerritoryRule.id).where(TerritoryRule.postal_prefix == "803", TerritoryRule.is_exclude)
        return session.scalar(found) is not None


class TestChange(NetworkAction, OnOneRow, WithForm):
    form = {"mode": "include", "country": "AT"}
    bad = {"subdivision": "DE-BY"}
    form_id = "line-form"

    def url(self, cast: Cast) -> str:
        row = _row(cast)
        assert row is not None
        return f"/territories/partners/{cast.partnerships['nordwind'].id}/{row.id}/edit"

    def has_worked(self, cast: Cast, session: Session) -> bool:
        row = _row(cast)
        return row is not None and row.country == "AT"


class TestRemove(NetworkAction, OnOneRow):
    fragment = "territory-lines"

    def url(self, cast: Cast) -> str:
        row = _row(cast)
        return f"/territories/partners/{cast.partnerships['nordwind'].id}/{row.id if row else 0}/end"

    def has_worked(self, cast: Cast, session: Session) -> bool:
        return _row(cast) is None

    def test_says_what_follows(self, browse: Browse, cast: Cast) -> None:
        answer = browse("ada").post(self.url(cast), headers=HTMX)
        assert "Removed. Its open offers are being looked at again." in answer.text


def test_a_line_is_found_only_under_its_own_partner(browse: Browse, cast: Cast) -> None:
    row = _row(cast)
    assert row is not None
    other = cast.partnerships["kansai"].id
    assert browse("ada").get(f"/territories/partners/{other}/{row.id}/edit").status_code == 404
    assert browse("ada").post(f"/territories/partners/{other}/{row.id}/end").status_code == 404


def test_a_subdivision_may_be_named(browse: Browse, cast: Cast, session: Session) -> None:
    url = f"/territories/partners/{cast.partnerships['nordwind'].id}"
    data = {"mode": "exclude", "country": "DE", "subdivision": "Hamburg"}
    assert browse("ada").post(url, data=data).status_code == 303
    assert session.scalar(select(TerritoryRule.id).where(TerritoryRule.subdivision == "DE-HH")) is not None
    assert browse("ada").post(url, data=data | {"subdivision": "Atlantis"}).status_code == 422


def test_the_same_place_twice_is_refused(browse: Browse, cast: Cast) -> None:
    url = f"/territories/partners/{cast.partnerships['nordwind'].id}"
    answer = browse("ada").post(url, data={"mode": "exclude", "country": "DE"})
    assert answer.status_code == 422
    assert "There is a line for DE already." in answer.text


@pytest.mark.covers("T-01", "T-27")
def test_overlaps_and_gaps_are_shown(browse: Browse, cast: Cast, session: Session) -> None:
    germany = browse("vera").get("/territories?country=DE").text
    assert germany.count("2 partners") == 32
    assert "Bayern" in germany and "DE-BY" in germany and "Gap" not in germany.partition("<table")[2]
    session.add(
        TerritoryRule(
            partnership_id=cast.partnerships["kansai"].id,
            manufacturer_id=cast.acme.id,
            country="US",
            subdivision="US-CA",
        )
    )
    america = browse("vera").get("/territories?country=US&show=gaps").text
    assert 'id="US-NY"' in america and 'id="US-CA"' not in america


@pytest.mark.covers("T-06")
def test_a_place_is_answered_with_the_line_that_decides(browse: Browse, cast: Cast, session: Session) -> None:
    session.add(
        TerritoryRule(
            partnership_id=cast.partnerships["kansai"].id,
            manufacturer_id=cast.acme.id,
            country="DE",
            postal_from="80000",
            postal_to="81999",
            is_exclude=True,
        )
    )
    page = browse("vera").get("/territories?country=DE&postal_code=80331").text
    assert "The territory DE covers DE-BY 80331." in page
    assert "DE 80000-81999 is left out, and covers DE-BY 80331." in page


def test_the_page_is_the_manufacturers_own(browse: Browse, cast: Cast) -> None:
    assert browse("nora").get("/territories").status_code == 403
    page = browse("gina").get("/territories?country=DE").text
    assert "Nordwind" not in page and "Rival" in page

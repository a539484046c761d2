"""Deciding about the territory of a silent partner."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import TerritoryReview, TerritoryRule
from tests.browsing import HTMX, Browse
from tests.cast import Cast
from tests.web.network_actions import NetworkAction, OnOneRow, WithForm


@pytest.mark.covers("W-15")
class TestDecide(NetworkAction, OnOneRow, WithForm):
    form = {"territory": "keeps", "note": "New sales manager from May on."}
    bad = {"note": " "}
    form_id = "decide"

    @pytest.fixture(autouse=True)
    def put_before_a_person(self, review: TerritoryReview) -> None:
        self.review_id = review.id

    def url(self, cast: Cast) -> str:
        return f"/territory-reviews/{self.review_id}"

    def has_worked(self, cast: Cast, session: Session) -> bool:
        session.expire_all()
        return session.get_one(TerritoryReview, self.review_id).keeps_territory is True


def test_one_that_is_to_end_leads_to_its_lines_and_takes_nothing_away(
    browse: Browse, cast: Cast, session: Session, review: TerritoryReview
) -> None:
    partnership_id = cast.partnerships["nordwind"].id
    answer = browse("carl").post(f"/territory-reviews/{review.id}", data={"territory": "ends", "note": "Silent."})
    assert answer.location == f"/territories/partners/{partnership_id}"
    assert session.scalars(select(TerritoryRule.country).where(TerritoryRule.partnership_id == partnership_id)).all()


def test_it_is_decided_once(browse: Browse, review: TerritoryReview) -> None:
    url = f"/territory-reviews/{review.id}"
    browse("carl").post(url, data={"territory": "keeps", "note": "Holiday."})
    again = browse("ada").post(url, data={"territory": "ends", "note": "No."}, headers=HTMX)
    assert again.status_code == 409
    assert "Somebody has decided this already." in again.text
    page = browse("vera").get(url).text
    assert "Holiday." in page and "Carl" in page


def test_readers_see_the_figures_and_no_form(browse: Browse, review: TerritoryReview) -> None:
    page = browse("vera").get(f"/territory-reviews/{review.id}").text
    assert "0 of 11" in page
    assert "decide-form" not in page
    assert browse("gina").get(f"/territory-reviews/{review.id}").status_code == 404
    assert browse("nora").get(f"/territory-reviews/{review.id}").status_code == 403

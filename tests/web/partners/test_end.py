"""Ending a partnership."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.domain.partners import PartnershipStatus
from tests.browsing import Browse
from tests.cast import Cast
from tests.web.network_actions import NetworkAction, OnOneRow


class TestEndPartnership(NetworkAction, OnOneRow):
    form = {"version": 1}

    def url(self, cast: Cast) -> str:
        return f"/partners/{cast.partnerships['nordwind'].id}/end"

    def has_worked(self, cast: Cast, session: Session) -> bool:
        return cast.partnerships["nordwind"].status is PartnershipStatus.ENDED


def test_without_a_version_nothing_ends(browse: Browse, cast: Cast) -> None:
    assert browse("ada").post(f"/partners/{cast.partnerships['nordwind'].id}/end").status_code == 422
    assert cast.partnerships["nordwind"].status is PartnershipStatus.ACTIVE


def test_a_partnership_changed_meanwhile_does_not_end(browse: Browse, cast: Cast) -> None:
    answer = browse("ada").post(f"/partners/{cast.partnerships['nordwind'].id}/end", data={"version": 7})
    assert answer.status_code == 409
    assert cast.partnerships["nordwind"].status is PartnershipStatus.ACTIVE


def test_an_ended_partner_is_kept_and_can_be_found(browse: Browse, cast: Cast) -> None:
    nordwind = cast.partnerships["nordwind"]
    browse("ada").post(f"/partners/{nordwind.id}/end", data={"version": 1})
    assert f'href="/partners/{nordwind.id}"' not in browse("vera").get("/partners").text
    assert f'href="/partners/{nordwind.id}"' in browse("vera").get("/partners?status=ended").text
    assert browse("vera").get(f"/partners/{nordwind.id}").status_code == 200

"""Ending a partnership."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.domain.partners import PartnershipStatus
from tests import factories
from tests.browsing import HTMX, Browse
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


@pytest.mark.covers("P-30")
def test_who_owns_accounts_ends_only_with_a_successor(browse: Browse, cast: Cast, session: Session) -> None:
    nordwind, kansai = cast.partnerships["nordwind"], cast.partnerships["kansai"]
    owned = factories.account(session, cast.acme, "Hofmann", owner_partnership_id=nordwind.id)
    url = f"/partners/{nordwind.id}/end"
    assert 'data-kind="accounts"' in browse("ada").get(url).text
    for headers in ({}, HTMX):
        answer = browse("ada").post(url, data={"version": 1}, headers=headers)
        assert (answer.status_code, "Choose who takes over what Nordwind owns." in answer.text) == (422, True)
    assert nordwind.status is PartnershipStatus.ACTIVE
    answer = browse("ada").post(url, data={"version": 1, "successor": f"partner-{kansai.id}"})
    assert answer.status_code == 303
    assert (nordwind.status, nordwind.successor_partnership_id) == (PartnershipStatus.ENDED, kansai.id)
    assert owned.owner_partnership_id == kansai.id
    assert f'href="/partners/{kansai.id}"' in browse("vera").get(f"/partners/{nordwind.id}").text

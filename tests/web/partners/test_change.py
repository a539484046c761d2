"""Changing a partner."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.models import Organisation
from tests.browsing import HTMX, Browse
from tests.cast import Cast
from tests.web.network_actions import NetworkAction, OnOneRow, WithForm
from tests.web.partners.forms import partner_form


class TestChangePartner(NetworkAction, OnOneRow, WithForm):
    bad = {"subdivision": "FR-75C"}
    form_id = "partner-form"

    def url(self, cast: Cast) -> str:
        return f"/partners/{cast.partnerships['nordwind'].id}/edit"

    def sent(self, cast: Cast) -> dict[str, Any]:
        return partner_form(cast, version=1)

    def has_worked(self, cast: Cast, session: Session) -> bool:
        return cast.partnerships["nordwind"].name == "Süd-Antrieb KG"


def test_company_and_standing_are_written_together(browse: Browse, cast: Cast, session: Session) -> None:
    nordwind = cast.partnerships["nordwind"]
    form = partner_form(
        cast, version=1, status="paused", max_open_claims="3", backup_partnership_id=cast.partnerships["kansai"].id
    )
    assert browse("ada").post(f"/partners/{nordwind.id}/edit", data=form).status_code == 303
    assert (nordwind.status.value, nordwind.max_open_claims, nordwind.tier_id) == ("paused", 3, cast.tiers["gold"].id)
    assert nordwind.backup_partnership_id == cast.partnerships["kansai"].id
    organisation = session.get_one(Organisation, nordwind.partner_id)
    assert (organisation.time_zone, organisation.working_hours) == ("Europe/Berlin", "mon-fri 08:00-17:00")


def test_stale_edit_shows_both_versions_and_overwrites_nothing(browse: Browse, cast: Cast) -> None:
    nordwind = cast.partnerships["nordwind"]
    url = f"/partners/{nordwind.id}/edit"
    assert browse("ada").post(url, data=partner_form(cast, version=1, name="Ada's name")).status_code == 303
    for headers in ({}, HTMX):
        answer = browse("carl").post(url, data=partner_form(cast, version=1, name="Carl's name"), headers=headers)
        assert answer.status_code == 409
        assert "Ada&#39;s name" in answer.text and "Carl&#39;s name" in answer.text
        assert 'name="version" type="hidden" value="2"' in answer.text
    assert nordwind.name == "Ada's name"
    assert browse("carl").post(url, data=partner_form(cast, version=2, name="Carl's name")).status_code == 303
    assert nordwind.name == "Carl's name"

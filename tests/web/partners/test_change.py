"""Changing a partner."""

from __future__ import annotations

import re
from typing import Any

import pytest
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


def version_in(page: str) -> str:
    found = re.search(r'name="version" type="hidden" value="(\d+)"', page)
    assert found is not None
    return found[1]


def working_time(cast: Cast, monday: str, version: str) -> dict[str, str]:
    free = dict.fromkeys(("tue", "wed", "thu", "fri", "sat", "sun"), "")
    return {"time_zone": "Europe/Berlin", "country": "DE", "mon": monday, "version": version, **free}


@pytest.mark.covers("W-02")
@pytest.mark.parametrize("manufacturer_first", [True, False])
def test_the_manufacturer_and_the_partners_head_do_not_overwrite_each_others_hours(
    browse: Browse, cast: Cast, session: Session, manufacturer_first: bool
) -> None:
    nordwind = cast.partnerships["nordwind"]
    edit, own = f"/partners/{nordwind.id}/edit", "/account/working-time"
    carl, nora = browse("carl"), browse("nora")
    here, there = version_in(carl.get(edit).text), version_in(nora.get(own).text)

    def change() -> int:
        return carl.post(edit, data=partner_form(cast, version=here, working_hours="mon 8-12")).status_code

    def change_own() -> int:
        return nora.post(own, data=working_time(cast, "13-17", there)).status_code

    order = (change, change_own) if manufacturer_first else (change_own, change)
    assert [save() for save in order] == [303, 409]
    organisation = session.get_one(Organisation, nordwind.partner_id, populate_existing=True)
    assert organisation.working_hours == ("mon 08:00-12:00" if manufacturer_first else "mon 13:00-17:00")


def test_closing_days_do_not_disturb_who_edits_the_hours(browse: Browse, cast: Cast, session: Session) -> None:
    edit = f"/partners/{cast.partnerships['nordwind'].id}/edit"
    here = version_in(browse("carl").get(edit).text)
    browse("nora").post("/account/working-time/closed", data={"first": "2098-12-24"})
    assert browse("carl").post(edit, data=partner_form(cast, version=here)).status_code == 303


def test_stale_edit_shows_both_versions_and_overwrites_nothing(browse: Browse, cast: Cast) -> None:
    nordwind = cast.partnerships["nordwind"]
    url = f"/partners/{nordwind.id}/edit"
    assert browse("ada").post(url, data=partner_form(cast, version=1, name="Ada's name")).status_code == 303
    for headers in ({}, HTMX):
        answer = browse("carl").post(url, data=partner_form(cast, version=1, name="Carl's name"), headers=headers)
        assert answer.status_code == 409
        assert "Ada&#39;s name" in answer.text and "Carl&#39;s name" in answer.text
        newest = version_in(answer.text)
    assert nordwind.name == "Ada's name"
    assert browse("carl").post(url, data=partner_form(cast, version=newest, name="Carl's name")).status_code == 303
    assert nordwind.name == "Carl's name"

"""The manufacturer's numbers and levels."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import ManufacturerSettings, Tier
from tests.browsing import HTMX, Browse
from tests.cast import Cast
from tests.web.network_actions import NetworkAction, OnOneRow, WithForm

FORM = {
    "release_score": 60,
    "contact_hours": 6,
    "hot_contact_minutes": 15,
    "cool_down_hours": 72,
    "merge_days": 14,
    "default_currency": "USD",
    "shown_fields": ["industry", "value_band"],
    "version": 1,
}
TIER = {
    "name": "Diamond",
    "code": "diamond",
    "rank": 5,
    "head_start_minutes": 0,
    "max_open_claims": 12,
    "max_claims_per_day": 20,
}


class TestChangeSettings(NetworkAction, WithForm):
    form = FORM
    bad = {"release_score": 101}
    form_id = "settings-form"

    def url(self, cast: Cast) -> str:
        return "/settings"

    def has_worked(self, cast: Cast, session: Session) -> bool:
        row = session.get_one(ManufacturerSettings, cast.acme.id)
        return (row.release_score, row.default_currency, row.version) == (60, "USD", 2)


class TestAddTier(NetworkAction, WithForm):
    form = TIER
    bad = {"rank": 4}
    form_id = "tier-form"

    def url(self, cast: Cast) -> str:
        return "/settings/tiers/new"

    def has_worked(self, cast: Cast, session: Session) -> bool:
        found = select(Tier.id).where(Tier.code == "diamond", Tier.manufacturer_id == cast.acme.id)
        return session.scalar(found) is not None


class TestSaveTier(NetworkAction, OnOneRow, WithForm):
    form = TIER
    bad = {"code": "gold"}
    form_id = "tier-form"

    def url(self, cast: Cast) -> str:
        return f"/settings/tiers/{cast.tiers['platinum'].id}"

    def has_worked(self, cast: Cast, session: Session) -> bool:
        return cast.tiers["platinum"].max_open_claims == 12


def test_one_manufacturers_settings_are_not_anothers(browse: Browse, cast: Cast, session: Session) -> None:
    assert browse("gina").post("/settings", data=FORM).status_code == 303
    assert session.get_one(ManufacturerSettings, cast.acme.id).release_score == 50
    assert session.get_one(ManufacturerSettings, cast.globex.id).release_score == 60


def test_stale_settings_show_both_versions(browse: Browse, cast: Cast, session: Session) -> None:
    browse("ada").post("/settings", data=FORM)
    for headers in ({}, HTMX):
        answer = browse("carl").post("/settings", data=FORM | {"release_score": 40}, headers=headers)
        assert answer.status_code == 409
        assert '<td data-label="Saved meanwhile">60</td>' in answer.text
        assert '<td data-label="Yours, not saved">40</td>' in answer.text
    assert session.get_one(ManufacturerSettings, cast.acme.id).release_score == 60


def test_everybody_reads_and_only_writers_get_a_button(browse: Browse, cast: Cast) -> None:
    assert 'type="submit">Save</button>' in browse("carl").get("/settings").text.replace("\n    ", "")
    assert 'type="submit">Save</button>' not in browse("vera").get("/settings").text.replace("\n    ", "")
    assert browse("nora").get("/settings").status_code == 403
    assert browse("gina").get(f"/settings/tiers/{cast.tiers['gold'].id}").status_code == 404

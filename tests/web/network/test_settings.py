"""The manufacturer's numbers and levels."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import clock_now
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
    "owner_contact_minutes": 60,
    "match_score": 85,
    "near_match_score": 75,
    "churned_months": 9,
    "contract_threshold": 75_000,
    "is_competitor_disqualified": "y",
    "leads_for_account": 4,
    "high_activity_leads": 5,
    "high_activity_hours": 3,
    "executive_titles": "Head of Pumps\r\nPumpenkönig\r\n",
    "ip_address_days": 14,
    "contact_clock": "working",
    "hot_contact_clock": "wall",
    "owner_contact_clock": "working",
    "stalled_days": 10,
    "stalled_escalation_days": 15,
    "stalled_return_days": 25,
    "nurture_every_days": 45,
    "nurture_until_day": 90,
    "accepted_points": 3,
    "declined_points": 2,
    "feedback_points": 1,
    "silence_cost": 7,
    "re_route_cost": 9,
    "warning_score": 65,
    "suspension_score": 40,
    "suspension_days": 7,
    "infraction_days": 60,
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


@pytest.mark.covers("P-36", "P-32")
def test_known_companies_are_set(browse: Browse, cast: Cast, session: Session) -> None:
    people = {"sales_vp_id": "ada", "customer_success_id": "carl", "reviewer_id": "ines"}
    form = FORM | {name: cast.people[person].id for name, person in people.items()}
    assert browse("carl").post("/settings", data=form).status_code == 303
    row = session.get_one(ManufacturerSettings, cast.acme.id)
    assert (row.match_score, row.near_match_score, row.contract_threshold_cents) == (85, 75, 7_500_000)
    assert (row.churned_months, row.leads_for_account, row.ip_address_days) == (9, 4, 14)
    assert (row.high_activity_leads, row.high_activity_hours, row.owner_contact_minutes) == (5, 3, 60)
    assert (row.executive_titles, row.is_competitor_disqualified) == (["Head of Pumps", "Pumpenkönig"], True)
    assert {name: getattr(row, name) for name in people} == {name: form[name] for name in people}
    trail = browse("ada").get("/audit?feature=settings").text
    for told in ("75,000", "Pumpenkönig", "Vice president of sales: – → Ada", "Months a lost customer"):
        assert told in trail


@pytest.mark.covers("W-15")
def test_use_it_or_lose_it_is_set_and_switched_off(browse: Browse, cast: Cast, session: Session) -> None:
    carl = browse("carl")
    assert carl.post("/settings", data=FORM).status_code == 303
    page = carl.get("/settings").text
    assert "Saved. Deadlines that run keep their time." in page, "the cool-down beside it holds at once"
    row = session.get_one(ManufacturerSettings, cast.acme.id)
    limits = (row.warning_score, row.suspension_score, row.suspension_days, row.infraction_days)
    assert (limits, row.is_response_scored) == ((65, 40, 7, 60), False)
    assert "A response score is kept: yes → no" in browse("ada").get("/audit?feature=settings").text


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"near_match_score": 86}, "not be above the score that acts alone"),
        ({"executive_titles": "x" * 81}, "at most 80 characters"),
        ({"ip_address_days": 31}, "between 0 and 30"),
        ({"leads_for_account": 1}, "between 2 and 100"),
        ({"suspension_score": 65}, "be below the score that warns"),
        ({"stalled_escalation_days": 10}, "later than the reminder"),
        ({"stalled_return_days": 14}, "later than telling the channel manager"),
        ({"stalled_days": 0}, "between 1 and 365"),
        ({"silence_cost": -1}, "between 0 and 50"),
        ({"hot_contact_clock": "moon"}, "Invalid Choice"),
    ],
)
def test_numbers_that_cannot_stand(
    browse: Browse, cast: Cast, session: Session, wrong: dict[str, object], told: str
) -> None:
    answer = browse("carl").post("/settings", data=FORM | wrong)
    assert answer.status_code == 422
    assert told in answer.text
    assert session.get_one(ManufacturerSettings, cast.acme.id).version == 1


@pytest.mark.parametrize("name", ["gina", "nora", "vera"])
def test_only_own_people_who_are_there_are_named(browse: Browse, cast: Cast, session: Session, name: str) -> None:
    cast.people["vera"].disabled_at = clock_now()
    answer = browse("carl").post("/settings", data=FORM | {"sales_vp_id": cast.people[name].id})
    assert answer.status_code == 422
    assert session.get_one(ManufacturerSettings, cast.acme.id).sales_vp_id is None


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

"""Taking a partner in."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Organisation, Partnership
from tests.browsing import Browse
from tests.cast import Cast
from tests.web.network_actions import NetworkAction, WithForm
from tests.web.partners.forms import partner_form


class TestCreatePartner(NetworkAction, WithForm):
    bad = {"working_hours": "whenever"}
    form_id = "partner-form"

    def url(self, cast: Cast) -> str:
        return "/partners/new"

    def sent(self, cast: Cast) -> dict[str, Any]:
        return partner_form(cast)

    def has_worked(self, cast: Cast, session: Session) -> bool:
        found = select(Partnership.id).where(Partnership.code == "P-900", Partnership.manufacturer_id == cast.acme.id)
        return session.scalar(found) is not None


def test_another_manufacturers_tier_is_none_to_choose(browse: Browse, cast: Cast) -> None:
    other = cast.partnerships["rival"].tier_id
    assert browse("ada").post("/partners/new", data=partner_form(cast, tier_id=other)).status_code == 422


def test_a_taken_code_is_said_beside_the_field(browse: Browse, cast: Cast) -> None:
    answer = browse("ada").post("/partners/new", data=partner_form(cast, code=cast.partnerships["nordwind"].code))
    assert answer.status_code == 422
    assert "is taken." in answer.text


@pytest.mark.covers("T-09")
def test_the_postal_code_is_kept_as_its_country_writes_it(browse: Browse, cast: Cast, session: Session) -> None:
    sent = partner_form(cast, country="JP", postal_code="2600015", time_zone="Asia/Tokyo")
    assert browse("ada").post("/partners/new", data=sent).status_code == 303
    found = select(Organisation.postal_code).join(Partnership, Partnership.partner_id == Organisation.id)
    assert session.scalar(found.where(Partnership.code == "P-900")) == "260-0015"


def test_a_postal_code_of_another_country_is_said_beside_the_field(browse: Browse, cast: Cast) -> None:
    answer = browse("ada").post("/partners/new", data=partner_form(cast, postal_code="SW1A 1AA"))
    assert answer.status_code == 422
    assert "is not a postal code of the country above" in answer.text

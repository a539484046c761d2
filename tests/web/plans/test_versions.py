"""The versions of a plan: kept by the leads that began with them, compared, brought back."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import DistributionPlan
from app.queries.manufacturers import manufacturer_rules
from app.services.lead_routing import route_lead
from tests import factories
from tests.browsing import HTMX, Browse
from tests.cast import Cast
from tests.web.plans.drawn import current, filled
from tests.web.plans.entered import FORM


@pytest.mark.covers("W-10")
def test_a_lead_keeps_the_version_it_started_with(browse: Browse, cast: Cast, session: Session) -> None:
    lead = factories.lead(session, cast.acme, [cast.products["pump"]], score=80)
    session.commit()
    route_lead(lead_id=lead.id)
    first = lead.plan_id
    browse("carl").post("/plan/edit", data=FORM)
    assert (lead.plan_id, manufacturer_rules(session, cast.acme.id).plan_id != first) == (first, True)


def test_a_stale_plan_shows_both_versions(browse: Browse, cast: Cast, session: Session) -> None:
    browse("ada").post("/plan/edit", data=FORM)
    for headers in ({}, HTMX):
        answer = browse("carl").post("/plan/edit", data=FORM | {"owner_window": "9h"}, headers=headers)
        assert answer.status_code == 409
        assert "within 6 working hours" in answer.text
        assert "within 9 working hours" in answer.text
        assert 'name="version" type="hidden" value="2"' in answer.text
    assert current(session, cast).version == 2
    again = FORM | {"owner_window": "9h", "version": 2}
    assert browse("carl").post("/plan/edit", data=again).status_code == 303
    assert current(session, cast).version == 3


@pytest.mark.covers("A-01")
def test_the_trail_and_the_list_say_what_changed(browse: Browse, cast: Cast) -> None:
    browse("carl").post("/plan/edit", data=FORM)
    trail = browse("ada").get("/audit?feature=network").text
    for told in ("Carl (Acme) changed the distribution plan.", "Order of the rounds", "Board first", "medical, pharma"):
        assert told in trail
    listed = browse("vera").get("/plan").text
    assert "Order of the rounds, Board" in listed
    assert "“Board first”" in listed


def test_versions_are_compared_and_brought_back(browse: Browse, cast: Cast, session: Session) -> None:
    first = current(session, cast).id
    browse("carl").post("/plan/edit", data=FORM)
    second = current(session, cast).id
    assert "Only where Industry contains medical, pharma." in browse("vera").get(f"/plan/versions/{first}").text
    page = browse("carl").get(f"/plan/versions/{second}?with={first}").text
    assert "Compared with version 1" in page
    back = filled(browse("carl"), f"/plan/edit?from={first}")
    assert browse("carl").post("/plan/edit", data=back).status_code == 303
    newest = current(session, cast)
    assert (newest.version, newest.rounds) == (3, session.get_one(DistributionPlan, first).rounds)


@pytest.mark.parametrize("url", ["/plan/versions/{id}", "/plan/edit?from={id}", "/plan/versions/{own}?with={id}"])
def test_another_manufacturers_versions_are_not_there(browse: Browse, cast: Cast, session: Session, url: str) -> None:
    theirs = session.scalars(select(DistributionPlan.id).where(DistributionPlan.manufacturer_id == cast.globex.id))
    asked = url.format(id=theirs.one(), own=current(session, cast).id)
    assert browse("carl").get(asked).status_code == 404
    assert browse("carl").get("/plan/edit?from=1e9").status_code == 404

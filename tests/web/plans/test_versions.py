"""The versions of a plan: kept by the leads that began with them, compared, brought back."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import DistributionPlan
from app.queries.manufacturers import manufacturer_rules
from app.queries.plans import draft_of_plan
from app.services.lead_routing import route_lead
from tests import factories
from tests.browsing import HTMX, Browse
from tests.cast import Cast
from tests.web.network_actions import NetworkAction, OnOneRow
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


def test_a_version_says_what_differs_from_the_one_in_force(browse: Browse, cast: Cast, session: Session) -> None:
    first = current(session, cast).id
    browse("carl").post("/plan/edit", data=FORM)
    second = current(session, cast).id
    page = browse("vera").get(f"/plan/versions/{first}").text
    assert "What differs from the version in force" in page and "version 2 → version 1" in page
    told = page[page.index('id="compared"') : page.index('id="plan"')]
    for sentence in ("Only where Industry contains medical, pharma.", "Shown to every eligible partner"):
        assert told.index("No longer:") < told.index(sentence)
    assert "Order of the rounds" in told and "Waits in the direct queue" not in told
    newest = browse("vera").get(f"/plan/versions/{second}").text
    assert "What differs from version 1" in newest and "version 1 → version 2" in newest
    assert "Take this version again" not in page + newest
    assert "Take this version again" in browse("carl").get(f"/plan/versions/{first}").text


def test_an_earlier_version_is_changed_before_it_comes_back(browse: Browse, cast: Cast, session: Session) -> None:
    first = current(session, cast).id
    browse("carl").post("/plan/edit", data=FORM)
    back = filled(browse("carl"), f"/plan/edit?from={first}")
    assert browse("carl").post("/plan/edit", data=back).status_code == 303
    newest = current(session, cast)
    assert (newest.version, newest.rounds) == (3, session.get_one(DistributionPlan, first).rounds)


@pytest.mark.covers("A-01", "T-27")
class TestTakeAgain(NetworkAction, OnOneRow):
    form: ClassVar[dict[str, Any]] = {"version": 2, "note": "The board was better"}

    @pytest.fixture(autouse=True)
    def changed(self, browse: Browse, cast: Cast, session: Session) -> None:
        self.first = current(session, cast).id
        assert browse("carl").post("/plan/edit", data=FORM).status_code == 303

    def url(self, cast: Cast) -> str:
        return f"/plan/versions/{self.first}/again"

    def has_worked(self, cast: Cast, session: Session) -> bool:
        newest, earlier = current(session, cast), session.get_one(DistributionPlan, self.first)
        return newest.version == 3 and draft_of_plan(newest) == draft_of_plan(earlier)

    def test_it_is_confirmed_first_and_told_in_the_trail(self, browse: Browse, cast: Cast) -> None:
        page = browse("carl").get(self.url(cast)).text
        assert "Take version 1 again?" in page and "It becomes version 3" in page and "Order of the rounds" in page
        browse("carl").post(self.url(cast), data=self.form)
        trail = browse("ada").get("/audit?feature=network").text
        assert "Version 1 again" in trail and "The board was better" in trail

    def test_a_stale_decision_is_shown_what_it_would_change_now(
        self, browse: Browse, cast: Cast, session: Session
    ) -> None:
        browse("ada").post("/plan/edit", data=FORM | {"version": 2, "owner_window": "9h"})
        late = browse("carl").post(self.url(cast), data=self.form)
        assert late.status_code == 409
        assert "within 9 working hours" in late.text
        assert current(session, cast).version == 3

    def test_too_long_a_note_comes_back(self, browse: Browse, cast: Cast, session: Session) -> None:
        answer = browse("carl").post(self.url(cast), data=self.form | {"note": "x" * 301})
        assert answer.status_code == 422
        assert 'id="note-error"' in answer.text
        assert current(session, cast).version == 2


def test_the_version_in_force_cannot_be_taken_again(browse: Browse, cast: Cast, session: Session) -> None:
    mine = current(session, cast)
    page = browse("carl").get(f"/plan/versions/{mine.id}/again").text
    assert "both say the same" in page and ">Take version 1 again<" not in page
    assert browse("carl").post(f"/plan/versions/{mine.id}/again", data={"version": 1}).status_code == 303
    assert current(session, cast).version == 1


@pytest.mark.parametrize(
    "url",
    ["/plan/versions/{id}", "/plan/versions/{id}/again", "/plan/edit?from={id}", "/plan/versions/{own}?with={id}"],
)
def test_another_manufacturers_versions_are_not_there(browse: Browse, cast: Cast, session: Session, url: str) -> None:
    theirs = session.scalars(select(DistributionPlan.id).where(DistributionPlan.manufacturer_id == cast.globex.id))
    asked = url.format(id=theirs.one(), own=current(session, cast).id)
    assert browse("carl").get(asked).status_code == 404
    assert browse("carl").get("/plan/edit?from=1e9").status_code == 404

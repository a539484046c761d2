"""The list of what arrived, quarantine and manual entry."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.submissions import Channel, SubmissionState
from app.models import Lead, LeadTouch, Submission
from app.services import intake
from tests.browsing import Browse, Browser
from tests.cast import Cast
from tests.services.intake.arrivals import count, send, store
from tests.web.intake.actions import DoorAction

PAGES = ["/intake", "/intake/quarantine", "/intake/imports", "/intake/forms", "/intake/wording"]
ENTRY = {
    "products": ["PUMP"],
    "company": "Hofmann Präzision GmbH",
    "family_name": "Vogel",
    "email": "k.vogel@hofmann-praezision.example",
    "country": "DE",
    "source_kind": "phone",
    "consent": "any_eligible",
}


@pytest.mark.parametrize("page", [*PAGES, "/intake/new", "/intake/imports/new", "/intake/forms/new"])
def test_pages_open_for_the_manufacturer_only(browse: Browse, cast: Cast, page: str) -> None:
    assert browse("ada").get(page).status_code == 200
    assert browse("vera").get(page).status_code == (200 if page in PAGES else 403)
    assert browse("nora").get(page).status_code == 403
    assert browse(None).get(page).status_code in (302, 303)


def test_the_list_shows_what_became_of_each_and_can_be_narrowed(browse: Browse, cast: Cast) -> None:
    send(cast.acme)
    send(cast.acme, company="Quarantäne AG", country="Absurdistan", email="other@elsewhere.example")
    send(cast.globex, company="Fremd GmbH", products="DRIVE")
    browser = browse("ada")
    whole = browser.get("/intake").text
    assert "Hofmann Präzision GmbH" in whole
    assert "Quarantäne AG" in whole
    assert "Fremd GmbH" not in whole
    narrowed = browser.get("/intake?state=quarantined&channel=api").text
    assert "Hofmann Präzision GmbH" not in narrowed
    assert "“Absurdistan” is not a country we know." in narrowed
    assert "Nothing like this has arrived" in browser.get("/intake?until=2020-01-01").text
    assert "Quarantäne AG" in browser.get("/intake/quarantine").text


def test_one_arrival_shows_what_was_received_and_what_is_wrong(browse: Browse, cast: Cast) -> None:
    submission_id = store(cast.acme, country="Absurdistan")
    intake.settle_submission(submission_id)
    page = browse("ines").get(f"/intake/{submission_id}").text
    assert 'value="Absurdistan"' in page
    assert "38.000,00 €" in page
    assert 'aria-invalid="true"' in page
    assert "Mend and try again" not in browse("vera").get(f"/intake/{submission_id}").text
    assert browse("gina").get(f"/intake/{submission_id}").status_code == 404


class TestCorrect(DoorAction):
    """POST /intake/<id>/correct"""

    @pytest.fixture
    def url(self, session: Session, cast: Cast) -> str:
        submission_id = store(cast.acme, country="Absurdistan")
        intake.settle_submission(submission_id)
        return f"/intake/{submission_id}/correct"

    def good(self, cast: Cast) -> dict[str, Any]:
        return self._cells(cast) | {"country": "Germany"}

    def bad(self, cast: Cast) -> dict[str, Any]:
        return self._cells(cast) | {"country": "Utopia"}

    def _cells(self, cast: Cast) -> dict[str, str]:
        return {"company": "Hofmann Präzision GmbH", "email": "k.vogel@hofmann.example", "products": "PUMP"}

    def has_worked(self, cast: Cast, session: Session) -> bool:
        return count(session) == 1


class TestReject(DoorAction):
    """POST /intake/<id>/reject"""

    @pytest.fixture
    def url(self, session: Session, cast: Cast) -> str:
        submission_id = store(cast.acme, country="Absurdistan")
        intake.settle_submission(submission_id)
        return f"/intake/{submission_id}/reject"

    def good(self, cast: Cast) -> dict[str, Any]:
        return {"reason": "Somebody's test."}

    def bad(self, cast: Cast) -> dict[str, Any]:
        return {"reason": " "}

    def has_worked(self, cast: Cast, session: Session) -> bool:
        session.rollback()
        return session.scalars(select(Submission.state)).one() is SubmissionState.REJECTED


class TestEnter(DoorAction):
    """POST /intake/new"""

    is_shared = True

    @pytest.fixture
    def url(self, session: Session, cast: Cast) -> str:
        return "/intake/new"

    def good(self, cast: Cast) -> dict[str, Any]:
        return ENTRY

    def bad(self, cast: Cast) -> dict[str, Any]:
        return ENTRY | {"email": "", "company": ""}

    def has_worked(self, cast: Cast, session: Session) -> bool:
        return count(session) == 1


def test_likely_duplicates_are_shown_before_saving(browse: Browse, cast: Cast, session: Session) -> None:
    known = send(cast.acme, company="HOFMANN Präzision", email="another@hofmann-praezision.example", phone="")
    browser = browse("ines")
    shown = browser.post("/intake/new", data=ENTRY)
    assert shown.status_code == 409
    assert str(known.lead_id) in shown.text
    assert "Same company name" in shown.text
    assert count(session) == 1
    assert browser.post("/intake/new", data=ENTRY | {"confirmed": "y"}).status_code == 303
    assert count(session) == 2


def test_entering_the_same_request_again_touches_the_lead(browse: Browse, cast: Cast, session: Session) -> None:
    browser = browse("ines")
    first = browser.post("/intake/new", data=ENTRY)
    again = browser.post("/intake/new", data=ENTRY | {"confirmed": "y"})
    assert again.location == first.location
    assert (count(session, Lead), count(session, LeadTouch)) == (1, 1)
    arrived = session.scalars(select(Submission.channel)).all()
    assert set(arrived) == {Channel.MANUAL}


def test_no_box_of_several_demands_to_be_ticked(browse: Browse, cast: Cast) -> None:
    boxes = [tag for tag in browse("ines").get("/intake/new").text.split("<input") if 'name="products"' in tag]
    assert len(boxes) > 1
    assert not [box for box in boxes if "required" in box.partition(">")[0]]


def test_what_keeps_an_entry_out_stands_beside_it(browse: Browse, cast: Cast) -> None:
    refused = browse("ines").post("/intake/new", data=ENTRY | {"email": "", "company": "", "confirmed": "y"})
    assert refused.status_code == 422
    assert 'id="form-errors"' in refused.text
    assert 'id="email-error"' in refused.text


CELLS = {"company": "Hofmann Präzision GmbH", "email": "a@a.example", "products": "PUMP"}


def list_ids(browser: Browser) -> list[str]:
    """Those that wait, as the list has them."""
    return list(dict.fromkeys(re.findall(r'href="/intake/(\d+)"', browser.get("/intake/quarantine").text)))


def test_from_one_mended_on_to_the_next(browse: Browse, cast: Cast) -> None:
    waiting = [send(cast.acme, country="Absurdistan", email=f"{name}@a.example", phone="") for name in "ab"]
    assert [outcome.lead_id for outcome in waiting] == [None, None]
    browser = browse("ines")
    first, second = list_ids(browser)
    mended = browser.post(f"/intake/{first}/correct", data={**CELLS, "country": "Germany"})
    assert f'href="/intake/{second}"' in browser.get(mended.location).text
    browser.post(f"/intake/{second}/correct", data={**CELLS, "country": "Germany", "email": "b@a.example"})
    assert "Next in quarantine" not in browser.get(f"/intake/{second}").text

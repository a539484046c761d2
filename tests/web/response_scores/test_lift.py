"""Letting a suspended partner claim again."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.audit import EventKind
from app.models import Event, Lead, Partnership
from tests.browsing import HTMX, Browse
from tests.cast import Cast
from tests.web.network_actions import NetworkAction, OnOneRow, WithForm


@pytest.mark.covers("W-15")
class TestLift(NetworkAction, OnOneRow, WithForm):
    form = {"reason": "They called: the mailbox was full."}
    bad = {"reason": " "}
    form_id = "lift"

    @pytest.fixture(autouse=True)
    def silence(self, silent_lead: Lead) -> None:
        pass

    def url(self, cast: Cast) -> str:
        return f"/partners/{cast.partnerships['nordwind'].id}/response/lift"

    def has_worked(self, cast: Cast, session: Session) -> bool:
        session.expire_all()
        partnership = session.get_one(Partnership, cast.partnerships["nordwind"].id)
        return partnership.claims_suspended_until is None


def test_the_reason_stands_on_the_page_and_in_the_trail(
    browse: Browse, cast: Cast, session: Session, silent_lead: Lead
) -> None:
    url = f"/partners/{cast.partnerships['nordwind'].id}/response"
    browse("carl").post(f"{url}/lift", data={"reason": "They called."})
    assert "They called." in browse("vera").get(url).text
    told = session.scalars(select(Event.data).where(Event.kind == EventKind.SUSPENSION_LIFTED)).one()
    assert told["reason"] == "They called."
    trail = browse("ada").get("/audit").text
    assert "claim again." in trail and "They called." in trail


def test_there_is_nothing_to_lift_twice(browse: Browse, cast: Cast, silent_lead: Lead) -> None:
    url = f"/partners/{cast.partnerships['nordwind'].id}/response/lift"
    browse("carl").post(url, data={"reason": "They called."})
    again = browse("ada").post(url, data={"reason": "They called."}, headers=HTMX)
    assert again.status_code == 409
    assert "claims are not suspended" in again.text

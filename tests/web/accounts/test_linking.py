"""Leads linked with an account by hand, from either side."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from app.domain.leads import LeadState
from app.models import Lead
from tests import factories
from tests.browsing import HTMX, Browse
from tests.cast import Cast
from tests.web.accounts.companies import company

WRONG_ROLES = ("vera", "arne", "nora", "rita")


def _lead(cast: Cast) -> Lead:
    session = object_session(cast.acme)
    assert session is not None
    found = session.scalars(select(Lead)).one_or_none()
    return found or factories.lead(session, cast.acme, [cast.products["pump"]], state=LeadState.NURTURING)


def _url_and_form(cast: Cast, side: str) -> tuple[str, dict[str, Any]]:
    account_id = company(cast, "A-1", "Hofmann Group")
    if side == "account":
        return f"/accounts/{account_id}/leads", {"lead_id": str(_lead(cast).id), "reason": "The same plant."}
    return f"/accounts/of-lead/{_lead(cast).id}", {"account_id": str(account_id), "reason": "The same plant."}


@pytest.mark.covers("P-15")
@pytest.mark.parametrize("side", ["account", "lead"])
class TestLink:
    def test_works(self, browse: Browse, cast: Cast, side: str) -> None:
        url, form = _url_and_form(cast, side)
        assert browse("ines").post(url, data=form).status_code == 303
        lead = _lead(cast)
        assert (lead.account_id, lead.is_linked_by_hand) == (company(cast, "A-1", ""), True)

    def test_anonymous_logs_in_first(self, browse: Browse, cast: Cast, side: str) -> None:
        url, form = _url_and_form(cast, side)
        assert browse(None).post(url, data=form).location == "/log-in"

    def test_outsider_finds_nothing(self, browse: Browse, cast: Cast, side: str) -> None:
        url, form = _url_and_form(cast, side)
        assert browse("gina").get(url).status_code == browse("gina").post(url, data=form).status_code == 404
        assert _lead(cast).account_id is None

    def test_wrong_role_is_refused(self, browse: Browse, cast: Cast, side: str) -> None:
        url, form = _url_and_form(cast, side)
        for name in WRONG_ROLES:
            assert browse(name).get(url).status_code == browse(name).post(url, data=form).status_code == 403
        assert _lead(cast).account_id is None

    @pytest.mark.parametrize("bad", [{"reason": " "}, {"lead_id": "x", "account_id": "x"}])
    def test_bad_input_comes_back_with_the_form(
        self, browse: Browse, cast: Cast, side: str, bad: dict[str, str]
    ) -> None:
        url, form = _url_and_form(cast, side)
        assert browse("ines").post(url, data=form | bad).status_code == 422
        assert "<html" not in browse("ines").post(url, data=form | bad, headers=HTMX).text
        assert _lead(cast).account_id is None

    def test_htmx_is_sent_on(self, browse: Browse, cast: Cast, side: str) -> None:
        url, form = _url_and_form(cast, side)
        answer = browse("ines").post(url, data=form, headers=HTMX)
        assert answer.status_code == 204 and answer.headers["HX-Redirect"].startswith("/")


def test_somebody_else_s_lead_or_account_is_not_there(browse: Browse, cast: Cast, session: Session) -> None:
    theirs = company(cast, "G-1", "Hofmann Group", person="gina")
    form = {"account_id": str(theirs), "reason": "The same plant."}
    assert browse("ines").post(f"/accounts/of-lead/{_lead(cast).id}", data=form).status_code == 404
    own = company(cast, "A-1", "Hofmann Group")
    form = {"lead_id": str(uuid.uuid4()), "reason": "The same plant."}
    assert browse("ines").post(f"/accounts/{own}/leads", data=form).status_code == 404


def test_a_lead_is_taken_off_its_account(browse: Browse, cast: Cast) -> None:
    account_id = company(cast, "A-1", "Hofmann Group")
    lead = _lead(cast)
    lead.account_id = account_id
    form = {"account_id": "none", "reason": "Another Hofmann."}
    assert browse("ines").post(f"/accounts/of-lead/{lead.id}", data=form).status_code == 303
    assert (_lead(cast).account_id, _lead(cast).is_linked_by_hand) == (None, True)


def test_the_lead_s_likely_accounts_and_the_account_s_likely_leads_are_shown(browse: Browse, cast: Cast) -> None:
    account_id, lead = company(cast, "A-1", "Hofman Präzision"), _lead(cast)
    assert f'value="{account_id}"' in browse("ines").get(f"/accounts/of-lead/{lead.id}").text
    assert str(lead.id) in browse("ines").get(f"/accounts/{account_id}/leads?q=hofmann").text


@pytest.mark.covers("P-15")
def test_before_a_search_the_page_proposes_what_looks_like_the_account(browse: Browse, cast: Cast) -> None:
    account_id = company(cast, "A-1", "Zenith Optics")
    url, lead = f"/accounts/{account_id}/leads", _lead(cast)
    page = browse("ines").get(url).text
    assert "Search for the lead" in page and "No lead is called like that" not in page
    assert "No lead is called like that" in browse("ines").get(f"{url}?q=nobody").text
    lead.match_signals = [{"kind": "fuzzy_name", "account_id": account_id, "score": 74, "reasons": []}]
    object_session(lead).commit()  # type: ignore[union-attr]
    page = browse("ines").get(url).text
    assert str(lead.id) in page and "These leads look like Zenith Optics." in page
    lead.state = LeadState.LOST
    object_session(lead).commit()  # type: ignore[union-attr]
    assert str(lead.id) not in browse("ines").get(url).text

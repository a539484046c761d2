"""A plan tried on last month's leads before it is saved."""

from __future__ import annotations

import re
from html import unescape

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import DistributionPlan, Event, Offer
from app.services.lead_routing import route_lead
from tests import factories
from tests.browsing import HTMX, Browse
from tests.cast import Cast
from tests.web.network_actions import NetworkAction, WithForm
from tests.web.plans.drawn import filled
from tests.web.plans.entered import FORM


class TestTry(NetworkAction, WithForm):
    form = FORM
    bad = {"fairness_every": "often"}
    form_id = "plan-form"

    def url(self, cast: Cast) -> str:
        return "/plan/try"

    def has_worked(self, cast: Cast, session: Session) -> bool:
        return False

    def test_works_for_a_channel_manager(self, browse: Browse, cast: Cast, session: Session) -> None:
        answer = browse("carl").post("/plan/try", data=FORM)
        assert answer.status_code == 200
        assert "What would have happened" in answer.text

    def test_htmx_gets_the_fragment_or_is_sent_on(self, browse: Browse, cast: Cast) -> None:
        answer = browse("ada").post("/plan/try", data=FORM, headers=HTMX)
        assert answer.status_code == 200
        assert 'id="trial"' in answer.text
        assert "<html" not in answer.text


@pytest.mark.covers("T-27")
def test_a_trial_shows_who_would_have_seen_what(browse: Browse, cast: Cast, session: Session) -> None:
    for score, partner_count in ((90, 2), (55, 2), (70, 2)):
        lead = factories.lead(session, cast.acme, [cast.products["pump"]], score=score)
        session.commit()
        route_lead(lead_id=lead.id)
        offers = select(func.count()).select_from(Offer).where(Offer.lead_id == lead.id)
        assert session.scalar(offers) == partner_count
    browser = browse("carl")
    form = filled(browser) | {"board_min_score": "80"}
    before = [session.scalar(select(func.count()).select_from(table)) for table in (DistributionPlan, Event, Offer)]
    page = browser.post("/plan/try", data=form).text
    after = [session.scalar(select(func.count()).select_from(table)) for table in (DistributionPlan, Event, Offer)]
    assert before == after
    assert "3 leads of the last 30 days" in page
    assert "2 leads would begin elsewhere" in page
    assert "Only from a score of 80." in page


@pytest.mark.covers("T-27")
def test_a_trial_leads_to_the_simulation_of_the_choice_in_the_form_and_back(browse: Browse, cast: Cast) -> None:
    page = browse("carl").post("/plan/try", data=FORM | {"overlap": "nearest", "weight_tier": "7"}).text
    (url,) = re.findall(r'href="(/plan/simulation\?[^"]+)"', page)
    simulated = browse("carl").get(unescape(url)).text
    assert '<option selected value="nearest">' in simulated
    assert re.search(r'name="weight_tier"[^>]*value="7"', simulated)
    assert 'href="/plan/edit#choice"' in simulated

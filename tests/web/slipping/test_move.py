"""Moving the ticked leads: choose, look, say why, see what was done."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Assignment, Lead
from app.services.cockpit import withdraw_lead
from app.services.distribution.assigning import assign_lead
from app.services.lead_routing import route_lead
from tests import factories
from tests.boards import put_on_board
from tests.browsing import Browse, Browser
from tests.cast import Cast

Fields = dict[str, Any]


def preview(browser: Browser, leads: Sequence[Lead], to: str = "") -> tuple[str, Fields]:
    """The page about the ticked leads, and what its last form would send."""
    query = "&".join(f"lead={lead.id.hex}" for lead in leads) + (f"&to={to}" if to else "")
    answer = browser.get(f"/leads/reassign?{query}")
    assert answer.status_code == 200
    form = answer.text[answer.text.index('id="move"') :] if 'id="move"' in answer.text else ""
    fields: Fields = {"reason": "Of that name"}
    for tag in re.findall(r'<input [^>]*type="hidden"[^>]*>', form):
        held = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        fields.setdefault(held["name"], []).append(held["value"])
    return answer.text, fields


def working(session: Session, lead: Lead) -> Assignment | None:
    active = select(Assignment).where(Assignment.lead_id == lead.id, Assignment.ended_at.is_(None))
    return session.scalars(active.execution_options(populate_existing=True)).one_or_none()


def outcomes(html: str) -> dict[str, str]:
    return dict(re.findall(r'id="lead-([0-9a-f-]{36})" data-outcome="(\w*)"', html))


@pytest.mark.covers("W-08", "W-09")
def test_leads_are_ticked_in_the_list_previewed_and_moved(browse: Browse, session: Session, cast: Cast) -> None:
    browser, kansai = browse("carl"), cast.partnerships["kansai"]
    free, closed = put_on_board(session, cast), put_on_board(session, cast)
    withdraw_lead(lead_id=closed.id, actor=cast.viewer("ada"), reason="Sent twice")
    listed = browser.get("/leads").text
    assert f'form="reassign" name="lead" value="{free.id.hex}"' in listed
    html, _ = preview(browser, [free, closed])
    assert outcomes(html) == {str(free.id): "", str(closed.id): "refused"} and 'id="move"' not in html
    html, fields = preview(browser, [free, closed], f"partner-{kansai.id}")
    assert outcomes(html) == {str(free.id): "moved", str(closed.id): "refused"}
    done = browser.post("/leads/reassign", data=fields)
    assert done.status_code == 303
    again = browser.post("/leads/reassign", data=fields)
    assert again.location == done.location
    result = browser.get(done.location).text
    assert f'data-moved="{free.id}"' in result and f'data-refused="{closed.id}"' in result
    assignment = working(session, free)
    assert assignment is not None and assignment.partnership_id == kansai.id


@pytest.mark.covers("W-08")
def test_the_plan_goes_on_from_the_screen_of_what_slips_through(browse: Browse, session: Session, cast: Cast) -> None:
    browser, lead = browse("ada"), put_on_board(session, cast)
    html, fields = preview(browser, [lead], "plan")
    assert "goes on with the next round" in html
    result = browser.get(browser.post("/leads/reassign", data=fields).location).text
    assert "The distribution plan goes on" in result and f'data-moved="{lead.id}"' in result


@pytest.mark.covers("W-08", "W-10")
def test_who_was_faster_keeps_the_lead(browse: Browse, session: Session, cast: Cast) -> None:
    browser, lead = browse("carl"), put_on_board(session, cast)
    _, fields = preview(browser, [lead], f"partner-{cast.partnerships['kansai'].id}")
    assign_lead(lead_id=lead.id, actor=cast.viewer("ada"), reason="Ours", user_id=cast.people["ines"].id)
    result = browser.get(browser.post("/leads/reassign", data=fields).location).text
    assert f'data-refused="{lead.id}"' in result and "moved this lead since" in result


def test_without_a_reason_nothing_is_moved_and_the_form_says_so(browse: Browse, session: Session, cast: Cast) -> None:
    browser, lead = browse("carl"), put_on_board(session, cast)
    _, fields = preview(browser, [lead], "plan")
    answer = browser.post("/leads/reassign", data=fields | {"reason": " "})
    assert answer.status_code == 422 and "both sides will read it" in answer.text
    assert f"{lead.id.hex}:" in answer.text


def test_what_is_no_lead_and_no_taker_is_passed_over(browse: Browse, session: Session, cast: Cast) -> None:
    browser, lead = browse("carl"), put_on_board(session, cast)
    assert browser.get("/leads/reassign?lead=none").location == "/slipping"
    assert 'id="move"' not in browser.get(f"/leads/reassign?lead={lead.id.hex}&to=everybody").text
    nobody = browser.post("/leads/reassign", data={"lead": f"{lead.id.hex}:x", "to": "nobody", "reason": "x"})
    assert nobody.status_code == 422 and "Choose who takes them" in nobody.text
    assert browser.post("/leads/reassign", data={"to": "plan", "reason": "x"}).status_code == 422


@pytest.mark.covers("W-08", "A-03")
def test_what_rules_speak_against_takes_a_tick(browse: Browse, session: Session, cast: Cast) -> None:
    browser, fits = browse("carl"), put_on_board(session, cast)
    abroad = factories.lead(session, cast.acme, [cast.products["pump"]], country="FR", subdivision=None)
    session.commit()
    to = f"partner-{cast.partnerships['kansai'].id}"
    html, _ = preview(browser, [fits], to)
    assert 'id="against"' not in html and 'name="is_confirmed"' not in html
    html, fields = preview(browser, [fits, abroad], to)
    assert 'data-against="geography">1 lead: No territory covers FR 80331.' in html
    assert "1 of 2 leads would not go to Kansai by your rules" in html
    assert html.count("data-unfit") == 1
    refused = browser.post("/leads/reassign", data=fields)
    assert refused.status_code == 422 and "then tick this box" in refused.text
    assert working(session, fits) is None
    done = browser.post("/leads/reassign", data=fields | {"is_confirmed": "y"})
    assert done.status_code == 303
    assert working(session, fits) is not None and working(session, abroad) is not None
    trace = browser.get(f"/leads/{abroad.id}/routing").text
    assert "Carl gave it to Kansai: Of that name" in trace and "Although: No territory covers FR 80331." in trace


@pytest.mark.covers("W-08")
def test_others_leads_and_others_partners_are_not_there(browse: Browse, session: Session, cast: Cast) -> None:
    lead = put_on_board(session, cast, company="Zeisig Werke AG")
    assert "Zeisig" not in browse("gina").get(f"/leads/reassign?lead={lead.id.hex}").text
    rivals = f"partner-{cast.partnerships['rival'].id}"
    _, fields = preview(browse("carl"), [lead], "plan")
    assert browse("carl").post("/leads/reassign", data=fields | {"to": rivals}).status_code == 404
    moved = browse("carl").post("/leads/reassign", data=fields).location
    assert browse("gina").get(moved).status_code == 404
    for name in ("ines", "vera", "nora", "rita"):
        assert browse(name).get(f"/leads/reassign?lead={lead.id.hex}").status_code == 403
        assert browse(name).post("/leads/reassign", data=fields).status_code == 403
        assert browse(name).get(moved).status_code == 403
    assert browse(None).get(moved).status_code == 303


@pytest.mark.covers("W-08", "A-01", "A-03")
def test_of_a_lead_that_no_partner_may_have_look_result_and_trace_say_so(
    browse: Browse, session: Session, cast: Cast
) -> None:
    abroad = factories.lead(session, cast.acme, [cast.products["pump"]], country="FR", subdivision=None)
    session.commit()
    route_lead(lead_id=abroad.id)
    browser, fits = browse("carl"), put_on_board(session, cast)
    html, fields = preview(browser, [abroad, fits], "plan")
    said = "Its plan begins anew. No partner may have it now: it comes to your own people at once."
    assert html.count("No partner may have it now") == 1 and said in html
    result = browser.get(browser.post("/leads/reassign", data=fields).location).text
    went = {lead: re.search(rf'data-moved="{lead.id}".*', result) for lead in (abroad, fits)}
    assert went[abroad] and "It is before one of your own people." in went[abroad][0]
    assert went[fits] and "One partner is asked alone." in went[fits][0]
    assert "Carl decided so: Of that name" in browser.get(f"/leads/{abroad.id}/routing").text


def test_what_one_rule_says_of_many_leads_is_cut_and_says_so(browse: Browse, session: Session, cast: Cast) -> None:
    abroad = [
        factories.lead(session, cast.acme, [cast.products["pump"]], country=country, subdivision=None)
        for country in ("FR", "IT", "ES", "PT", "PL")
    ]
    session.commit()
    html, _ = preview(browse("carl"), abroad, f"partner-{cast.partnerships['kansai'].id}")
    (said,) = re.findall(r'<li data-against="geography">(.*)</li>', html)
    assert said.startswith("5 leads:") and said.count("No territory covers") == 3
    assert said.endswith("And 2 more, each beside its lead below.")

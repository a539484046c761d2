"""Why a lead went where it went, and letting a waiting one go."""

from __future__ import annotations

import json
import re

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import clock_now
from app.domain.consent import ConsentScope
from app.domain.distribution import DeclineReason
from app.domain.leads import LeadState
from app.domain.partners import PartnershipStatus
from app.models import Lead, Offer, RoutingDecision
from app.services.claims import claim_offer, decline_offer
from app.services.deadlines import enforce_deadlines
from app.services.lead_routing import route_lead
from tests import factories
from tests.boards import offer_to, put_on_board
from tests.browsing import HTMX, Browse
from tests.cast import Cast
from tests.conftest import TimeMachine


@pytest.fixture
def nurtured(session: Session, cast: Cast) -> Lead:
    """A lead whose score is too low to be released."""
    lead = factories.lead(session, cast.acme, [cast.products["pump"]], score=10)
    session.commit()
    route_lead(lead_id=lead.id)
    return lead


@pytest.mark.covers("A-01")
@pytest.mark.parametrize("name", ["ada", "carl", "arne", "ines", "vera"])
def test_when_to_whom_and_why(browse: Browse, session: Session, cast: Cast, name: str) -> None:
    lead = put_on_board(session, cast, country="JP", subdivision="JP-27", postal_code="530-0001")
    page = browse(name).get(f"/leads/{lead.id}/routing").text
    for said in ("The lead came in", "Board", "offered to 1 partner", "Kansai", "1 partner has no territory here"):
        assert said in page
    assert "Nordwind" in page
    assert "covers JP-27" in page


def test_who_became_a_partner_later_was_not_passed_over(browse: Browse, session: Session, cast: Cast) -> None:
    lead = put_on_board(session, cast, country="JP", subdivision="JP-27", postal_code="530-0001")
    newcomer = factories.organisation(session, "Newcomer", cast.nordwind.kind)
    factories.partnership(session, cast.acme, newcomer, cast.tiers["gold"])
    session.commit()
    page = browse("ada").get(f"/leads/{lead.id}/routing").text
    assert ("1 partner has no territory here" in page, "Newcomer" in page) == (True, False)


@pytest.mark.covers("A-01", "A-02")
def test_every_rule_that_failed_is_named_with_its_values(browse: Browse, session: Session, cast: Cast) -> None:
    lead = factories.lead(session, cast.acme, [cast.products["robot"]])
    session.commit()
    route_lead(lead_id=lead.id)
    page = browse("carl").get(f"/leads/{lead.id}/routing").text
    assert "The tier silver is below the minimum gold." in page
    assert "Certified for ROBOT until" in page
    eligible = browse("carl").get(f"/leads/{lead.id}/routing?show=eligible").text
    assert (eligible.count("data-partner="), 'data-partner="P-nordwind' in eligible) == (1, True)
    others = browse("carl").get(f"/leads/{lead.id}/routing?show=not&search=kans").text
    assert (others.count("data-partner="), 'data-partner="P-kansai' in others) == (1, True)
    assert browse("carl").get(f"/leads/{lead.id}/routing?search=nobody").text.count("data-partner=") == 0


def test_rounds_show_answers_and_the_ranking(browse: Browse, session: Session, cast: Cast, clock: TimeMachine) -> None:
    lead = put_on_board(session, cast)
    clock.pass_time(hours=3)
    enforce_deadlines()
    asked = session.scalars(select(Offer).where(Offer.lead_id == lead.id, Offer.is_exclusive)).one()
    name = "nora" if asked.partner_id == cast.nordwind.id else "kenji"
    decline_offer(offer_id=asked.id, actor=cast.viewer(name), reason=DeclineReason.TOO_SMALL, note="One pump only")
    page = browse("ada").get(f"/leads/{lead.id}/routing").text
    assert page.index('data-round="board"') < page.index('data-round="push"')
    for said in ("Nobody answered in time", "Too small", "One pump only", "Why ", "Free capacity", "Nearness"):
        assert said in page


def test_earlier_decisions_can_be_looked_at(browse: Browse, session: Session, cast: Cast, clock: TimeMachine) -> None:
    lead = put_on_board(session, cast)
    claim_offer(offer_id=offer_to(session, lead, cast.partnerships["nordwind"]).id, actor=cast.viewer("nora"))
    first = session.scalars(select(RoutingDecision.id).where(RoutingDecision.lead_id == lead.id)).first()
    answer = browse("ada").get(f"/leads/{lead.id}/routing?decision={first}&page=99&show=sideways")
    assert (answer.status_code, "Claimed on the board" in answer.text) == (200, True)
    assert browse("ada").get(f"/leads/{lead.id}/routing?decision=x&page=-1").status_code == 200


def test_ten_thousand_partnerships_are_not_all_drawn(browse: Browse, session: Session, cast: Cast) -> None:
    lead = put_on_board(session, cast)
    decision = session.scalars(select(RoutingDecision).where(RoutingDecision.lead_id == lead.id)).one()
    one = decision.considered[0]
    for number in range(60):
        made = factories.partnership(
            session,
            cast.acme,
            factories.organisation(session, f"Partner {number}", cast.nordwind.kind),
            cast.tiers["gold"],
        )
        decision.considered = [*decision.considered, {**one, "partnership_id": made.id}]
    session.flush()
    decision.decided_at = session.scalar(select(clock_now()))
    session.commit()
    page = browse("ada").get(f"/leads/{lead.id}/routing").text
    assert (page.count("data-partner="), "62 partners, page 1 of 2" in page) == (50, True)
    assert browse("ada").get(f"/leads/{lead.id}/routing?page=2").text.count("data-partner=") == 12


@pytest.mark.parametrize(("name", "status"), [("gina", 404), ("nora", 403), ("rita", 403), (None, 303)])
def test_others_do_not_see_it(browse: Browse, session: Session, cast: Cast, name: str | None, status: int) -> None:
    lead = put_on_board(session, cast)
    assert browse(name).get(f"/leads/{lead.id}/routing").status_code == status


@pytest.mark.covers("B-09")
def test_a_nurtured_lead_is_released_with_a_reason(browse: Browse, session: Session, nurtured: Lead) -> None:
    carl = browse("carl")
    assert "Release to partners" in carl.get(f"/leads/{nurtured.id}/release").text
    answer = carl.post(f"/leads/{nurtured.id}/release", data={"reason": "They called again"})
    assert (answer.status_code, answer.location) == (303, f"/leads/{nurtured.id}/routing")
    assert session.get_one(Lead, nurtured.id, populate_existing=True).state is LeadState.DISTRIBUTING
    page = carl.get(answer.location).text
    assert "A person released it" in page
    assert "Released: below is where it went." in page


def test_a_release_to_nobody_says_so(browse: Browse, session: Session, cast: Cast) -> None:
    lead = factories.lead(session, cast.acme, [cast.products["pump"]], score=10, country="US", subdivision="US-TX")
    session.commit()
    route_lead(lead_id=lead.id)
    carl = browse("carl")
    answer = carl.post(f"/leads/{lead.id}/release", data={"reason": "They called again"})
    page = carl.get(answer.location).text
    assert "Released, but no partner may have it" in page
    assert "below is where it went" not in page


def test_a_release_needs_a_reason(browse: Browse, session: Session, nurtured: Lead) -> None:
    answer = browse("carl").post(f"/leads/{nurtured.id}/release", data={"reason": " "})
    assert (answer.status_code, 'id="release"' in answer.text) == (422, True)
    assert session.get_one(Lead, nurtured.id, populate_existing=True).state is LeadState.NURTURING


def test_a_lead_that_does_not_wait_is_not_released(browse: Browse, session: Session, cast: Cast) -> None:
    lead = put_on_board(session, cast)
    answer = browse("ada").post(f"/leads/{lead.id}/release", data={"reason": "x"})
    assert (answer.status_code, "not waiting" in answer.text) == (409, True)


def test_without_consent_nothing_is_released(browse: Browse, session: Session, cast: Cast) -> None:
    lead = factories.lead(session, cast.acme, [cast.products["pump"]], consent=ConsentScope.NONE)
    session.commit()
    route_lead(lead_id=lead.id)
    answer = browse("ada").post(f"/leads/{lead.id}/release", data={"reason": "x"})
    assert (answer.status_code, "Ask the prospect for consent first" in answer.text) == (409, True)


@pytest.mark.parametrize(("name", "status"), [("gina", 404), ("vera", 403), ("arne", 403), ("nora", 403), (None, 303)])
def test_others_do_not_release(browse: Browse, nurtured: Lead, name: str | None, status: int) -> None:
    assert browse(name).get(f"/leads/{nurtured.id}/release").status_code == status
    assert browse(name).post(f"/leads/{nurtured.id}/release", data={"reason": "x"}).status_code == status


def test_htmx_is_told_where_to_go(browse: Browse, nurtured: Lead) -> None:
    answer = browse("ada").post(f"/leads/{nurtured.id}/release", data={"reason": "x"}, headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, f"/leads/{nurtured.id}/routing")


@pytest.mark.covers("A-01")
def test_the_command_prints_one_line_per_lead(app: Flask, session: Session, cast: Cast, nurtured: Lead) -> None:
    nurtured.external_id = "A-1"
    put_on_board(session, cast, external_id="A-2", country="JP", subdivision="JP-27")
    session.commit()
    run = app.test_cli_runner().invoke(args=["leads", "routing", "--manufacturer", "Acme", "--format", "jsonl"])
    first, second = map(json.loads, run.output.splitlines())
    nordwind, kansai = (cast.partnerships[name].code for name in ("nordwind", "kansai"))
    assert first | {"reasons": 1} == {
        "external_id": "A-1",
        "status": "nurturing",
        "round": None,
        "eligible": sorted([nordwind, kansai]),
        "account": None,
        "match_level": "none",
        "owner": None,
        "review_reason": None,
        "hot": False,
        "reasons": 1,
    }
    assert "score" in first["reasons"][0]
    assert (second["status"], second["round"], second["eligible"], second["hot"]) == (
        "distributing",
        "board",
        [kansai],
        True,
    )
    table = app.test_cli_runner().invoke(args=["leads", "routing", "--manufacturer", "Acme"])
    assert "A-2" in table.output
    assert first["reasons"][0] in table.output
    missing = app.test_cli_runner().invoke(args=["leads", "routing", "--manufacturer", "Nobody"])
    assert (missing.exit_code, "There is no manufacturer" in missing.output) == (1, True)


@pytest.mark.covers("A-02", "A-03")
def test_a_lead_nobody_may_have_says_what_stopped_the_partners_and_where_that_is_changed(
    browse: Browse, session: Session, cast: Cast
) -> None:
    lead = factories.lead(session, cast.acme, [cast.products["pump"]], country="FR", subdivision=None)
    session.commit()
    route_lead(lead_id=lead.id)
    page = browse("ada").get(f"/leads/{lead.id}/routing").text
    row = page[page.index('data-stopped="geography"') :].partition("</tr>")[0]
    assert "<strong>2</strong>" in row and 'href="/territories"' in row
    assert "All 0" not in page


@pytest.mark.covers("A-02")
def test_each_partner_counts_by_the_first_rule_that_stopped_it(browse: Browse, session: Session, cast: Cast) -> None:
    lead = factories.lead(session, cast.acme, [cast.products["robot"]])
    cast.partnerships["nordwind"].status = PartnershipStatus.SUSPENDED
    session.commit()
    route_lead(lead_id=lead.id)
    page = browse("ada").get(f"/leads/{lead.id}/routing").text
    stopped = dict(re.findall(r'data-stopped="(\w+)"><td class="number"><strong>(\d+)', page))
    assert stopped == {"contract": "1", "tier": "1"}

"""Seeing how a partner answers: the partner itself, its manufacturer, the list for the quarterly review."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.audit import EventKind
from app.domain.response_score import ResponseKind
from app.models import Event, Lead, ManufacturerSettings, TerritoryReview
from app.services.distribution.assigning import assign_lead
from app.services.response_noting import note_response
from app.services.response_scores import settle_responses
from tests.boards import put_on_board
from tests.browsing import Browse
from tests.cast import Cast
from tests.conftest import TimeMachine


@pytest.mark.covers("W-14", "U-01")
def test_a_partner_sees_its_score_each_entry_and_how_to_mend_it(browse: Browse, cast: Cast, silent_lead: Lead) -> None:
    page = browse("nils").get("/response-score").text
    for words in ("Two pumps for Bremen", silent_lead.reference, "You cannot claim leads of Acme until"):
        assert words in page
    assert "Points missing to 70: 25." in page
    assert "A loss lapses after" in page
    assert "/response-score" in browse("nora").get("/board").text
    assert 'href="/response-score"' not in browse("carl").get("/partners").text


@pytest.mark.covers("W-14", "B-06")
def test_a_lead_given_by_hand_counts_as_got_and_brings_no_points(browse: Browse, cast: Cast, session: Session) -> None:
    lead, own = put_on_board(session, cast), cast.partnerships["nordwind"].id
    assign_lead(lead_id=lead.id, actor=cast.viewer("carl"), reason="They know it", partnership_id=own)
    page = browse("nora").get(f"/response-score/{own}").text
    assert re.search(r"Leads it got<.*1 lead .*taken or given by hand", page)
    assert "Nothing yet" in page


@pytest.mark.covers("W-14")
def test_nobody_sees_the_score_of_another_partner(browse: Browse, cast: Cast) -> None:
    own, other = (cast.partnerships[name].id for name in ("nordwind", "kansai"))
    assert browse("nora").get(f"/response-score/{own}").status_code == 200
    assert browse("nora").get(f"/response-score/{other}").status_code == 404
    assert browse("rita").get(f"/response-score/{own}").status_code == 404
    assert browse("ada").get(f"/response-score/{own}").status_code == 403
    assert browse("gina").get(f"/partners/{own}/response").status_code == 404
    assert browse("nora").get(f"/partners/{own}/response").status_code == 403
    assert browse(None).get("/response-score").location.startswith("/log-in")


@pytest.mark.covers("W-15", "U-01")
def test_the_board_says_what_a_low_score_means(browse: Browse, cast: Cast, silent_lead: Lead) -> None:
    board = browse("nora").get("/board").text
    assert "Your response score at Acme is 45" in board
    assert f"/response-score/{cast.partnerships['nordwind'].id}" in board
    assert "Your response score at" not in browse("kenji").get("/board").text


def test_entries_come_in_pages_the_latest_first_and_lapsed_ones_are_struck_out(
    browse: Browse, cast: Cast, session: Session, clock: TimeMachine
) -> None:
    nordwind = cast.partnerships["nordwind"].id
    note_response(session, nordwind, ResponseKind.SILENT, None, "silent:old")
    session.commit()
    clock.pass_time(days=91)
    for number in range(15):
        note_response(session, nordwind, ResponseKind.ACCEPTED, None, f"accepted:{number}")
    session.commit()
    settle_responses()
    first = browse("nora").get("/response-score").text
    assert "Page 1 of 2" in first and "has lapsed" not in first
    second = browse("nora").get(f"/response-score/{nordwind}?page=2").text
    assert "has lapsed" in second
    assert "Page 2 of 2" in browse("nora").get(f"/response-score/{nordwind}?page=99").text


def test_a_manufacturer_that_keeps_no_score_says_so(browse: Browse, cast: Cast, session: Session) -> None:
    session.get_one(ManufacturerSettings, cast.acme.id).is_response_scored = False
    session.commit()
    assert "Acme keeps no response score" in browse("nora").get("/response-score").text
    assert "switched off in the settings" in browse("ada").get("/response-scores").text


@pytest.mark.covers("W-14", "R-03")
def test_the_manufacturer_sees_who_is_slow_and_what_waits_for_it(
    browse: Browse, cast: Cast, review: TerritoryReview
) -> None:
    page = browse("vera").get("/response-scores").text
    assert "Nordwind" in page and "Kansai" not in page
    assert f"/territory-reviews/{review.id}" in page
    everybody = browse("vera").get("/response-scores?show=all&sort=answer_time").text
    assert "Nordwind" in everybody and "Kansai" in everybody
    partner = browse("vera").get(f"/partners/{cast.partnerships['nordwind'].id}/response").text
    assert "Two pumps for Bremen" in partner
    assert "lift-form" in partner and "Let it claim again" not in partner
    assert "Nordwind" not in browse("gina").get("/response-scores?show=all").text
    assert browse("nora").get("/response-scores").status_code == 403


@pytest.mark.covers("W-14", "R-03")
def test_the_list_is_a_file_for_the_quarterly_review_and_that_is_kept(
    browse: Browse, cast: Cast, session: Session, silent_lead: Lead
) -> None:
    answer = browse("vera").post("/response-scores/export?show=all&sort=score")
    lines = answer.get_data().decode("utf-8-sig").splitlines()
    assert answer.mimetype == "text/csv"
    assert [line.split(",")[1:3] for line in lines[1:]] == [["Nordwind", "45"], ["Kansai", "100"]]
    told = session.scalars(select(Event.data).where(Event.kind == EventKind.DATA_EXPORTED)).one()
    assert told == {"name": "response-scores", "format": "csv", "count": 2}
    assert browse(None).post("/response-scores/export").location == "/log-in"
    assert browse("nora").post("/response-scores/export").status_code == 403
    assert "Nordwind" not in browse("gina").post("/response-scores/export?show=all").text

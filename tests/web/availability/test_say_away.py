"""Saying that somebody is away, and back: on the page of absences, and on the board in two taps."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.availability import AbsenceKind
from app.models import Absence
from tests.boards import put_on_board
from tests.browsing import HTMX, Browse
from tests.cast import Cast
from tests.silences import reserved

PATH = "/account/absences"
LAST_DAY = "2099-08-14"


def said(session: Session) -> list[Absence]:
    return list(session.scalars(select(Absence).order_by(Absence.id).execution_options(populate_existing=True)))


def mine(cast: Cast, name: str, **values: str) -> dict[str, str]:
    return {"whose": str(cast.people[name].id), "kind": "vacation", "ends_at": LAST_DAY, **values}


@pytest.mark.covers("W-17")
@pytest.mark.parametrize(("name", "deputy"), [("nora", "nils"), ("carl", "ines"), ("vera", "ada")])
def test_works(browse: Browse, session: Session, cast: Cast, name: str, deputy: str) -> None:
    deputy_id = cast.people[deputy].id
    answer = browse(name).post(PATH, data=mine(cast, name, deputy_id=str(deputy_id)))
    assert (answer.status_code, answer.location) == (303, PATH)
    [absence] = said(session)
    assert (absence.kind, absence.deputy_id) == (AbsenceKind.VACATION, deputy_id)
    page = browse(name).get(PATH).text
    assert f"{deputy.capitalize()} stands in" in page
    assert "Back again" in page


@pytest.mark.covers("T-15")
def test_two_taps_on_the_board_mean_oneself_and_one_to_come_back(browse: Browse, session: Session, cast: Cast) -> None:
    put_on_board(session, cast)
    nora = browse("nora")
    board = nora.get("/board").text
    assert f'name="whose" value="{cast.people["nora"].id}"' in board, "not the whole company, whoever taps"
    assert 'value="whole"' not in board
    answer = nora.post(PATH, data={"whose": cast.people["nora"].id, "kind": "not_this_week", "back": "board"})
    assert answer.location == "/board"
    [absence] = said(session)
    assert absence.user_id == cast.people["nora"].id
    board = nora.get("/board").text
    assert "You are away: Not this week" in board
    assert "Leads offered to your company alone still come" in board
    assert "Industrial pumps" in board
    assert nora.post(f"{PATH}/{absence.id}/end", data={"back": "board"}).location == "/board"
    assert "You are away" not in nora.get("/board").text


@pytest.mark.covers("T-15", "W-17")
def test_the_whole_company_is_away_only_after_a_second_look(browse: Browse, session: Session, cast: Cast) -> None:
    reserved(session, cast)
    nora = browse("nora")
    assert f'href="{PATH}?whose=whole"' in nora.get("/board").text
    assert f'href="{PATH}?whose=whole"' not in browse("nils").get("/board").text
    wanted = {"whose": "whole", "kind": "pause", "back": "board"}
    first = nora.post(PATH, data=wanted)
    assert (first.status_code, said(session)) == (422, [])
    assert "It is so for all 2 people of your company." in first.text
    assert "1 lead is offered to it alone already and stays open" in first.text
    assert nora.post(PATH, data={**wanted, "is_sure": "yes"}).location == "/board"
    board = browse("nils").get("/board").text
    assert "Your company is away: Paused" in board and "said by Nora" in board
    assert "What is offered to it already, below, stays open" in board
    assert "away-end-" not in board, "who may say it may end it"
    assert "said by Nora" in browse("carl").get(f"/partners/{cast.partnerships['nordwind'].id}").text
    assert "away-end-" in nora.get("/board").text


def test_one_person_says_it_for_himself(browse: Browse, session: Session, cast: Cast) -> None:
    nils = browse("nils")
    whose = str(cast.people["nils"].id)
    assert f'name="whose" value="{whose}"' in nils.get("/board").text
    nils.post(PATH, data={"whose": whose, "kind": "not_this_week", "back": "board"})
    assert "You are away: Not this week" in nils.get("/board").text
    assert "away" not in browse("nora").get("/board").text.partition("<main")[2].partition("Save view")[0]


@pytest.mark.parametrize("path", [PATH, f"{PATH}/1/end"])
def test_anonymous_is_asked_to_log_in(browse: Browse, cast: Cast, path: str) -> None:
    answer = browse(None).post(path)
    assert answer.status_code == 303
    assert "/log-in" in answer.location


@pytest.mark.parametrize("name", ["kenji", "rita", "gina"])
def test_outsiders_find_nothing(browse: Browse, session: Session, cast: Cast, name: str) -> None:
    browse("nora").post(PATH, data=mine(cast, "nora"))
    [absence] = said(session)
    assert browse(name).post(f"{PATH}/{absence.id}/end").status_code == 404
    assert "Nora" not in browse(name).get(PATH).text


def test_only_a_head_speaks_for_others(browse: Browse, session: Session, cast: Cast) -> None:
    browse("nora").post(PATH, data={"whose": "whole", "kind": "pause", "is_sure": "yes"})
    [absence] = said(session)
    assert browse("nils").post(f"{PATH}/{absence.id}/end").status_code == 403
    assert browse("nils").post(PATH, data={"whose": "whole", "kind": "pause"}).status_code == 422
    assert browse("nils").post(PATH, data=mine(cast, "nora")).status_code == 422
    assert browse("nora").post(PATH, data=mine(cast, "nils")).status_code == 303


@pytest.mark.parametrize(
    "values",
    [
        {"kind": ""},
        {"kind": "bored"},
        {"ends_at": ""},
        {"ends_at": "2001-01-01"},
        {"ends_at": "soon"},
        {"ends_at": "9999-12-31"},
        {"starts_at": "0001-01-01"},
        {"deputy_id": "7"},
    ],
)
def test_bad_input_shows_the_form_again(browse: Browse, session: Session, cast: Cast, values: dict[str, str]) -> None:
    answer = browse("nora").post(PATH, data=mine(cast, "nora", **values))
    assert answer.status_code == 422
    assert 'id="form-errors"' in answer.text
    assert said(session) == []


def test_htmx_is_told_where_to_go_and_a_browser_is_sent(browse: Browse, cast: Cast) -> None:
    answer = browse("nora").post(PATH, data=mine(cast, "nora"), headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, PATH)
    assert browse("nora").post(PATH, data=mine(cast, "nora")).status_code == 303

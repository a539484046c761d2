"""The simulation page: both sides of the same leads."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.database import read_clock
from tests import factories
from tests.boards import put_on_board
from tests.browsing import Browse
from tests.cast import Cast

URL = "/plan/simulation"


@pytest.fixture
def past(session: Session, cast: Cast) -> None:
    """Two leads that Nordwind had."""
    for _ in range(2):
        lead = put_on_board(session, cast, received_at=read_clock(session))
        factories.assignment(session, lead, partnership=cast.partnerships["nordwind"])
    session.commit()


@pytest.mark.covers("T-27", "C-01")
@pytest.mark.usefixtures("past")
def test_both_sides_stand_beside_each_other(browse: Browse, cast: Cast) -> None:
    page = browse("carl").get(URL, query_string={"overlap": "round_robin", "period": "30"})
    assert page.status_code == 200
    assert "2 leads, given out twice" in page.text
    assert "1 would have had another partner" in page.text
    for name in ("nordwind", "kansai"):
        assert cast.partnerships[name].name in page.text
    assert "Gini coefficient" in page.text
    assert "What the simulation assumes" in page.text
    assert cast.partnerships["rival"].name not in page.text


@pytest.mark.usefixtures("past")
def test_at_first_the_present_plan_is_replayed_and_the_plan_leads_there(browse: Browse) -> None:
    page = browse("ada").get(URL)
    assert '<option selected value="weighted">' in page.text
    assert "2 leads, given out twice" in page.text
    assert f'href="{URL}"' in browse("ada").get("/plan").text
    assert f'href="{URL}"' not in browse("vera").get("/plan").text


@pytest.mark.usefixtures("past")
@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ({}, "By the weighted ranking, as in force"),
        ({"weight_tier": "90"}, "By the weighted ranking, with other numbers"),
        ({"overlap": "nearest"}, "Who is nearest"),
    ],
)
def test_it_names_the_policy_in_force_and_the_one_replayed(
    browse: Browse, cast: Cast, asked: dict[str, str], name: str
) -> None:
    page = browse("ada").get(URL, query_string=asked).text
    assert f"<h1>Simulation: {name}</h1>" in page
    assert ">By the weighted ranking</a>." in page[page.index("In force, version 1 of the plan:") :]
    assert page.count(f">Replayed: {name}</th>") == 2
    header = browse("ada").get(f"{URL}/partners.csv", query_string=asked).data.decode("utf-8-sig").splitlines()[0]
    assert f"Replayed: {name}" in header


@pytest.mark.usefixtures("past")
def test_the_partners_as_a_file(browse: Browse, cast: Cast) -> None:
    cast.partnerships["kansai"].name = "=HYPERLINK(1)"
    answer = browse("ada").get(f"{URL}/partners.csv", query_string={"overlap": "round_robin"})
    assert answer.mimetype == "text/csv"
    _, *lines = answer.data.decode("utf-8-sig").splitlines()
    assert sorted(line.split(",")[1:] for line in lines) == [["'=HYPERLINK(1)", "0", "1"], ["Nordwind", "2", "1"]]


@pytest.mark.parametrize("url", [URL, f"{URL}/partners.csv"])
@pytest.mark.parametrize(("name", "status"), [(None, 303), ("vera", 403), ("ines", 403), ("arne", 403), ("nora", 403)])
def test_it_is_for_those_who_make_the_plan(browse: Browse, url: str, name: str | None, status: int) -> None:
    assert browse(name).get(url).status_code == status


@pytest.mark.parametrize(
    "bad",
    [
        {"period": "days"},
        {"period": "days", "first_on": "2026-03-02", "last_on": "2026-03-01"},
        {"period": "7"},
        {"overlap": "chance"},
        {"fairness_every": "101"},
        {"weight_tier": "-1"},
    ],
)
@pytest.mark.parametrize("url", [URL, f"{URL}/partners.csv"])
def test_what_cannot_be_simulated_comes_back_with_the_form(browse: Browse, url: str, bad: dict[str, str]) -> None:
    answer = browse("ada").get(url, query_string=bad)
    assert answer.status_code == 422
    assert 'id="form-errors"' in answer.text


@pytest.mark.usefixtures("past")
def test_an_empty_time_says_what_to_do(browse: Browse) -> None:
    page = browse("ada").get(URL, query_string={"period": "days", "first_on": "2020-01-01", "last_on": "2020-01-31"})
    assert page.status_code == 200
    assert "No lead to replay" in page.text
    assert "Choose a longer time." in page.text


@pytest.mark.usefixtures("past")
def test_another_manufacturer_sees_its_own_leads_alone(browse: Browse) -> None:
    assert "No lead to replay" in browse("gina").get(URL).text

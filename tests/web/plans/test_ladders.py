"""The escalation ladder of a round on screen: its own steps or the plan's, each on its clock."""

from __future__ import annotations

import re

import pytest
from sqlalchemy.orm import Session

from app.domain.deadlines import Clock, Span
from app.domain.distribution import RoundKind
from app.domain.escalation import EscalationAction, EscalationLadder, LadderStep
from app.queries.manufacturers import plan_of_lead
from tests.browsing import Browse
from tests.cast import Cast
from tests.web.plans.drawn import current, filled

ALERT_SALES, ALERT_CHANNEL = EscalationAction.ALERT_SALES_MANAGER, EscalationAction.ALERT_CHANNEL_MANAGER


@pytest.mark.covers("W-02", "W-03", "W-04", "W-05")
def test_a_round_has_steps_of_its_own_on_the_clock_that_is_chosen(browse: Browse, cast: Cast, session: Session) -> None:
    browser = browse("carl")
    form = filled(browser) | {
        "owner_ladder": "own",
        "owner_alert_sales_manager_after": "3h",
        "owner_alert_sales_manager_hot_after": "20m",
        "owner_alert_sales_manager_hot_clock": "wall",
        "board_hot_window": "90m",
        "board_hot_clock": "working",
        "board_alert_channel_manager_is_on": "y",
        "board_alert_channel_manager_after": "1d",
        "board_alert_channel_manager_clock": "wall",
    }
    del form["owner_re_route_is_on"]
    assert browser.post("/plan/edit", data=form).status_code == 303
    lines = {line.kind: line for line in plan_of_lead(session, current(session, cast).id).rounds}
    assert lines[RoundKind.OWNER].ladder == EscalationLadder(
        (
            LadderStep(ALERT_SALES, Span(minutes=180), Span(minutes=20, clock=Clock.WALL)),
            LadderStep(ALERT_CHANNEL, Span(minutes=480), Span(minutes=15)),
        )
    )
    a_day = Span(days=1, clock=Clock.WALL)
    assert lines[RoundKind.BOARD].ladder == EscalationLadder((LadderStep(ALERT_CHANNEL, a_day, a_day),))
    assert lines[RoundKind.BOARD].hot_window == Span(minutes=90)
    assert lines[RoundKind.PUSH].ladder is lines[RoundKind.DIRECT].ladder is None
    told = browse("ada").get("/audit").text
    assert "hot leads: after 20 min around the clock" in told
    assert "Tell the channel manager after 1 day around the clock" in browser.get("/plan").text
    drawn = filled(browser)
    assert (drawn["owner_ladder"], drawn["push_ladder"]) == ("own", "plan")
    assert (drawn["owner_alert_sales_manager_hot_after"], drawn["owner_alert_sales_manager_hot_clock"]) == (
        "20m",
        "wall",
    )
    assert "owner_re_route_is_on" not in drawn
    assert drawn["board_alert_channel_manager_clock"] == "wall"


@pytest.mark.parametrize(
    ("wrong", "field", "place"),
    [
        (
            {"owner_ladder": "own", "owner_alert_channel_manager_after": "1h"},
            "owner_alert_channel_manager_after",
            "Round 1 (Owner), Tell the channel manager · After",
        ),
        (
            {"owner_ladder": "own", "owner_re_route_hot_after": "10m"},
            "owner_re_route_hot_after",
            "Round 1 (Owner), Give the lead to somebody else · Hot leads: after",
        ),
        (
            {"board_alert_channel_manager_is_on": "y"},
            "board_alert_channel_manager_after",
            "Round 2 (Board), Tell the channel manager · After",
        ),
        (
            {"direct_alert_channel_manager_is_on": "y", "direct_alert_channel_manager_after": "91d"},
            "direct_alert_channel_manager_after",
            "Round 5 (Direct queue), Tell the channel manager · After",
        ),
        (
            {"owner_alert_sales_manager_hot_clock": "moon"},
            "owner_alert_sales_manager_hot_clock",
            "Round 1 (Owner), Tell the partner&#39;s sales manager · Hot leads: counted",
        ),
        (
            {"alert_channel_manager_after": "30m"},
            "alert_channel_manager_after",
            "When nobody acts, Tell the channel manager · After",
        ),
        (
            {"re_route_hot_after": "2500h"},
            "re_route_hot_after",
            "When nobody acts, Give the lead to somebody else · Hot leads: after",
        ),
    ],
)
def test_a_wrong_step_is_shown_where_it_stands_and_named_in_the_summary(
    browse: Browse, cast: Cast, session: Session, wrong: dict[str, str], field: str, place: str
) -> None:
    browser = browse("carl")
    answer = browser.post("/plan/edit", data=filled(browser) | wrong)
    assert answer.status_code == 422
    assert re.findall(r'id="([\w-]+)-error"', answer.text) == [field]
    assert f'<a href="#{field}">{place}</a>' in answer.text
    opened = re.findall(r'id="settings-(\w+)" open', answer.text)
    assert field.partition("_")[0] in opened or opened == ["ladder"]
    assert current(session, cast).version == 1


def test_all_faults_are_told_at_once(browse: Browse, cast: Cast) -> None:
    browser = browse("carl")
    wrong = {"owner_ladder": "own", "owner_alert_channel_manager_after": "1h", "alert_channel_manager_after": "2h"}
    answer = browser.post("/plan/edit", data=filled(browser) | wrong | {"push_window": "a while"})
    assert answer.status_code == 422
    summary = answer.text[answer.text.index('id="form-errors"') : answer.text.index('id="round-owner"')]
    told = re.findall(r'href="#(\w+)"', summary)
    assert sorted(told) == ["alert_channel_manager_after", "owner_alert_channel_manager_after", "push_window"]
    assert "3 things need another look" in summary


def test_only_the_sections_that_were_edited_are_open(browse: Browse, cast: Cast) -> None:
    browser = browse("carl")
    assert 'id="settings-owner"' in (page := browser.get("/plan/edit").text)
    assert not re.findall(r'id="settings-(\w+)" open', page)
    owner = "4h of working time; hot leads: 5m; given to somebody else after 24h, hot leads: 1h"
    for summary in (owner, "Steps after 4h, 8h, 24h", "until the working day ends"):
        assert f"<summary>{summary}</summary>" in page
    edited = filled(browser) | {"push_max_offers": "5", "overlap": "nearest"}
    for url in ("/plan/try", "/plan/order"):
        page = browser.post(url, data=edited | {"move": "down:owner"}).text
        assert re.findall(r'id="settings-(\w+)" open', page) == ["push", "choice"]


def test_the_form_shows_head_starts_and_caps_and_where_they_are_changed(browse: Browse, cast: Cast) -> None:
    cast.tiers["gold"].max_claims_per_day = 7
    page = browse("carl").get("/plan/edit").text
    assert "5 open claims at most, 7 a day" in page
    assert 'href="/settings#tiers"' in page

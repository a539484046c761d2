"""The distribution plan on screen: read, rearranged, tried, saved, compared, brought back."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.distribution import ROUND_STEPS, RoundKind
from app.domain.escalation import EscalationAction
from app.domain.ranking import RankingPart
from app.models import DistributionPlan, Event, Offer
from app.queries.manufacturers import manufacturer_rules
from app.services.lead_routing import route_lead
from tests import factories
from tests.browsing import HTMX, Browse
from tests.cast import Cast
from tests.web.network_actions import NetworkAction, WithForm
from tests.web.plans.drawn import current, filled


@pytest.fixture
def form(browse: Browse) -> dict[str, Any]:
    return filled(browse("carl"))


LADDERS = [("", EscalationAction), *((f"{kind.value}_", ROUND_STEPS[kind]) for kind in RoundKind)]
CLOCKS = {
    f"{prefix}{action.value}_{clock}": "working"
    for prefix, actions in LADDERS
    for action in actions
    for clock in ("clock", "hot_clock")
}
FORM = {
    "order": "board,owner,push,registration,direct",
    "version": 1,
    "overlap": "round_robin",
    "fairness_every": 3,
    "newcomer_below": 4,
    "experience_score": "90",
    "experience_value": "",
    **{f"weight_{part.value}": 10 for part in RankingPart},
    "note": "Board first",
    **{f"{kind.value}_is_on": "y" for kind in RoundKind if kind is not RoundKind.REGISTRATION},
    **{f"{kind.value}_{name}": "" for kind in RoundKind for name in ("field_1", "field_2", "field_3", "strategic")},
    **{f"{kind.value}_operator_{number}": "is" for kind in RoundKind for number in (1, 2, 3)},
    "owner_window": "6h",
    "owner_clock": "working",
    "board_window": "1d 12h",
    "board_clock": "wall",
    "board_hot_window": "90m",
    "board_products": ["PUMP"],
    "board_areas": "de, us-ca",
    "board_min_value": "5000",
    "board_min_score": "60",
    "board_sources": ["phone", "web_form"],
    "board_strategic": "no",
    "board_field_1": "industry",
    "board_operator_1": "contains",
    "board_value_1": "medical, pharma",
    "push_window": "2h",
    "push_clock": "working",
    "push_max_offers": "5",
    "registration_window": "3d",
    "registration_clock": "working",
    "direct_window": "",
    "direct_clock": "same_day",
    **{f"{kind.value}_hot_clock": "wall" if kind is RoundKind.BOARD else "working" for kind in RoundKind},
    **CLOCKS,
    "owner_ladder": "plan",
    "push_ladder": "own",
    "push_alert_channel_manager_is_on": "y",
    "push_alert_channel_manager_after": "1h",
    "push_alert_channel_manager_hot_after": "10m",
    "push_alert_channel_manager_hot_clock": "wall",
    "board_alert_channel_manager_is_on": "y",
    "board_alert_channel_manager_after": "8h",
    "alert_sales_manager_is_on": "y",
    "alert_sales_manager_after": "2h",
    "alert_sales_manager_hot_after": "5m",
    "re_route_is_on": "y",
    "re_route_after": "2d",
    "re_route_hot_after": "1h",
}


@pytest.mark.covers("T-07", "T-10", "T-13", "T-14", "W-08")
class TestSave(NetworkAction, WithForm):
    form = FORM
    bad = {"board_window": "a while"}
    form_id = "plan-form"

    def url(self, cast: Cast) -> str:
        return "/plan/edit"

    def has_worked(self, cast: Cast, session: Session) -> bool:
        row = current(session, cast)
        return (row.version, row.overlap, row.fairness_every, row.note) == (2, "round_robin", 3, "Board first")


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


class TestRearrange(NetworkAction):
    form = FORM | {"move": "up:push"}

    def url(self, cast: Cast) -> str:
        return "/plan/order"

    def has_worked(self, cast: Cast, session: Session) -> bool:
        return current(session, cast).version != 1

    @pytest.mark.parametrize(
        ("move", "order"),
        [
            ("up:push", "board,push,owner,registration,direct"),
            ("down:push", "board,owner,registration,push,direct"),
            ("up:board", "board,owner,push,registration,direct"),
            ("down:direct", "board,owner,push,registration,direct"),
        ],
    )
    def test_works_for_a_channel_manager(  # type: ignore[override]
        self, browse: Browse, cast: Cast, session: Session, move: str, order: str
    ) -> None:
        answer = browse("carl").post("/plan/order", data=FORM | {"move": move})
        assert answer.status_code == 200
        assert f'value="{order}"' in answer.text
        assert 'value="1d 12h"' in answer.text
        assert not self.has_worked(cast, session)

    def test_htmx_gets_the_fragment_or_is_sent_on(self, browse: Browse, cast: Cast) -> None:
        answer = browse("ada").post("/plan/order", data=self.form, headers=HTMX)
        assert answer.status_code == 200
        assert "<html" not in answer.text

    @pytest.mark.parametrize("move", ["", "up:nothing", "sideways:push"])
    def test_bad_input_comes_back_with_the_form(self, browse: Browse, move: str) -> None:
        answer = browse("ada").post("/plan/order", data=FORM | {"move": move})
        assert answer.status_code == 422
        assert "Choose which round to move" in answer.text


def test_the_plan_is_read_as_sentences(browse: Browse) -> None:
    text = browse("vera").get("/plan").text
    for told in (
        "Reserved for the partner that owns the company, for 4 working hours.",
        "Hot leads: 2 hr around the clock.",
        "Partners asked in turn, at most: 3.",
        "Not for strategic accounts.",
        "the rest of the working day",
        "Tell the partner&#39;s sales manager after 4 working hours; hot leads: after 5 working minutes.",
        "Who is asked first: By the weighted ranking.",
    ):
        assert told in text
    assert "Change the plan" not in text
    assert "Change the plan" in browse("carl").get("/plan").text
    assert browse("nora").get("/plan").status_code == 403


def test_the_drawn_form_means_the_plan_itself(browse: Browse, cast: Cast, session: Session) -> None:
    form = filled(browse("carl"))
    assert form["owner_window"] == "4h"
    assert browse("carl").post("/plan/edit", data=form).status_code == 303
    assert current(session, cast).version == 1


def test_everything_that_was_entered_is_drawn_again(browse: Browse, cast: Cast, session: Session) -> None:
    browse("carl").post("/plan/edit", data=FORM)
    saved = current(session, cast).rounds
    form = filled(browse("carl")) | {"note": "once more"}
    assert (form["version"], form["board_areas"], form["board_min_value"]) == ("2", "DE, US-CA", "5000")
    assert (form["board_sources"], form["board_field_1"]) == (["web_form", "phone"], "industry")
    browse("carl").post("/plan/edit", data=form)
    assert current(session, cast).version == 2
    assert current(session, cast).rounds == saved


@pytest.mark.covers("T-11", "T-12", "T-24", "C-01")
def test_the_choice_is_saved_as_it_was_entered(browse: Browse, cast: Cast, session: Session) -> None:
    entered = {"overlap": "nearest", "newcomer_below": 7, "experience_score": "", "experience_value": "50000"}
    browse("carl").post("/plan/edit", data=FORM | entered | {"weight_tier": "0", "weight_nearness": "60"})
    row = current(session, cast)
    assert (row.overlap, row.fairness_every, row.newcomer_below) == ("nearest", 3, 7)
    assert row.experience == {"score": None, "value": {"cents": 5_000_000, "currency": "EUR"}}
    assert (row.weights["tier"], row.weights["nearness"], row.weights["rotation"]) == (0, 60, 10)
    form = filled(browse("carl"))
    assert (form["overlap"], form["experience_score"], form["experience_value"]) == ("nearest", "", "50000")
    assert (form["weight_tier"], form["weight_nearness"]) == ("0", "60")
    told = browse("vera").get("/plan").text
    for said in ("Who is asked first: Who is nearest.", "fewer than 7 leads", "From a value of", "Nearness 60"):
        assert said in told
    assert "Tier 0" not in told
    assert "for now push follows" not in told


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"board_field_1": "country", "board_operator_1": "at_least"}, "is no number"),
        ({"board_value_1": ""}, "Say what Industry is compared with"),
        ({"re_route_after": "1h"}, "must wait longer than the one before"),
        ({"push_max_offers": "0"}, "between 1 and 20"),
        ({"push_max_offers": ""}, "required"),
        ({"owner_window": "0h"}, "more than no time"),
        ({"owner_window": "100d"}, "at most 90 days"),
        ({"owner_window": ""}, "must not be empty"),
        ({f"{kind.value}_is_on": "" for kind in RoundKind}, "at least one round"),
        ({"overlap": "by_mood"}, "Not a valid choice"),
        ({"weight_tier": "101"}, "between 0 and 100"),
        ({"weight_tier": ""}, "required"),
        ({f"weight_{part.value}": "0" for part in RankingPart}, "At least one weight is more than 0."),
        ({"newcomer_below": "0"}, "between 1 and 1000"),
        ({"experience_score": "101"}, "between 0 and 100"),
    ],
)
def test_what_cannot_stand_is_said(
    browse: Browse, cast: Cast, session: Session, wrong: dict[str, str], told: str
) -> None:
    sent = {name: value for name, value in (FORM | wrong).items() if value or not name.endswith("is_on")}
    answer = browse("carl").post("/plan/edit", data=sent)
    assert answer.status_code == 422
    assert told in answer.text
    assert current(session, cast).version == 1


@pytest.mark.covers("W-10")
def test_a_lead_keeps_the_version_it_started_with(browse: Browse, cast: Cast, session: Session) -> None:
    lead = factories.lead(session, cast.acme, [cast.products["pump"]], score=80)
    session.commit()
    route_lead(lead_id=lead.id)
    first = lead.plan_id
    browse("carl").post("/plan/edit", data=FORM)
    assert (lead.plan_id, manufacturer_rules(session, cast.acme.id).plan_id != first) == (first, True)


def test_a_stale_plan_shows_both_versions(browse: Browse, cast: Cast, session: Session) -> None:
    browse("ada").post("/plan/edit", data=FORM)
    for headers in ({}, HTMX):
        answer = browse("carl").post("/plan/edit", data=FORM | {"owner_window": "9h"}, headers=headers)
        assert answer.status_code == 409
        assert "for 6 working hours" in answer.text
        assert "for 9 working hours" in answer.text
        assert 'name="version" type="hidden" value="2"' in answer.text
    assert current(session, cast).version == 2
    again = FORM | {"owner_window": "9h", "version": 2}
    assert browse("carl").post("/plan/edit", data=again).status_code == 303
    assert current(session, cast).version == 3


@pytest.mark.covers("A-01")
def test_the_trail_and_the_list_say_what_changed(browse: Browse, cast: Cast) -> None:
    browse("carl").post("/plan/edit", data=FORM)
    trail = browse("ada").get("/audit?feature=network").text
    for told in ("Carl (Acme) changed the distribution plan.", "Order of the rounds", "Board first", "medical, pharma"):
        assert told in trail
    listed = browse("vera").get("/plan").text
    assert "Order of the rounds, Board" in listed
    assert "“Board first”" in listed


def test_versions_are_compared_and_brought_back(browse: Browse, cast: Cast, session: Session) -> None:
    first = current(session, cast).id
    browse("carl").post("/plan/edit", data=FORM)
    second = current(session, cast).id
    assert "Only where Industry contains medical, pharma." in browse("vera").get(f"/plan/versions/{first}").text
    page = browse("carl").get(f"/plan/versions/{second}?with={first}").text
    assert "Compared with version 1" in page
    back = filled(browse("carl"), f"/plan/edit?from={first}")
    assert browse("carl").post("/plan/edit", data=back).status_code == 303
    newest = current(session, cast)
    assert (newest.version, newest.rounds) == (3, session.get_one(DistributionPlan, first).rounds)


@pytest.mark.parametrize("url", ["/plan/versions/{id}", "/plan/edit?from={id}", "/plan/versions/{own}?with={id}"])
def test_another_manufacturers_versions_are_not_there(browse: Browse, cast: Cast, session: Session, url: str) -> None:
    theirs = session.scalars(select(DistributionPlan.id).where(DistributionPlan.manufacturer_id == cast.globex.id))
    asked = url.format(id=theirs.one(), own=current(session, cast).id)
    assert browse("carl").get(asked).status_code == 404
    assert browse("carl").get("/plan/edit?from=1e9").status_code == 404


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

"""The distribution plan on screen: read, rearranged, saved, and what cannot stand in it."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.domain.distribution import RoundKind
from app.domain.ranking import RankingPart
from tests.browsing import HTMX, Browse
from tests.cast import Cast
from tests.web.network_actions import NetworkAction, WithForm
from tests.web.plans.drawn import current, filled
from tests.web.plans.entered import FORM


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
        "Reserved for the partner that owns the company.",
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
        ({"re_route_after": "1h"}, "Choose more than 2 working hours, or shorten the step before"),
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

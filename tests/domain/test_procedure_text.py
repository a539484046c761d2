"""The written procedure says what the rules do, and changes with them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.deadlines import Span
from app.domain.distribution import DistributionPlan, RoundKind, default_plan
from app.domain.escalation import EscalationLadder, default_ladder
from app.domain.plans import PlanDraft
from app.domain.procedure_text import ProcedureRules, procedure_parts
from app.domain.returns import ReturnRules
from app.domain.stalling import StallRules

RULES = ProcedureRules(
    plan=PlanDraft(rounds=default_plan(), contact_ladder=default_ladder()),
    contact=Span(minutes=4 * 60),
    hot_contact=Span(minutes=5),
    owner_contact=Span(minutes=120),
    stalling=StallRules(),
    returns=ReturnRules(),
    cool_down_hours=48,
)


def said(rules: ProcedureRules) -> dict[str, str]:
    return {part.key: " ".join(map(str, part.sentences)) for part in procedure_parts(rules)}


@pytest.mark.covers("W-08")
def test_it_says_how_long_is_too_long() -> None:
    text = said(RULES)
    for hours in (4, 8, 24):
        assert f"After {hours} working hours" in text["contact"]
    assert "within 4 working hours, a hot one within 5 working minutes" in text["contact"]
    for days in (14, 21, 30):
        assert f"After {days} days" in text["quiet"]
    assert "asked alone answers within 4 working hours" in text["answer"]


@pytest.mark.covers("W-08")
def test_a_time_that_holds_for_hot_leads_too_is_said_once() -> None:
    day = Span(days=1)
    steps = tuple(replace(step, hot_after=step.after) for step in default_ladder().steps)
    rounds = tuple(replace(line, window=day, hot_window=day, ladder=None) for line in default_plan().rounds)
    plan = PlanDraft(rounds=DistributionPlan(rounds), contact_ladder=EscalationLadder(steps))
    text = said(replace(RULES, plan=plan, contact=Span(is_same_day=True), hot_contact=Span(is_same_day=True)))
    assert "contacts the prospect within the rest of the working day." in text["contact"]
    assert "After 24 working hours the lead goes to somebody else." in text["contact"]
    assert "On the board a lead stays for 1 working day; then" in text["answer"]
    assert "hot" not in text["contact"] + text["answer"]


@pytest.mark.covers("W-09", "W-07")
def test_it_says_to_whom_a_lead_goes_in_which_order() -> None:
    text = said(RULES)["next"]
    places = [text.index(word) for word in ("backup partner", "next round", "direct queue for one", "by hand")]
    assert places == sorted(places)
    assert "Deal registration" not in text and "registration" not in text.lower()
    assert "48 hours" in said(RULES)["again"]


@pytest.mark.covers("W-10")
def test_it_says_that_it_holds_for_every_lead() -> None:
    assert "every lead and every partner" in said(RULES)["same"]


@pytest.mark.covers("W-08", "W-09")
def test_it_is_made_of_the_rules_in_force() -> None:
    rounds = tuple(
        replace(line, is_on=line.kind is not RoundKind.PUSH, window=Span(minutes=60)) for line in default_plan().rounds
    )
    changed = replace(
        RULES,
        plan=PlanDraft(rounds=DistributionPlan(rounds), contact_ladder=EscalationLadder(()), fairness_every=0),
        stalling=StallRules(7, 9, 11),
        returns=ReturnRules(attempts_until_unreachable=5),
        cool_down_hours=72,
    )
    text = said(changed)
    assert "asked alone answers" not in text["answer"] and "1 working hour" in text["answer"]
    assert "no further consequence" in text["contact"] and "After 4" not in text["contact"]
    assert "After 7 days" in text["quiet"] and "After 11 days" in text["quiet"]
    assert "5 logged attempts" in text["returns"] and "72 hours" in text["again"]
    assert "has had few leads" not in text["next"]

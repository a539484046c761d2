"""The distribution plan, and who sees a lead when."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.domain.deadlines import Clock, Span
from app.domain.distribution import (
    ROUND_STEPS,
    DistributionPlan,
    RoundKind,
    RoundPlan,
    default_plan,
    head_starts,
    next_round,
    visible_from,
)
from app.domain.escalation import EscalationAction, EscalationLadder, LadderStep, default_ladder
from app.domain.lead_conditions import FieldCondition, LeadField, Operator
from app.domain.money import Money
from app.domain.partners import DEFAULT_TIERS
from app.domain.round_conditions import LeadTraits, RoundCondition
from app.domain.working_time import WorkingCalendar
from app.domain.working_week_text import parse_week

BERLIN = ZoneInfo("Europe/Berlin")
CALENDAR = WorkingCalendar("Europe/Berlin", parse_week("mon-fri 10:00-18:00"))
FROM_BAVARIA = FieldCondition(LeadField.SUBDIVISION, Operator.IS, "DE-BY")
PLAIN = LeadTraits(products=frozenset({"PUMP"}), country="DE", subdivision="DE-BY")


def kinds_for(traits: LeadTraits, enabled: frozenset[RoundKind] = frozenset(RoundKind)) -> list[str]:
    found: list[RoundKind] = []
    while (line := next_round(default_plan(), found[-1] if found else None, traits, enabled)) is not None:
        found.append(line.kind)
    return [kind.value for kind in found]


@pytest.mark.covers("W-11", "C-03")
@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        ({}, ["board", "push", "registration", "direct"]),
        ({"has_owner": True}, ["owner", "board", "push", "registration", "direct"]),
        ({"is_strategic": True}, ["registration", "direct"]),
        ({"is_strategic": True, "has_owner": True}, ["owner", "registration", "direct"]),
        ({"may_go_to_partners": False, "has_owner": True}, ["direct"]),
    ],
)
def test_the_default_plan(change: dict[str, Any], kinds: list[str]) -> None:
    assert kinds_for(replace(PLAIN, **change)) == kinds


def test_rounds_that_are_not_enabled_are_skipped() -> None:
    enabled = frozenset({RoundKind.BOARD, RoundKind.PUSH, RoundKind.DIRECT})
    assert kinds_for(replace(PLAIN, has_owner=True), enabled) == ["board", "push", "direct"]
    assert kinds_for(PLAIN, frozenset()) == []


@pytest.mark.covers("W-08")
@pytest.mark.parametrize(
    ("kind", "is_hot", "window"),
    [
        (RoundKind.OWNER, False, Span(minutes=240)),
        (RoundKind.OWNER, True, Span(minutes=5)),
        (RoundKind.BOARD, False, Span(minutes=1440, clock=Clock.WALL)),
        (RoundKind.BOARD, True, Span(minutes=120, clock=Clock.WALL)),
        (RoundKind.PUSH, True, Span(minutes=60)),
        (RoundKind.REGISTRATION, False, Span(days=3)),
        (RoundKind.DIRECT, False, Span(is_same_day=True)),
    ],
)
def test_default_windows(kind: RoundKind, is_hot: bool, window: Span) -> None:
    line = default_plan().round_of(kind)
    assert line is not None
    assert line.window_for(is_hot=is_hot) == window


@pytest.mark.covers("W-09")
def test_push_asks_three_partners_in_turn() -> None:
    push, board = default_plan().round_of(RoundKind.PUSH), default_plan().round_of(RoundKind.BOARD)
    assert push is not None
    assert push.max_offers == 3
    assert board is not None
    assert board.max_offers is None


OWN = EscalationLadder(
    (LadderStep(EscalationAction.ALERT_CHANNEL_MANAGER, Span(minutes=60), Span(minutes=5, clock=Clock.WALL)),)
)


@pytest.mark.covers("W-02")
@pytest.mark.parametrize(
    ("kind", "own", "holds"),
    [
        (RoundKind.OWNER, None, default_ladder()),
        (RoundKind.PUSH, None, default_ladder()),
        (RoundKind.BOARD, None, EscalationLadder(())),
        (RoundKind.DIRECT, None, EscalationLadder(())),
        (RoundKind.REGISTRATION, None, EscalationLadder(())),
        *((kind, OWN, OWN) for kind in RoundKind if ROUND_STEPS[kind]),
        (RoundKind.OWNER, EscalationLadder(()), EscalationLadder(())),
    ],
)
def test_a_round_follows_its_own_ladder_or_the_plans(
    kind: RoundKind, own: EscalationLadder | None, holds: EscalationLadder
) -> None:
    line = RoundPlan(kind, Span(minutes=60), ladder=own)
    kept = RoundPlan.from_json(json.loads(json.dumps(line.to_json())))
    assert kept == line
    assert kept.ladder_beside(default_ladder()) == holds


def test_a_round_that_was_kept_before_rounds_had_ladders_follows_the_plans() -> None:
    stored = RoundPlan(RoundKind.PUSH, Span(minutes=60), ladder=OWN).to_json()
    del stored["ladder"]
    assert RoundPlan.from_json(stored).ladder is None


def test_a_plan_survives_json() -> None:
    condition = RoundCondition(frozenset({"PUMP"}), frozenset({"DE", "AT-1"}), Money(5_000_000, "EUR"), 60, True)
    condition = replace(condition, sources=frozenset({"phone"}), fields=(FROM_BAVARIA,))
    plan = DistributionPlan(
        (RoundPlan(RoundKind.BOARD, Span(minutes=90), None, 2, condition), *default_plan().rounds[2:])
    )
    assert DistributionPlan.from_json(json.loads(json.dumps(plan.to_json()))) == plan
    assert (plan.looks_at_fields, default_plan().looks_at_fields) == (True, False)
    assert plan.round_of(RoundKind.OWNER) is None


def test_a_plan_from_before_is_read() -> None:
    stored = default_plan().to_json()
    for line in stored:
        del line["is_on"]
        line["condition"] = {
            name: line["condition"][name] for name in ("products", "areas", "min_value", "min_score", "is_strategic")
        }  # type: ignore[index]
    assert DistributionPlan.from_json(stored) == default_plan()


def test_a_round_that_is_off_is_skipped() -> None:
    owner, board, push, *rest = default_plan().rounds
    plan = DistributionPlan((owner, replace(board, is_on=False), push, *rest))
    line = next_round(plan, None, PLAIN, frozenset(RoundKind))
    assert line is push


def test_a_kind_comes_once_in_a_plan() -> None:
    with pytest.raises(ValueError, match="at most once"):
        DistributionPlan((RoundPlan(RoundKind.PUSH, Span()), RoundPlan(RoundKind.PUSH, Span())))


@pytest.mark.covers("T-14", "C-03")
@pytest.mark.parametrize(
    ("condition", "traits", "applies"),
    [
        (RoundCondition(), LeadTraits(), True),
        (RoundCondition(products=frozenset({"PUMP", "VALVE"})), PLAIN, True),
        (RoundCondition(products=frozenset({"VALVE"})), PLAIN, False),
        (RoundCondition(areas=frozenset({"DE"})), PLAIN, True),
        (RoundCondition(areas=frozenset({"DE-BY"})), PLAIN, True),
        (RoundCondition(areas=frozenset({"DE-BE"})), PLAIN, False),
        (RoundCondition(areas=frozenset({"DE"})), LeadTraits(), False),
        (RoundCondition(min_value=Money(100, "EUR")), replace(PLAIN, value=Money(100, "EUR")), True),
        (RoundCondition(min_value=Money(100, "EUR")), replace(PLAIN, value=Money(99, "EUR")), False),
        (RoundCondition(min_value=Money(100, "EUR")), replace(PLAIN, value=Money(900, "JPY")), False),
        (RoundCondition(min_value=Money(100, "EUR")), PLAIN, False),
        (RoundCondition(min_score=70), replace(PLAIN, score=70), True),
        (RoundCondition(min_score=70), replace(PLAIN, score=69), False),
        (RoundCondition(min_score=70), PLAIN, False),
        (RoundCondition(is_strategic=True), PLAIN, False),
        (RoundCondition(is_strategic=False), PLAIN, True),
        (RoundCondition(sources=frozenset({"phone"})), replace(PLAIN, source="phone"), True),
        (RoundCondition(sources=frozenset({"phone"})), replace(PLAIN, source="file"), False),
        (RoundCondition(sources=frozenset({"phone"})), PLAIN, False),
        (RoundCondition(fields=(FROM_BAVARIA,)), replace(PLAIN, values={LeadField.SUBDIVISION: "DE-BY"}), True),
        (RoundCondition(fields=(FROM_BAVARIA,)), PLAIN, False),
    ],
)
def test_conditions(condition: RoundCondition, traits: LeadTraits, applies: bool) -> None:
    assert condition.applies_to(traits) is applies


@pytest.mark.covers("B-04", "B-05")
@pytest.mark.parametrize(
    ("present", "is_hot", "hours"),
    [
        ({"platinum", "gold", "silver", "registered"}, False, {"platinum": 0, "gold": 2, "silver": 4, "registered": 8}),
        ({"gold", "silver", "registered"}, False, {"gold": 0, "silver": 2, "registered": 6}),
        ({"platinum", "silver"}, False, {"platinum": 0, "silver": 2}),
        ({"platinum", "registered"}, False, {"platinum": 0, "registered": 2}),
        ({"registered"}, False, {"registered": 0}),
        ({"platinum", "registered"}, True, {"platinum": 0, "registered": 0}),
        (set(), False, {}),
        ({"unheard of"}, False, {}),
    ],
)
def test_head_starts(present: set[str], is_hot: bool, hours: dict[str, int]) -> None:
    starts = head_starts(DEFAULT_TIERS, present, is_hot=is_hot)
    assert starts == {key: timedelta(hours=number) for key, number in hours.items()}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("opens", "closes", "start", "visible"),
    [
        ("2026-11-18T11:00", "2026-11-19T11:00", 0, "2026-11-18T11:00"),
        ("2026-11-18T11:00", "2026-11-19T11:00", 4, "2026-11-18T15:00"),
        # Half of the window comes first: 8 working hours would be Thursday 11:00.
        ("2026-11-18T11:00", "2026-11-19T11:00", 8, "2026-11-18T23:00"),
        # At night the best tier sees it at once; working hours begin at 10:00.
        ("2026-11-18T22:00", "2026-11-19T22:00", 0, "2026-11-18T22:00"),
        ("2026-11-18T23:00", "2026-11-19T23:00", 1, "2026-11-19T11:00"),
        ("2026-11-20T17:00", "2026-11-21T17:00", 4, "2026-11-21T05:00"),
    ],
)
def test_visible_from(opens: str, closes: str, start: int, visible: str) -> None:
    found = visible_from({"gold": timedelta(hours=start)}, CALENDAR, opens_at=at(opens), closes_at=at(closes))
    assert found == {"gold": at(visible)}

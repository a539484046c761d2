"""A whole plan: what cannot stand, its sentences, two beside each other, and past leads under another one."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

import pytest

from app.domain.deadlines import Clock, Span
from app.domain.distribution import DistributionPlan, RoundKind, default_plan
from app.domain.errors import Invalid
from app.domain.escalation import EscalationAction, EscalationLadder, LadderStep, default_ladder
from app.domain.lead_conditions import FieldCondition, LeadField, Operator
from app.domain.money import Money
from app.domain.newcomers import ExperienceLimits
from app.domain.overlap import OverlapPolicy
from app.domain.plan_text import compare_plans, plan_parts
from app.domain.plan_trials import TrialLead, lead_path, try_plan_on
from app.domain.plans import PlanDraft, moved
from app.domain.ranking import RankingPart
from app.domain.round_conditions import LeadTraits, RoundCondition

DRAFT = PlanDraft(default_plan(), default_ladder())
SALES, CHANNEL, RE_ROUTE = EscalationAction
OWNER, BOARD, PUSH, REGISTRATION, DIRECT = DRAFT.rounds.rounds


def changed(**lines: Any) -> PlanDraft:
    """The default plan with other values of some rounds."""
    rounds = tuple(
        replace(line, **lines[line.kind.value]) if line.kind.value in lines else line for line in DRAFT.rounds.rounds
    )
    return replace(DRAFT, rounds=DistributionPlan(rounds))


def ladder(*steps: tuple[EscalationAction, int]) -> EscalationLadder:
    """Steps after so many working minutes; hot leads: after a fifth of it, around the clock."""
    return EscalationLadder(
        tuple(
            LadderStep(action, Span(minutes=after), Span(minutes=after // 5, clock=Clock.WALL))
            for action, after in steps
        )
    )


def test_the_default_plan_can_stand() -> None:
    DRAFT.check()


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (changed(**{kind.value: {"is_on": False} for kind in RoundKind}), "owner_is_on"),
        (replace(DRAFT, fairness_every=-1), "fairness_every"),
        (replace(DRAFT, fairness_every=101), "fairness_every"),
        (replace(DRAFT, newcomer_below=0), "newcomer_below"),
        (replace(DRAFT, experience=ExperienceLimits(score=101)), "experience_score"),
        (replace(DRAFT, experience=ExperienceLimits(value=Money(-1, "EUR"))), "experience_value"),
        (replace(DRAFT, weights={RankingPart.TIER: 101}), "weight_tier"),
        (replace(DRAFT, weights={RankingPart.TIER: -1}), "weight_tier"),
        (replace(DRAFT, weights=dict.fromkeys(RankingPart, 0)), "weight_nearness"),
        (changed(owner={"window": Span()}), "owner_window"),
        (changed(board={"hot_window": Span()}), "board_hot_window"),
        (changed(board={"window": Span(days=91)}), "board_window"),
        (changed(push={"max_offers": 0}), "push_max_offers"),
        (changed(push={"max_offers": 21}), "push_max_offers"),
        (changed(board={"condition": RoundCondition(min_score=101)}), "board_min_score"),
        (changed(board={"ladder": ladder((SALES, 60))}), "board_alert_sales_manager_after"),
        (changed(push={"ladder": ladder((RE_ROUTE, 60))}), "push_re_route_after"),
        (changed(direct={"ladder": ladder((CHANNEL, 91 * 24 * 60))}), "direct_alert_channel_manager_after"),
        (changed(registration={"ladder": ladder((CHANNEL, 60))}), "registration_alert_channel_manager_after"),
    ],
)
def test_what_cannot_stand(draft: PlanDraft, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        draft.check()
    assert refused.value.fields.keys() == {field}


def test_a_condition_that_makes_no_sense_cannot_stand() -> None:
    condition = RoundCondition(fields=(FieldCondition(LeadField.SCORE, Operator.AT_LEAST, "high"),))
    with pytest.raises(Invalid):
        changed(board={"condition": condition}).check()


@pytest.mark.parametrize(
    ("kind", "up", "order"),
    [
        (RoundKind.BOARD, True, [BOARD, OWNER, PUSH, REGISTRATION, DIRECT]),
        (RoundKind.BOARD, False, [OWNER, PUSH, BOARD, REGISTRATION, DIRECT]),
        (RoundKind.OWNER, True, [OWNER, BOARD, PUSH, REGISTRATION, DIRECT]),
        (RoundKind.DIRECT, False, [OWNER, BOARD, PUSH, REGISTRATION, DIRECT]),
    ],
)
def test_a_round_moves(kind: RoundKind, up: bool, order: list[Any]) -> None:
    assert moved(tuple(RoundKind), kind, up=up) == tuple(line.kind for line in order)


def sentences(draft: PlanDraft) -> dict[str, list[str]]:
    return {part.key: [str(phrase) for phrase in part.sentences] for part in plan_parts(draft, {"PUMP": "Pumps"})}


def test_a_plan_is_told_in_sentences() -> None:
    told = sentences(DRAFT)
    assert list(told) == ["owner", "board", "push", "registration", "direct", "ladder", "overlap"]
    assert told["push"] == [
        "Offered to one partner at a time, to each for 4 working hours.",
        "Hot leads: 1 working hour.",
        "Partners asked in turn, at most: 3.",
        "Not for strategic accounts.",
    ]
    assert told["ladder"][2] == (
        "Give the lead to somebody else after 24 working hours; hot leads: after 1 working hour."
    )
    assert told["overlap"] == [
        "Who is asked first: By the weighted ranking.",
        "One offer in 5 goes to a newer partner; a newer one has had fewer than 5 leads.",
        "From a score of 80 on, experienced partners go before newer ones.",
        "Weights of the ranking: Nearness 20, Certification 10, Response rate 20, Conversion 15, Free capacity 15,"
        " Tier 5, Size 5, Rotation 10.",
    ]
    bare = replace(
        DRAFT,
        overlap=OverlapPolicy.MANUAL_REVIEW,
        fairness_every=0,
        experience=ExperienceLimits(score=None, value=Money(5_000_000, "EUR")),
        weights={RankingPart.TIER: 0, RankingPart.ROTATION: 7},
    )
    assert sentences(bare)["overlap"] == [
        "Who is asked first: A person decides.",
        "Newer partners have no share of their own.",
        "From a value of 50,000 EUR on, experienced partners go before newer ones.",
        "Weights of the ranking: Rotation 7.",
    ]


@pytest.mark.covers("T-07", "T-14", "T-22")
def test_every_condition_is_told() -> None:
    condition = RoundCondition(
        products=frozenset({"PUMP", "VALVE"}),
        areas=frozenset({"US-CA", "DE"}),
        min_value=Money(500_000, "EUR"),
        min_score=60,
        is_strategic=True,
        sources=frozenset({"phone"}),
        fields=(FieldCondition(LeadField.INDUSTRY, Operator.CONTAINS, "medical"),),
    )
    assert sentences(changed(board={"condition": condition}))["board"][2:] == [
        "Only for Pumps, VALVE.",
        "Only from DE, US-CA.",
        "Only from a value of 5,000 EUR.",
        "Only from a score of 60.",
        "Only for strategic accounts.",
        "Only by way of Phone.",
        "Only where Industry contains medical.",
    ]


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (DRAFT, []),
        (replace(DRAFT, overlap=OverlapPolicy.NEAREST), ["When several partners qualify"]),
        (replace(DRAFT, fairness_every=0), ["When several partners qualify"]),
        (replace(DRAFT, newcomer_below=9), ["When several partners qualify"]),
        (replace(DRAFT, experience=ExperienceLimits(score=90)), ["When several partners qualify"]),
        (replace(DRAFT, weights=DRAFT.weights | {RankingPart.SIZE: 0}), ["When several partners qualify"]),
        (replace(DRAFT, contact_ladder=EscalationLadder(())), ["Owner", "When nobody acts"]),
        (changed(board={"is_on": False}), ["Board"]),
        (changed(push={"max_offers": 4}, board={"hot_window": None}), ["Board", "Push"]),
        (replace(DRAFT, rounds=DistributionPlan((BOARD, OWNER, PUSH, REGISTRATION, DIRECT))), ["Order of the rounds"]),
        (replace(DRAFT, rounds=DistributionPlan((OWNER, BOARD, PUSH, DIRECT))), ["Order of the rounds"]),
    ],
)
def test_two_plans_are_compared(after: PlanDraft, told: list[str]) -> None:
    assert [str(difference.heading) for difference in compare_plans(DRAFT, after, {})] == told


def lead(eligible: tuple[int, ...] = (1, 2), owner: int | None = None, **traits: Any) -> TrialLead:
    facts = LeadTraits(has_owner=owner is not None, **traits)
    return TrialLead(uuid.uuid4(), "L-1", facts, frozenset(eligible), owner, taken_by_id=2)


@pytest.mark.parametrize(
    ("past", "rounds", "seen_by"),
    [
        (lead(), ["board", "push", "direct"], {1, 2}),
        (lead(owner=7), ["owner", "board", "push", "direct"], {7}),
        (lead((), owner=7), ["owner", "board", "push", "direct"], {7}),
        (lead(()), [], set()),
        (lead(is_strategic=True), ["direct"], set()),
        (lead((), may_go_to_partners=False), ["direct"], set()),
    ],
)
def test_the_path_of_a_past_lead(past: TrialLead, rounds: list[str], seen_by: set[int]) -> None:
    path = lead_path(DRAFT, past)
    assert ([kind.value for kind in path.rounds], path.seen_by) == (rounds, seen_by)
    assert path.ends_with_person is (not rounds)


@pytest.mark.covers("C-01", "C-07")
@pytest.mark.parametrize(
    ("past", "rounds", "ends_with_person"),
    [
        (lead(), ["board"], True),
        (lead(owner=7), ["owner", "board"], True),
        (lead((1,)), ["board", "push", "direct"], False),
        (lead(is_strategic=True), ["direct"], False),
        (lead(()), [], True),
    ],
)
def test_where_a_person_chooses_a_path_ends_before_the_push(
    past: TrialLead, rounds: list[str], ends_with_person: bool
) -> None:
    path = lead_path(replace(DRAFT, overlap=OverlapPolicy.MANUAL_REVIEW), past)
    assert ([kind.value for kind in path.rounds], path.ends_with_person) == (rounds, ends_with_person)


def test_a_trial_says_how_many_leads_come_to_a_person() -> None:
    after = replace(changed(board={"is_on": False}), overlap=OverlapPolicy.MANUAL_REVIEW)
    counts = try_plan_on([lead(), lead((1,)), lead(())], DRAFT, after).rounds[-1]
    assert (counts.kind, counts.first_before, counts.first_after) == (None, 1, 2)
    assert (counts.held_before, counts.held_after) == (1, 2)


def test_a_trial_counts_by_round_and_by_partner() -> None:
    after = changed(board={"condition": RoundCondition(min_score=80)}, push={"is_on": False})
    leads = [lead(score=90), lead(score=70), lead((2, 3), score=60), lead((), score=90)]
    trial = try_plan_on(leads, DRAFT, after)
    counts = {count.kind: (count.first_before, count.first_after, count.held_after) for count in trial.rounds}
    assert counts[RoundKind.BOARD] == (3, 1, 1)
    assert counts[RoundKind.DIRECT] == (0, 2, 3)
    assert counts[None] == (1, 1, 1)
    assert [(one.partnership_id, one.before, one.after) for one in trial.partners] == [(2, 3, 1), (1, 2, 1), (3, 1, 0)]
    assert [one.lead_id for one in trial.changed] == [leads[1].lead_id, leads[2].lead_id]
    assert all(one.loses_taker for one in trial.changed)


def test_a_rounds_own_ladder_is_told_with_the_round_and_so_is_a_change_of_it() -> None:
    watched = changed(push={"ladder": ladder((SALES, 60))}, board={"ladder": ladder((CHANNEL, 600))})
    assert sentences(watched)["push"][3] == (
        "Tell the partner's sales manager after 1 working hour; hot leads: after 0:12:00 around the clock."
    )
    silent = changed(push={"ladder": EscalationLadder(())}, board={"ladder": ladder((CHANNEL, 600))})
    (difference,) = compare_plans(watched, silent, {})
    assert str(difference.heading) == "Push"
    assert "Nobody is told before the time is over." in map(str, difference.after)
    assert sentences(watched)["ladder"] == sentences(DRAFT)["ladder"]

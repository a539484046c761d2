"""Who is asked first when several partners qualify."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.newcomers import FairnessFloor
from app.domain.overlap import (
    OVERLAP_LABELS,
    OverlapCandidate,
    OverlapPolicy,
    choose_partner,
)

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
NO_FLOOR = FairnessFloor(every=None)
CHOOSING = [policy for policy in OverlapPolicy if policy is not OverlapPolicy.MANUAL_REVIEW]
RIGHTS = [OverlapPolicy.FIRST_REGISTERED, OverlapPolicy.ACCOUNT_HISTORY]
SHARES = st.none() | st.floats(0, 1)
MOMENTS = st.none() | st.datetimes(datetime(2026, 1, 1), datetime(2026, 11, 1), timezones=st.just(UTC))
CANDIDATES = st.lists(
    st.builds(
        OverlapCandidate,
        st.integers(1, 10_000),
        registered_at=MOMENTS,
        last_received_at=MOMENTS,
        free_capacity=SHARES,
        response_score=st.none() | st.integers(0, 120),
        response_rate=SHARES,
        history=st.integers(0, 3),
        distance_km=st.none() | st.floats(0, 20_000),
        closeness=SHARES,
        rank_score=SHARES,
        tier_weight=SHARES,
        is_newcomer=st.booleans(),
    ),
    max_size=12,
    unique_by=lambda candidate: candidate.partnership_id,
)


def days_ago(number: float) -> datetime:
    return NOW - timedelta(days=number)


def candidate(partnership_id: int, **known: Any) -> OverlapCandidate:
    return OverlapCandidate(partnership_id, **known)


def order(policy: OverlapPolicy, *candidates: OverlapCandidate) -> tuple[int, ...]:
    return choose_partner(policy, candidates, NO_FLOOR).order


@pytest.mark.covers("C-01", "C-02", "T-08", "T-24")
@pytest.mark.parametrize(
    ("policy", "best_first"),
    [
        (OverlapPolicy.FIRST_REGISTERED, [{"registered_at": days_ago(9)}, {"registered_at": days_ago(2)}, {}]),
        (OverlapPolicy.ROUND_ROBIN, [{}, {"last_received_at": days_ago(9)}, {"last_received_at": days_ago(2)}]),
        (OverlapPolicy.CAPACITY, [{"free_capacity": 0.8}, {"free_capacity": 0.2}, {"free_capacity": 0.0}, {}]),
        (
            OverlapPolicy.BEST_RESPONSE,
            [
                {"response_score": 110, "response_rate": 0.5},
                {"response_score": 100, "response_rate": 0.9},
                {"response_score": 100, "response_rate": 0.6},
                {"response_score": 100},
                {"response_rate": 1.0},
                {},
            ],
        ),
        (OverlapPolicy.ACCOUNT_HISTORY, [{"history": 4}, {"history": 1}, {}]),
        (
            OverlapPolicy.NEAREST,
            [
                {"distance_km": 3.0, "closeness": 0.5},
                {"distance_km": 80.0, "closeness": 1.0},
                {"closeness": 1.0},
                {"closeness": 0.5},
                {},
            ],
        ),
        (
            OverlapPolicy.WEIGHTED,
            [{"rank_score": 0.9}, {"rank_score": 0.4, "tier_weight": 1.0}, {"rank_score": 0.4}, {"tier_weight": 1.0}],
        ),
    ],
)
def test_each_policy_has_its_order(policy: OverlapPolicy, best_first: list[dict[str, Any]]) -> None:
    candidates = [candidate(len(best_first) - place, **known) for place, known in enumerate(best_first)]
    wanted = tuple(one.partnership_id for one in candidates)
    Random(4).shuffle(candidates)
    choice = choose_partner(policy, candidates, NO_FLOOR)
    assert choice.order == wanted
    assert choice.partnership_id == wanted[0]
    assert choice.reasons


def test_every_policy_has_a_name() -> None:
    assert set(OVERLAP_LABELS) == set(OverlapPolicy)


@pytest.mark.covers("C-01")
def test_a_person_may_be_asked() -> None:
    choice = choose_partner(OverlapPolicy.MANUAL_REVIEW, [candidate(2), candidate(1)], FairnessFloor(), 99)
    assert (choice.partnership_id, choice.order) == (None, (1, 2))
    assert choice.reasons
    assert choose_partner(OverlapPolicy.MANUAL_REVIEW, [candidate(2)], FairnessFloor()).partnership_id == 2


@pytest.mark.covers("T-14", "T-21")
@pytest.mark.parametrize("policy", CHOOSING)
def test_what_a_rule_prefers_goes_before_policy_right_and_fairness(policy: OverlapPolicy) -> None:
    best = {"registered_at": days_ago(9), "history": 9, "free_capacity": 1.0, "response_score": 120, "rank_score": 1.0}
    good, new = candidate(1, distance_km=0.0, **best), candidate(2, is_newcomer=True)
    wanted = candidate(3, last_received_at=NOW, is_preferred=True, is_newcomer=True)
    choice = choose_partner(policy, [good, new, wanted], FairnessFloor(every=1), 99, prefers_experience=True)
    assert choice.partnership_id == 3
    assert [str(reason) for reason in choice.reasons] == ["A routing rule prefers it."]
    old = candidate(3, last_received_at=NOW, is_preferred=True)
    assert choose_partner(policy, [good, new, old], FairnessFloor(every=1), 99).partnership_id == 3
    both = choose_partner(policy, [good, old, candidate(4, is_preferred=True)], NO_FLOOR)
    assert both.order == (4, 3, 1)
    assert str(both.reasons[-1]) == "Has waited longest: never had a lead before."


def test_what_the_policy_saw_of_each_is_said() -> None:
    one, two, three = candidate(1, history=4), candidate(2, history=1), candidate(3)
    said = choose_partner(OverlapPolicy.ACCOUNT_HISTORY, [one, two, three], NO_FLOOR).said
    assert {number: str(phrase) for number, phrase in said.items()} == {
        1: "leads with the company: 4",
        2: "leads with the company: 1",
    }


@pytest.mark.parametrize("policy", OverlapPolicy)
def test_nobody_is_chosen_from_nobody(policy: OverlapPolicy) -> None:
    choice = choose_partner(policy, [], FairnessFloor(), 99)
    assert (choice.partnership_id, choice.order, len(choice.reasons)) == (None, (), 1)


@pytest.mark.covers("T-05")
@pytest.mark.parametrize("policy", CHOOSING)
def test_ties_go_to_the_longest_waiting_then_to_the_lower_id(policy: OverlapPolicy) -> None:
    level = {"registered_at": days_ago(40), "free_capacity": 0.5, "response_score": 90, "history": 1}
    level |= {"distance_km": 7.0, "rank_score": 0.5}
    waiting = [(1, days_ago(1)), (2, days_ago(3)), (5, days_ago(3)), (4, None), (3, None)]
    candidates = [candidate(number, last_received_at=since, **level) for number, since in waiting]
    choice = choose_partner(policy, candidates, NO_FLOOR)
    assert choice.order == (3, 4, 2, 5, 1)
    assert str(choice.reasons[-1]) == "Has waited longest: never had a lead before."


@given(CANDIDATES, st.sampled_from(CHOOSING), st.booleans(), st.integers(0, 9), st.randoms())
def test_the_choice_never_depends_on_the_order_given(
    candidates: list[OverlapCandidate], policy: OverlapPolicy, experience: bool, since: int, random: Random
) -> None:
    choice = choose_partner(policy, candidates, FairnessFloor(), since, prefers_experience=experience)
    shuffled = random.sample(candidates, len(candidates))
    assert choice == choose_partner(policy, shuffled, FairnessFloor(), since, prefers_experience=experience)
    assert sorted(choice.order) == sorted(one.partnership_id for one in candidates)
    assert choice.partnership_id == next(iter(choice.order), None)
    assert choice.reasons


@given(CANDIDATES, st.sampled_from(CHOOSING))
def test_what_is_unknown_never_wins(candidates: list[OverlapCandidate], policy: OverlapPolicy) -> None:
    worst = {"free_capacity": 0.0, "response_score": 0, "distance_km": 20_000.0, "rank_score": 0.0}
    known = candidate(0, registered_at=NOW, last_received_at=NOW, history=1, **worst)
    unknown = [candidate(one.partnership_id, last_received_at=one.last_received_at) for one in candidates]
    choice = choose_partner(policy, [*unknown, known], NO_FLOOR)
    if policy is OverlapPolicy.ROUND_ROBIN:
        assert choice.order[-1] == 0
    else:
        assert choice.partnership_id == 0


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({"response_score": 90, "response_rate": 0.25}, "Answers best: response score 90, 25% of offers answered."),
        ({"response_score": 90}, "Answers best: response score 90."),
        ({"response_rate": 0.25}, "Answers best: 25% of offers."),
    ],
)
def test_reasons_say_only_what_is_known(known: dict[str, Any], said: str) -> None:
    choice = choose_partner(OverlapPolicy.BEST_RESPONSE, [candidate(1, **known), candidate(2)], NO_FLOOR)
    assert [str(reason) for reason in choice.reasons] == [said]


def test_when_nothing_is_known_it_is_said() -> None:
    choice = choose_partner(OverlapPolicy.CAPACITY, [candidate(1), candidate(2)], NO_FLOOR)
    assert [str(reason) for reason in choice.reasons] == [
        "What this policy compares is not known.",
        "Has waited longest: never had a lead before.",
    ]


def test_the_only_one_needs_no_comparison() -> None:
    [reason] = choose_partner(OverlapPolicy.CAPACITY, [candidate(1, free_capacity=0.1)], NO_FLOOR).reasons
    assert str(reason) == "Nobody else is eligible."


@pytest.mark.covers("T-11", "T-12")
@pytest.mark.parametrize("policy", [policy for policy in CHOOSING if policy not in RIGHTS])
def test_a_high_lead_goes_to_experience_first(policy: OverlapPolicy) -> None:
    best = {"free_capacity": 1.0, "response_score": 120, "distance_km": 0.0, "rank_score": 1.0}
    new, old = candidate(1, is_newcomer=True, **best), candidate(2, last_received_at=NOW)
    assert order(policy, new, old) == (1, 2)
    choice = choose_partner(policy, [new, old], NO_FLOOR, prefers_experience=True)
    assert choice.order == (2, 1)
    assert "experienced partner" in str(choice.reasons[0])


@pytest.mark.covers("T-27")
@pytest.mark.parametrize("since", [4, 5, 50])
def test_the_floor_gives_the_best_newcomer_the_offer(since: int) -> None:
    candidates = [
        candidate(1, rank_score=0.9),
        candidate(2, rank_score=0.2, is_newcomer=True),
        candidate(3, rank_score=0.3, is_newcomer=True),
    ]
    choice = choose_partner(OverlapPolicy.WEIGHTED, candidates, FairnessFloor(every=5), since, prefers_experience=True)
    assert choice.order == (3, 1, 2)
    assert [reason.values for reason in choice.reasons] == [{"every": 5}]
    assert choose_partner(OverlapPolicy.WEIGHTED, candidates, FairnessFloor(every=5), 3).partnership_id == 1
    assert choose_partner(OverlapPolicy.WEIGHTED, candidates, NO_FLOOR, since).partnership_id == 1


@pytest.mark.covers("C-02")
@pytest.mark.parametrize("policy", RIGHTS)
def test_fairness_takes_nobody_s_right(policy: OverlapPolicy) -> None:
    holder = candidate(1, registered_at=days_ago(3), history=2, is_newcomer=True)
    new = candidate(2, is_newcomer=True)
    old = candidate(3, registered_at=days_ago(9), history=5)
    assert choose_partner(policy, [old, new], FairnessFloor(), 99).partnership_id == 3
    assert choose_partner(policy, [holder, candidate(4)], NO_FLOOR, prefers_experience=True).partnership_id == 1
    assert choose_partner(policy, [new, candidate(4)], FairnessFloor(), 99).partnership_id == 2


@given(st.integers(1, 8), st.lists(st.booleans(), min_size=1, max_size=120), st.sampled_from(CHOOSING))
def test_newcomers_get_at_least_one_in_so_many(every: int, present: list[bool], policy: OverlapPolicy) -> None:
    """`present`: whether a newcomer is eligible for each lead; it is the worst by every measure."""
    if policy in RIGHTS:
        policy = OverlapPolicy.WEIGHTED
    old = candidate(1, free_capacity=1.0, response_score=120, distance_km=1.0, rank_score=1.0)
    new = candidate(2, last_received_at=NOW, rank_score=0.0, is_newcomer=True)
    since, could_have, had = 0, 0, 0
    for is_there in present:
        chosen = choose_partner(policy, [old, new] if is_there else [old], FairnessFloor(every=every), since)
        if is_there:
            could_have += 1
            had += chosen.partnership_id == 2
            since = 0 if chosen.partnership_id == 2 else since + 1
    assert had == could_have // every

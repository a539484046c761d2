"""Which eligible partner is asked first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from app.domain.ranking import (
    DEFAULT_WEIGHTS,
    NEUTRAL,
    Candidate,
    RankingPart,
    rank_partnerships,
    score_certification,
    score_free_capacity,
    score_nearness,
    score_rotation,
    score_share,
    score_tier,
)
from app.domain.territories import TerritoryMode, TerritoryRule

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
ALL_GOOD = dict.fromkeys(RankingPart, 1.0)
ALL_BAD = dict.fromkeys(RankingPart, 0.0)


def order(*candidates: Candidate) -> list[int]:
    return [ranked.partnership_id for ranked in rank_partnerships(candidates)]


@pytest.mark.covers("T-26")
def test_the_better_partner_comes_first() -> None:
    assert order(Candidate(1, ALL_BAD), Candidate(2, ALL_GOOD), Candidate(3, {})) == [2, 3, 1]


@pytest.mark.covers("T-26")
@pytest.mark.parametrize("part", RankingPart)
def test_every_part_counts(part: RankingPart) -> None:
    assert order(Candidate(1, {part: 0.4}), Candidate(2, {part: 0.6})) == [2, 1]


@pytest.mark.covers("T-24")
def test_the_score_is_the_weighted_mean() -> None:
    weights = {RankingPart.NEARNESS: 3, RankingPart.SIZE: 1}
    [ranked] = rank_partnerships([Candidate(1, {RankingPart.NEARNESS: 1.0, RankingPart.SIZE: 0.2})], weights)
    assert ranked.score == 0.8
    assert [(part.part, part.weight) for part in ranked.parts] == [(RankingPart.NEARNESS, 3), (RankingPart.SIZE, 1)]


def test_an_unknown_part_is_neutral_and_says_so() -> None:
    [ranked] = rank_partnerships([Candidate(1, {RankingPart.SIZE: None, RankingPart.TIER: 0.9})])
    known = {part.part: part.is_known for part in ranked.parts}
    assert known[RankingPart.TIER]
    assert not known[RankingPart.SIZE]
    assert {part.value for part in ranked.parts if not part.is_known} == {NEUTRAL}


def test_without_weights_all_are_equal() -> None:
    assert {ranked.score for ranked in rank_partnerships([Candidate(1, ALL_GOOD), Candidate(2, ALL_BAD)], {})} == {0.5}


@pytest.mark.covers("T-08", "T-05")
def test_ties_go_to_the_longest_waiting_then_to_the_lower_id() -> None:
    candidates = [
        Candidate(1, {}, NOW),
        Candidate(2, {}, NOW - timedelta(days=3)),
        Candidate(5, {}, NOW - timedelta(days=3)),
        Candidate(4, {}),
        Candidate(3, {}),
    ]
    Random(7).shuffle(candidates)
    assert order(*candidates) == [3, 4, 2, 5, 1]


@pytest.mark.parametrize("parts", [{RankingPart.SIZE: 1.1}, {RankingPart.SIZE: -0.1}])
def test_parts_outside_their_range_are_errors(parts: dict[RankingPart, float]) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        rank_partnerships([Candidate(1, parts)])


def test_the_trace_is_json() -> None:
    [ranked] = rank_partnerships([Candidate(7, ALL_GOOD)])
    trace = ranked.to_json()
    assert trace["partnership_id"] == 7
    assert trace["score"] == 1.0
    assert trace["parts"] == [
        {"part": part.value, "value": 1.0, "weight": weight, "is_known": True}
        for part, weight in DEFAULT_WEIGHTS.items()
    ]


@pytest.mark.covers("T-05", "T-15")
@pytest.mark.parametrize(
    ("open_claims", "cap", "score"),
    [(0, 5, 1.0), (5, 5, 0.0), (7, 5, 0.0), (0, 0, 0.0), (0, None, 1.0), (2, None, 0.25)],
)
def test_free_capacity(open_claims: int, cap: int | None, score: float) -> None:
    assert score_free_capacity(open_claims, cap) == score


@pytest.mark.parametrize(("days", "score"), [(0, 0.0), (15, 0.5), (30, 1.0), (90, 1.0), (-1, 0.0)])
def test_rotation(days: int, score: float) -> None:
    assert score_rotation(NOW - timedelta(days=days), NOW) == score
    assert score_rotation(None, NOW) == 1.0


@pytest.mark.parametrize(("part", "whole", "score"), [(0, 0, None), (4, 4, None), (0, 5, 0.0), (5, 10, 0.5)])
def test_rates_need_enough_to_judge_by(part: int, whole: int, score: float | None) -> None:
    assert score_share(part, whole) == score


@pytest.mark.parametrize(
    ("rank", "ranks", "score"),
    [(1, (1, 2, 3, 4), 0.0), (4, (1, 2, 3, 4), 1.0), (2, (1, 3), 0.5), (1, (1,), None), (1, (), None)],
)
def test_tier(rank: int, ranks: tuple[int, ...], score: float | None) -> None:
    assert score_tier(rank, ranks) == score


@pytest.mark.covers("B-04", "T-09")
@pytest.mark.parametrize(
    ("rule", "score"),
    [
        (TerritoryRule(TerritoryMode.INCLUDE, "DE", "DE-BY", postal_prefix="80"), 1.0),
        (TerritoryRule(TerritoryMode.INCLUDE, "DE", "DE-BY"), 0.75),
        (TerritoryRule(TerritoryMode.INCLUDE, "DE"), 0.5),
        (None, None),
    ],
)
def test_nearness(rule: TerritoryRule | None, score: float | None) -> None:
    assert score_nearness(rule) == score


@pytest.mark.parametrize(
    ("lines", "certified", "score"),
    [(["A", "B"], {"A"}, 0.5), (["A"], {"A", "B"}, 1.0), (["A"], (), 0.0), ([], {"A"}, None)],
)
def test_certification(lines: list[str], certified: set[str], score: float | None) -> None:
    assert score_certification(lines, certified) == score

"""How evenly leads are spread."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.fairness import Spread, gini, share_of_top, spread

COUNTS = st.lists(st.integers(0, 500), max_size=60)


@pytest.mark.covers("T-05", "T-27")
@pytest.mark.parametrize(
    ("counts", "coefficient"),
    [
        ([], 0.0),
        ([0, 0, 0], 0.0),
        ([7], 0.0),
        ([4, 4, 4, 4], 0.0),
        ([0, 1], 0.5),
        ([0, 0, 0, 8], 0.75),
        ([1, 3], 0.25),
        ([1, 2, 3, 4], 0.25),
    ],
)
def test_coefficients_reckoned_by_hand(counts: list[int], coefficient: float) -> None:
    assert gini(counts) == pytest.approx(coefficient)


@given(st.integers(1, 500), st.integers(1, 60))
def test_equal_is_zero(count: int, partners: int) -> None:
    assert gini([count] * partners) == 0


@given(COUNTS)
def test_bounds(counts: list[int]) -> None:
    assert 0 <= gini(counts) <= max(0, len(counts) - 1) / max(1, len(counts)) + 1e-12


@given(COUNTS, st.randoms())
def test_the_order_does_not_matter(counts: list[int], random: Random) -> None:
    shuffled = random.sample(counts, len(counts))
    assert spread(shuffled) == spread(counts)


@given(COUNTS, st.integers(1, 9))
def test_the_scale_does_not_matter(counts: list[int], factor: int) -> None:
    larger = [count * factor for count in counts]
    assert gini(larger) == pytest.approx(gini(counts))
    assert share_of_top(larger, 0.2) == pytest.approx(share_of_top(counts, 0.2))


@given(st.lists(st.integers(0, 500), min_size=2, max_size=60), st.data())
def test_giving_from_the_fuller_to_the_emptier_evens_out(counts: list[int], data: st.DataObject) -> None:
    counts.sort()
    gift = data.draw(st.integers(0, (counts[-1] - counts[0]) // 2))
    assert gini([counts[0] + gift, *counts[1:-1], counts[-1] - gift]) <= gini(counts) + 1e-12


@pytest.mark.parametrize(
    ("counts", "share", "part"),
    [
        ([8, 1, 1, 0, 0], 0.2, 0.8),
        ([5, 5], 0.5, 0.5),
        ([5, 3, 2], 0.1, 0.5),
        ([5, 3, 2], 0, 0.0),
        ([5, 3, 2], 1, 1.0),
        ([1] * 100, 0.07, 0.07),
        ([0, 0], 0.5, 0.0),
        ([], 0.5, 0.0),
    ],
)
def test_what_the_best_served_have(counts: list[int], share: float, part: float) -> None:
    assert share_of_top(counts, share) == pytest.approx(part)


@pytest.mark.covers("T-27")
def test_the_whole_distribution() -> None:
    assert spread([0, 0, 0, 8]) == Spread(gini=0.75, min=0, median=0, max=8, nobody=3)
    assert spread([]) == Spread(0.0, 0, 0, 0, 0)


@pytest.mark.parametrize("counts", [[-1], [-1, 2], [3, 2, -0.5]])
def test_fewer_than_none_cannot_be(counts: list[float]) -> None:
    for reckon in (gini, spread):
        with pytest.raises(ValueError, match="fewer leads than none"):
            reckon(counts)


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_lies_between_none_and_all(share: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        share_of_top([1], share)

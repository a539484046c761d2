"""The life of a lead."""

from __future__ import annotations

import pytest

from app.domain.consent import ConsentScope
from app.domain.errors import Refused
from app.domain.leads import CLOSED_STATES, HeldForNurture, LeadState, Released, decide_move, decide_release, may_move

# One row per state before, one column per state after, in the order of LeadState: x = may move.
GRID = """
received      . x x x x . . x x x
nurturing     x . x x x . . x x x
in_review     . x . x x . . x x x
distributing  . x x . x . . x x x
assigned      . . x x . x x x x x
won           . . . . . . . . x x
lost          . . . . . . . . x x
disqualified  . . . . . . . . x x
withdrawn     . . . . . . . . . x
erased        . . . . . . . . . .
"""
MOVES = {LeadState(line.split()[0]): line.split()[1:] for line in GRID.strip().splitlines()}


@pytest.mark.parametrize("before", LeadState)
@pytest.mark.parametrize(("column", "after"), list(enumerate(LeadState)))
def test_every_pair_of_states(before: LeadState, column: int, after: LeadState) -> None:
    assert may_move(before, after) is (MOVES[before][column] == "x")


def test_a_closed_lead_never_opens_again() -> None:
    open_states = set(LeadState) - CLOSED_STATES
    assert not any(may_move(closed, state) for closed in CLOSED_STATES for state in open_states)


def test_a_move_that_is_not_there_is_refused() -> None:
    assert decide_move(LeadState.DISTRIBUTING, LeadState.ASSIGNED) is LeadState.ASSIGNED
    with pytest.raises(Refused) as refusal:
        decide_move(LeadState.WON, LeadState.ASSIGNED)
    assert refusal.value.code == "state"


@pytest.mark.covers("B-09")
@pytest.mark.parametrize(
    ("score", "scope", "to_partners"),
    [
        (50, ConsentScope.ANY_ELIGIBLE, True),
        (95, ConsentScope.NAMED_PARTNERS, True),
        (95, ConsentScope.MANUFACTURER_ONLY, False),
        (49, ConsentScope.ANY_ELIGIBLE, None),
        (49, ConsentScope.MANUFACTURER_ONLY, None),
        (100, ConsentScope.NONE, None),
        (None, ConsentScope.ANY_ELIGIBLE, None),
        (0, ConsentScope.ANY_ELIGIBLE, None),
    ],
)
def test_release(score: int | None, scope: ConsentScope, to_partners: bool | None) -> None:
    decision = decide_release(score=score, consent_scope=scope, release_score=50)
    if to_partners is None:
        assert isinstance(decision, HeldForNurture)
    else:
        assert decision == Released(to_partners)


def test_the_reason_names_both_scores() -> None:
    decision = decide_release(score=45, consent_scope=ConsentScope.ANY_ELIGIBLE, release_score=60)
    assert isinstance(decision, HeldForNurture)
    assert decision.reason.values == {"score": 45, "release_score": 60}

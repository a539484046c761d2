"""Whose it is when an owner has gone."""

from __future__ import annotations

import pytest

from app.domain.errors import Invalid
from app.domain.identity import Role
from app.domain.owners import (
    Belonging,
    Handover,
    PartnershipStanding,
    PersonStanding,
    Taker,
    check_takers,
    standing_owner,
    standing_partnership,
)

HERE, GONE = True, False
SARAH, BOB, MIA, TOM, ZOE = range(1, 6)


@pytest.mark.covers("P-30")
@pytest.mark.parametrize(
    ("people", "owner"),
    [
        ({SARAH: PersonStanding(HERE)}, SARAH),
        ({SARAH: PersonStanding(HERE, successor_id=BOB), BOB: PersonStanding(HERE)}, SARAH),
        ({SARAH: PersonStanding(GONE)}, None),
        ({}, None),
        ({SARAH: PersonStanding(GONE, successor_id=BOB)}, None),
        ({SARAH: PersonStanding(GONE, successor_id=BOB, manager_id=MIA), MIA: PersonStanding(HERE)}, MIA),
        (
            {SARAH: PersonStanding(GONE, BOB, MIA), BOB: PersonStanding(HERE), MIA: PersonStanding(HERE)},
            BOB,
        ),
        (
            {SARAH: PersonStanding(GONE, BOB, MIA), BOB: PersonStanding(GONE, TOM), TOM: PersonStanding(HERE)},
            TOM,
        ),
        (
            {SARAH: PersonStanding(GONE, BOB, MIA), BOB: PersonStanding(GONE), MIA: PersonStanding(HERE)},
            MIA,
        ),
        (
            {
                SARAH: PersonStanding(GONE, BOB, MIA),
                BOB: PersonStanding(GONE, manager_id=TOM),
                MIA: PersonStanding(HERE),
                TOM: PersonStanding(HERE),
            },
            MIA,
        ),
        ({SARAH: PersonStanding(GONE, BOB), BOB: PersonStanding(GONE, None, TOM), TOM: PersonStanding(HERE)}, TOM),
        (
            {SARAH: PersonStanding(GONE, manager_id=MIA), MIA: PersonStanding(GONE, ZOE), ZOE: PersonStanding(HERE)},
            ZOE,
        ),
        (
            {SARAH: PersonStanding(GONE, manager_id=MIA), MIA: PersonStanding(GONE, None, ZOE)}
            | {ZOE: PersonStanding(HERE)},
            ZOE,
        ),
    ],
    ids=[
        "present",
        "present although a successor is named",
        "gone, nobody named",
        "unknown",
        "successor unknown",
        "successor unknown, manager there",
        "successor before manager",
        "successor's successor before manager",
        "successor gone too: the owner's manager",
        "the owner's manager before the successor's",
        "successor's manager",
        "manager's successor",
        "manager's manager",
    ],
)
def test_who_follows_a_person(people: dict[int, PersonStanding], owner: int | None) -> None:
    assert standing_owner(SARAH, people) == owner


@pytest.mark.covers("P-30")
@pytest.mark.parametrize(
    ("people", "owner"),
    [
        ({SARAH: PersonStanding(GONE, successor_id=SARAH)}, None),
        ({SARAH: PersonStanding(GONE, BOB), BOB: PersonStanding(GONE, SARAH)}, None),
        ({SARAH: PersonStanding(GONE, BOB, SARAH), BOB: PersonStanding(GONE, SARAH, BOB)}, None),
        (
            {SARAH: PersonStanding(GONE, BOB), BOB: PersonStanding(GONE, SARAH, MIA), MIA: PersonStanding(HERE)},
            MIA,
        ),
        ({SARAH: PersonStanding(GONE, None, MIA), MIA: PersonStanding(GONE, SARAH, SARAH)}, None),
    ],
    ids=["own successor", "each other's", "managers in the circle", "a way out of the circle", "manager's successor"],
)
def test_circles_end(people: dict[int, PersonStanding], owner: int | None) -> None:
    assert standing_owner(SARAH, people) == owner


def test_nobody_follows_nobody() -> None:
    assert standing_owner(None, {SARAH: PersonStanding(HERE)}) is None
    assert standing_partnership(None, {1: PartnershipStanding(HERE)}) is None


@pytest.mark.covers("P-30")
@pytest.mark.parametrize(
    ("partnerships", "owner"),
    [
        ({1: PartnershipStanding(HERE, successor_id=2), 2: PartnershipStanding(HERE)}, 1),
        ({1: PartnershipStanding(GONE, successor_id=2), 2: PartnershipStanding(HERE)}, 2),
        ({1: PartnershipStanding(GONE, 2), 2: PartnershipStanding(GONE, 3), 3: PartnershipStanding(HERE)}, 3),
        ({1: PartnershipStanding(GONE, 2), 2: PartnershipStanding(GONE, 1)}, None),
        ({1: PartnershipStanding(GONE)}, None),
        ({}, None),
    ],
    ids=["present", "successor", "successor's successor", "circle", "nobody named", "unknown"],
)
def test_which_partnership_follows(partnerships: dict[int, PartnershipStanding], owner: int | None) -> None:
    assert standing_partnership(1, partnerships) == owner


@pytest.mark.covers("P-30")
@pytest.mark.parametrize(
    ("taker", "belonging", "field"),
    [
        (Taker("Bob", Role.ADMIN, True), None, None),
        (Taker("Bob", Role.CHANNEL_MANAGER, True), Belonging.REVIEWS, None),
        (Taker("Bob", Role.INSIDE_SALES, True), Belonging.LEADS, None),
        (Taker("Bob", Role.INSIDE_SALES, False), None, "successor"),
        (Taker("Bob", Role.VIEWER, True), None, "successor"),
        (Taker("Bob", Role.VIEWER, True), Belonging.TEAMS, "teams"),
        (Taker("Bob", Role.ARBITER, True), None, "successor"),
        (Taker("Bob", Role.ARBITER, True), Belonging.REVIEWS, "reviews"),
        (Taker("Bob", Role.ARBITER, True), Belonging.TEAMS, None),
        (Taker("Bob", Role.ARBITER, False), Belonging.TEAMS, "teams"),
    ],
)
def test_who_can_do_the_work(taker: Taker, belonging: Belonging | None, field: str | None) -> None:
    handover = Handover(BOB) if belonging is None else Handover(None, {belonging: BOB})
    if field is None:
        check_takers(list(Belonging), handover, {BOB: taker})
        return
    with pytest.raises(Invalid) as refused:
        check_takers(list(Belonging), handover, {BOB: taker})
    assert refused.value.fields.keys() == {field}


def test_a_choice_for_what_nobody_owns_says_nothing() -> None:
    handover = Handover(None, {Belonging.LEADS: BOB})
    check_takers([Belonging.ACCOUNTS], handover, {BOB: Taker("Bob", Role.VIEWER, True)})

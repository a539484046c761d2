"""Whose it is when an owner has gone: the successor, else the manager, else nobody (domain.md §5)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.errors import Invalid
from app.domain.identity import Role
from app.domain.partners import PartnershipStatus
from app.domain.phrases import N_, Phrase

LEFT = frozenset({PartnershipStatus.SUSPENDED, PartnershipStatus.ENDED})
"""The standing in which a partnership is given nothing, and cannot leave what it owns to nobody."""


class Belonging(StrEnum):
    """One kind of thing that is somebody's, and passes to another when they leave."""

    ACCOUNTS = "accounts"
    LISTINGS = "listings"
    OPPORTUNITIES = "opportunities"
    TEAMS = "teams"
    REVIEWS = "reviews"
    LEADS = "leads"
    POSTS = "posts"
    PARTNERS = "partners"


_WORKERS = frozenset({Role.ADMIN, Role.CHANNEL_MANAGER, Role.INSIDE_SALES})
"""The roles that work leads and decide about them; an arbiter may only have a place in a team, beside its owner."""
_TAKERS: Mapping[Belonging | None, frozenset[Role]] = {
    Belonging.TEAMS: _WORKERS | {Role.ARBITER},
    Belonging.PARTNERS: frozenset({Role.ADMIN, Role.CHANNEL_MANAGER}),
}


@dataclass(frozen=True, slots=True)
class Handover:
    """Who takes over what somebody leaves behind: the successor, save for what is given to another `apart`."""

    successor_id: int | None = None
    apart: Mapping[Belonging, int] = field(default_factory=dict)

    def taker_of(self, belonging: Belonging) -> int | None:
        """Who gets this kind of thing."""
        return self.apart.get(belonging, self.successor_id)


@dataclass(frozen=True, slots=True)
class Taker:
    """One of the manufacturer's people who is to take something over."""

    name: str
    role: Role
    has_joined: bool


@dataclass(frozen=True, slots=True)
class PersonStanding:
    """Whether a person may own anything now, and who follows: the named successor before the manager."""

    is_active: bool
    successor_id: int | None = None
    manager_id: int | None = None


@dataclass(frozen=True, slots=True)
class PartnershipStanding:
    """Whether a partnership may own anything now, which one was named to follow it, and what its own standing is."""

    is_active: bool
    successor_id: int | None = None
    status: PartnershipStatus | None = None


def standing_owner(owner_id: int | None, people: Mapping[int, PersonStanding]) -> int | None:
    """The person who answers for what `owner_id` owned; None leaves it to the distribution plan.

    The owner if active, else the first active one in the row of successors, else the manager of the owner, then those
    of the successors, each followed in the same way. Nobody is asked twice, so a circle ends; who is not in `people`
    is gone.
    """
    asked: set[int] = set()
    waiting = [owner_id]
    while waiting:
        followers = list(_followers(waiting.pop(0), people, asked))
        for person_id in followers:
            if people[person_id].is_active:
                return person_id
        waiting.extend(people[person_id].manager_id for person_id in followers)
    return None


def standing_partnership(partnership_id: int | None, partnerships: Mapping[int, PartnershipStanding]) -> int | None:
    """The partnership that answers for what `partnership_id` owned: itself or the first active successor, else None."""
    followers = _followers(partnership_id, partnerships, set())
    return next((found for found in followers if partnerships[found].is_active), None)


def _followers(
    first_id: int | None, standings: Mapping[int, PersonStanding] | Mapping[int, PartnershipStanding], asked: set[int]
) -> Iterator[int]:
    """`first_id` and its row of successors, up to the first that is unknown or was asked before."""
    here = first_id
    while here is not None and here in standings and here not in asked:
        asked.add(here)
        yield here
        here = standings[here].successor_id


def check_handover(owned: Collection[Belonging], handover: Handover, *, name: str) -> None:
    """Invalid unless everything in `owned` gets a new owner; what is given apart needs no successor.

    Nobody who owns something may leave it to nobody: leads that come in for it would have no owner.
    """
    if any(handover.taker_of(belonging) is None for belonging in owned):
        raise no_successor(name)


def roles_that_take(belonging: Belonging | None = None) -> frozenset[Role]:
    """The roles that can do the work of this kind of thing; without a kind, of whatever may come in later."""
    return _TAKERS.get(belonging, _WORKERS)


def check_takers(owned: Collection[Belonging], handover: Handover, takers: Mapping[int, Taker]) -> None:
    """Invalid, at the field of each choice, unless everybody who takes something over can do its work.

    A successor gets leads that come in later as well, so it must be able to work them whatever it takes over now. What
    it cannot take over is said where another can be chosen for it.
    """
    faults: dict[str, Phrase] = {}
    if handover.successor_id is not None and (fault := _unfit(takers[handover.successor_id], None)):
        raise wrong_successor(fault)
    for belonging in owned:
        taker_id = handover.taker_of(belonging)
        if taker_id is not None and (fault := _unfit(takers[taker_id], belonging)):
            faults[belonging.value] = fault
    if faults:
        raise Invalid(next(iter(faults.values())), fields=faults)


def check_new_owner(taker: Taker, field_name: str) -> None:
    """Invalid at the field unless the person can work what comes in for an account."""
    if fault := _unfit(taker, Belonging.ACCOUNTS):
        raise wrong_successor(fault, field_name)


def _unfit(taker: Taker, belonging: Belonging | None) -> Phrase | None:
    if not taker.has_joined:
        return Phrase(N_("%(name)s has not joined yet: choose somebody who has."), {"name": taker.name})
    if taker.role not in roles_that_take(belonging):
        return Phrase(N_("%(name)s cannot take this over: this role does not do the work."), {"name": taker.name})
    return None


def no_successor(name: str) -> Invalid:
    """The refusal to let an owner go while something is theirs."""
    return wrong_successor(Phrase(N_("Choose who takes over what %(name)s owns."), {"name": name}))


def own_successor(name: str) -> Invalid:
    """The refusal to follow oneself."""
    return wrong_successor(Phrase(N_("%(name)s cannot be the successor: choose somebody else."), {"name": name}))


def wrong_successor(phrase: Phrase, field_name: str = "successor") -> Invalid:
    """The choice of a new owner that cannot stand, said at its field."""
    return Invalid(phrase, fields={field_name: phrase})

"""A full stage for the guards: one of everything for Acme and for Globex, so that every address can be filled in.

`own` is what a person may open, `strangers` what it must not even learn of. A new argument of an address gets its line
in `tests/furnishing.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from app.domain.identity import Role
from tests.cast import engage_cast
from tests.furnishing import Things, furnish_house, furnish_partner, furnish_person

_HOUSES = {
    "acme": ("ada", "carl", "arne", "ines", "vera"),
    "globex": ("gina",),
    "nordwind": ("nora", "nils"),
    "kansai": ("kenji", "kaori"),
    "rival": ("rita",),
}
# Whose things a house must not learn of: the other tenant's, and those of another partner of the same manufacturer.
_STRANGERS = {
    "acme": ("globex",),
    "globex": ("acme",),
    "nordwind": ("rival", "kansai"),
    "kansai": ("rival", "nordwind"),
    "rival": ("nordwind",),
}
# Where one argument means different things: (endpoint, argument) -> the name of the thing.
_MEANT = {
    ("identity.partner_invitation_form", "partnership_id"): "unopened_partnership_id",
    ("identity.invite_partner", "partnership_id"): "unopened_partnership_id",
    ("identity.show_reset", "token"): "reset_token",
    ("reviews.of_lead", "lead_id"): "reviewed_lead_id",
    ("cockpit.returned", "lead_id"): "returned_lead_id",
    ("cockpit.take_back", "lead_id"): "returned_lead_id",
    ("api_v1.take_back", "lead_id"): "returned_lead_id",
    ("identity.reset_password", "token"): "reset_token",
}


@dataclass(slots=True)
class World:
    """What belongs to each house and to each person, by the name of the address's argument; plain values only."""

    things: dict[str, Things] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)
    user_ids: dict[str, int] = field(default_factory=dict)

    def own(self, person: str) -> Things:
        """What a person may open."""
        return self.things[house_of(person)] | self.things[person]

    def strangers(self, person: str) -> list[Things]:
        """What a person must not learn of, one collection per house that is none of its business."""
        return [self.things[house] | self.things[_HOUSES[house][0]] for house in _STRANGERS[house_of(person)]]


def house_of(person: str) -> str:
    """The organisation a person of the cast belongs to."""
    return next(house for house, people in _HOUSES.items() if person in people)


def fill(endpoint: str, arguments: set[str], things: Mapping[str, Any]) -> Things:
    """Values for an address's arguments; a `LookupError` names the one that nobody has furnished."""
    try:
        return {name: things[_MEANT.get((endpoint, name), name)] for name in arguments}
    except KeyError as missing:
        raise LookupError(f"tests/furnishing.py has no {missing} for {endpoint}") from None


def build_world(session: Session) -> World:
    """Put everything on stage."""
    cast = engage_cast(session)
    people = cast.people.items()
    world = World(roles={name: user.role for name, user in people}, user_ids={name: user.id for name, user in people})
    for manufacturer, admin, partners in (("acme", "ada", ("nordwind", "kansai")), ("globex", "gina", ("rival",))):
        product = cast.products["pump" if manufacturer == "acme" else "drive"]
        for partner in partners:
            world.things[partner] = furnish_partner(session, cast, partner, _HOUSES[partner][0], product)
        world.things[manufacturer] = furnish_house(session, cast, admin, world.things[partners[0]], product)
    for names in _HOUSES.values():
        for name in names:
            world.things[name] = furnish_person(session, cast, name, colleague=names[-1])
    session.commit()
    return world

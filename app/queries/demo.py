"""The personas of the demo as its page shows them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app.database import db
from app.domain.demo import PERSONAS
from app.domain.identity import OrganisationKind, Role
from app.domain.phrases import Phrase
from app.models import Organisation, User


@dataclass(frozen=True, slots=True)
class PersonaCard:
    """One person a visitor can sign in as, and what is worth trying."""

    user_id: int
    name: str
    email: str
    role: Role
    organisation: str
    is_partner: bool
    language: str
    time_zone: str
    tries: tuple[Phrase, ...]


def list_personas() -> list[PersonaCard]:
    """The personas that are there and may sign in, in the order of the demo. For anybody, in demo mode only."""
    wanted = (
        select(User, Organisation)
        .join(Organisation, Organisation.id == User.organisation_id)
        .where(User.email.in_([persona.email for persona in PERSONAS]))
        .where(User.disabled_at.is_(None), User.joined_at.is_not(None))
    )
    found = {user.email: (user, organisation) for user, organisation in db.session.execute(wanted)}
    return [_card(*found[persona.email], tries=persona.tries) for persona in PERSONAS if persona.email in found]


def persona_of(email: str) -> PersonaCard | None:
    """The persona with this address; None for everybody else, however real."""
    return next((card for card in list_personas() if card.email == email), None)


def _card(user: User, organisation: Organisation, *, tries: tuple[Phrase, ...]) -> PersonaCard:
    return PersonaCard(
        user_id=user.id,
        name=user.name,
        email=user.email,
        role=user.role,
        organisation=organisation.name,
        is_partner=organisation.kind is OrganisationKind.PARTNER,
        language=user.language,
        time_zone=user.time_zone,
        tries=tries,
    )

"""What speaks against giving a lead to a partner by hand, and the trace of a person's decision to do so (A-01)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.domain.identity import Viewer
from app.domain.lead_routing.trace import Eligibility
from app.domain.leads import LeadState
from app.domain.phrases import Phrase
from app.domain.reassigning import CAUSE, Taker, moved_by_hand, refuse_unconfirmed
from app.models import Lead
from app.queries.reassigning import taker_fitness
from app.services.distribution.deciding import keep_decision


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the rules find on the chosen partner, where one is chosen, and which of them speak against it."""

    looked_at: tuple[Eligibility, ...]
    against: tuple[Phrase, ...]


def weigh_taker(session: Session, lead: Lead, taker: Taker, *, is_confirmed: bool) -> Weighed:
    """Ask the manufacturer's own rules about whoever is to have a lead.

    Raises `Refused` where one speaks against it and nobody has confirmed that it is meant.
    """
    fitness = taker_fitness(session, lead.manufacturer_id, [lead], taker)
    against = (*fitness.against(lead.id), *fitness.against_all(1))
    refuse_unconfirmed(fitness.room.name if fitness.room else "", against, is_confirmed=is_confirmed)
    return Weighed(tuple(fitness.found.values()), against)


def keep_hand_decision(
    session: Session, lead: Lead, weighed: Weighed, *, actor: Viewer, name: str, reason: str
) -> None:
    """Write into the lead's trace who gave it to whom and why, and which rules were set aside."""
    told = moved_by_hand(person=actor.name, name=name, reason=reason, against=weighed.against)
    outcome = LeadState.ASSIGNED.value
    keep_decision(session, lead, cause=CAUSE, outcome=outcome, reasons=told, looked_at=weighed.looked_at)

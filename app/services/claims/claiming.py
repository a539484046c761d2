"""Taking an offer, from the board or as an exclusive one."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from app.database import transaction
from app.domain.claims import decide_claim
from app.domain.errors import Forbidden, Refused
from app.domain.identity import PARTNER_ROLES, Viewer
from app.domain.phrases import N_, Phrase
from app.queries.claims import claim_facts
from app.services.claims.taking import promised_contact, take_offer, write_consequences


@dataclass(frozen=True, slots=True)
class Claimed:
    """The lead is the partner's. `contact_due_at` is when the first contact attempt is due, None once it was made."""

    lead_id: uuid.UUID
    assignment_id: int
    contact_due_at: datetime | None
    is_repeat: bool


def claim_offer(*, offer_id: uuid.UUID, actor: Viewer) -> Claimed:
    """Let a partner take an offered lead, from the board or as an exclusive offer; the first one wins (B-06).

    One transaction of two statements: the lead's row, then the partnership's capacity, then the rest (measured: a loser
    stops at the first row, a winner's row is held for two round trips). Raises `NotFound` for an offer that is not the
    actor's, `ClaimRefused` with rule, number and remedy. A repeat by the winner returns the same assignment.
    """
    if not actor.has_role(*PARTNER_ROLES):
        raise Forbidden
    try:
        with transaction() as session:
            taken = take_offer(session, offer_id, actor)
            if taken is not None:
                promised = promised_contact(taken)
                write_consequences(session, taken, promised, actor)
                return Claimed(taken.lead_id, taken.assignment_id, promised[0].due_at, is_repeat=False)
            # The lead may have been there and the room not: nothing of that may stay.
            session.rollback()
    except IntegrityError:
        # The partial unique index on active assignments kept its promise; the rule below says it in words.
        pass
    return _explain(offer_id, actor)


def _explain(offer_id: uuid.UUID, actor: Viewer) -> Claimed:
    """Say why the claim did not go through; a repeat by the winner gets its assignment again."""
    with transaction() as session:
        facts = claim_facts(session, offer_id=offer_id, viewer=actor)
        if decide_claim(facts.rule_facts).is_repeat and facts.assignment_id is not None:
            return Claimed(facts.lead_id, facts.assignment_id, facts.contact_due_at, is_repeat=True)
    raise Refused(
        Phrase(N_("Something about this lead changed at this very moment.")),
        code="changed",
        remedy=Phrase(N_("Try once more.")),
    )

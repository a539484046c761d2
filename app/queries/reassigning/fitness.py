"""Which of the manufacturer's own rules speak against giving leads to a partner by hand."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.domain.lead_routing.trace import Eligibility
from app.domain.phrases import Phrase
from app.domain.reassigning import PartnerRoom, Taker, room_against, rules_against
from app.models import Lead, Partnership, Tier
from app.queries.absences import returns_of_partners
from app.queries.capacity import may_claim_again
from app.queries.eligibility import eligibilities


@dataclass(frozen=True, slots=True)
class TakerFitness:
    """What the rules find on each lead and the partnership, and what that can take; nothing where a person takes it."""

    found: Mapping[uuid.UUID, Eligibility]
    room: PartnerRoom | None = None

    def against(self, lead_id: uuid.UUID) -> tuple[Phrase, ...]:
        """What speaks against giving it one lead."""
        eligibility = self.found.get(lead_id)
        return tuple(result.phrase for result in rules_against(eligibility)) if eligibility else ()

    def against_all(self, count: int) -> tuple[Phrase, ...]:
        """What speaks against giving it so many leads now, whichever they are."""
        return room_against(self.room, count) if self.room else ()


def taker_fitness(session: Session, manufacturer_id: int, leads: Collection[Lead], taker: Taker) -> TakerFitness:
    """What speaks against giving each of the leads to `taker`; the number of statements does not grow with them."""
    if taker.partnership_id is None:
        return TakerFitness({})
    found = eligibilities(session, manufacturer_id, leads, [taker.partnership_id])
    return TakerFitness(
        {lead_id: by_partner[taker.partnership_id] for lead_id, by_partner in found.items() if by_partner},
        _room(session, manufacturer_id, taker.partnership_id),
    )


def _room(session: Session, manufacturer_id: int, partnership_id: int) -> PartnerRoom | None:
    row = session.execute(
        select(
            Partnership.name,
            Partnership.partner_id,
            Partnership.unworked_claims,
            func.coalesce(Partnership.max_open_claims, Tier.max_open_claims).label("cap"),
            case((~may_claim_again(), Partnership.claims_suspended_until)).label("suspended_until"),
        )
        .join(Tier, Tier.id == Partnership.tier_id)
        .where(Partnership.id == partnership_id, Partnership.manufacturer_id == manufacturer_id)
    ).one_or_none()
    if row is None:
        return None
    back = returns_of_partners(session, [row.partner_id])
    return PartnerRoom(
        row.name,
        row.unworked_claims,
        row.cap,
        is_away=row.partner_id in back,
        back_at=back.get(row.partner_id),
        suspended_until=row.suspended_until,
    )

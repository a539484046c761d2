"""A lead of the demo's world, and what people do with it: each act is the service the page would call."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import select

from app.database import transaction
from app.domain.distribution import DeclineReason, RoundKind
from app.domain.identity import Role, Viewer
from app.domain.leads import LostReason
from app.domain.money import Money
from app.models import Lead, Offer, Round, User
from app.services import cockpit
from app.services.claims import claim_offer, decline_offer
from app.services.cockpit.editing import current_values
from app.services.demo.history import History
from app.services.demo.network import World
from app.services.demo.texts import NOTES, Said
from app.services.distribution.assigning import assign_lead
from app.services.identity.trail import viewer_of
from app.services.lead_routing import release_lead


@dataclass(frozen=True, slots=True)
class ToldLead:
    """One lead in its history."""

    id: uuid.UUID
    maker: str
    history: History
    world: World

    def person(self, name: str) -> Viewer:
        """Somebody of the cast."""
        return self.world.people[name]

    def offered_at(self, name: str) -> datetime:
        """When the open offer to a person's organisation begins to be seen."""
        return self._offer(partner_id=self.person(name).organisation_id).visible_from

    def closes_at(self) -> datetime:
        """When the open round ends."""
        with transaction() as session:
            ends = session.scalars(select(Round.closes_at).where(Round.lead_id == self.id, Round.closed_at.is_(None)))
            return ends.one() or self.history.present

    def working(self, name: str, **span: float) -> datetime:
        """The moment after so much of the person's working time."""
        return self.history.in_working_time(self.person(name).organisation_id, **span)

    def claim(self, name: str) -> None:
        """Take the lead from the board, or accept it."""
        person = self.person(name)
        claim_offer(offer_id=self._offer(partner_id=person.organisation_id).id, actor=person)

    def decline(self, name: str, reason: DeclineReason, note: str = "") -> None:
        """Say no to the offer."""
        person = self.person(name)
        offer = self._offer(partner_id=person.organisation_id)
        decline_offer(offer_id=offer.id, actor=person, reason=reason, note=note)

    def asked_alone(self) -> str | None:
        """Who is asked alone now: the name of that partner's leader in the cast; None when nobody is."""
        with transaction() as session:
            wanted = (
                select(User)
                .join(Offer, Offer.partner_id == User.organisation_id)
                .join(Round, Round.id == Offer.round_id)
                .where(
                    Offer.lead_id == self.id,
                    Offer.answer.is_(None),
                    Round.closed_at.is_(None),
                    Round.kind == RoundKind.PUSH,
                    User.role == Role.PARTNER_ADMIN,
                )
            )
            user = session.scalars(wanted.limit(1)).one_or_none()
            leader = viewer_of(user) if user else None
        return next((name for name, person in self.world.people.items() if person == leader), None)

    def log(self, name: str, said: Said) -> None:
        """Log a contact, a quote or a note, in the person's language."""
        person = self.person(name)
        note = NOTES[person.language][said]
        cockpit.log_activity(lead_id=self.id, actor=person, kind=said[0], outcome=said[1], note=note)

    def plan(self, name: str, **changes: object) -> None:
        """Change stage, expected revenue, close or follow-up; what is not named stays."""
        values, version = self._edited()
        edit = cockpit.LeadEdit(**cast("Any", values | changes))
        cockpit.edit_lead(lead_id=self.id, actor=self.person(name), version=version, edit=edit)

    def win(self, name: str, revenue: Money, quality: int) -> None:
        """Close as won."""
        _, version = self._edited()
        cockpit.close_won(lead_id=self.id, actor=self.person(name), version=version, revenue=revenue, quality=quality)

    def lose(self, name: str, reason: LostReason, *, quality: int, competitor: str = "", note: str = "") -> None:
        """Close as lost."""
        _, version = self._edited()
        cockpit.close_lost(
            lead_id=self.id,
            actor=self.person(name),
            version=version,
            reason=reason,
            competitor=competitor,
            quality=quality,
            note=note,
        )

    def assign(self, name: str, *, to: str, reason: str) -> None:
        """Give the lead by hand to a partner of the cast (its key), or to a colleague."""
        partnership_id = self.world.partnerships.get((self.maker, to))
        user_id = None if partnership_id else self.person(to).user_id
        assign_lead(
            lead_id=self.id,
            actor=self.person(name),
            reason=reason,
            partnership_id=partnership_id,
            user_id=user_id,
        )

    def release(self, name: str, reason: str) -> None:
        """Send a lead on that waits."""
        release_lead(lead_id=self.id, actor=self.person(name), reason=reason)

    def disqualify(self, name: str, reason: str) -> None:
        """Say that it is no lead."""
        cockpit.disqualify_lead(lead_id=self.id, actor=self.person(name), reason=reason)

    def withdraw(self, name: str, reason: str) -> None:
        """Take it back from everybody."""
        cockpit.withdraw_lead(lead_id=self.id, actor=self.person(name), reason=reason)

    def in_days(self, days: int) -> datetime:
        """A full hour so many days from now."""
        return (self.history.now + timedelta(days=days)).replace(minute=0, second=0, microsecond=0)

    def _edited(self) -> tuple[dict[str, object], int]:
        with transaction() as session:
            lead = session.get_one(Lead, self.id)
            return current_values(lead), lead.version

    def _offer(self, *, partner_id: int) -> Offer:
        with transaction() as session:
            open_offer = select(Offer).where(
                Offer.lead_id == self.id, Offer.partner_id == partner_id, Offer.answer.is_(None)
            )
            offer = session.scalars(open_offer).one_or_none()
            if offer is None:
                raise LookupError(f"{self.maker}'s lead {self.id} is not offered to partner {partner_id}")
            session.expunge(offer)
            return offer

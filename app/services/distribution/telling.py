"""Telling whoever loses a lead that it is somebody else's now, and why."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.identity import Viewer
from app.domain.notifications import MailKind
from app.domain.phrases import N_, Phrase
from app.domain.reassigning import Taker
from app.models import Assignment, Lead, Offer, Partnership, Round
from app.queries.escalation import sales_managers_of, workers_of
from app.queries.people import people_to_tell
from app.services.notifications import owe_mails


def tell_who_lost_it(
    session: Session,
    lead: Lead,
    left: Partnership,
    why: Phrase,
    people: Iterable[int],
    *,
    once: str,
    is_by_hand: bool = False,
) -> None:
    """Say to a partner that a lead it was to answer or to work is somebody else's now, and why.

    `is_by_hand` where a person decided so, and the partner need not have missed anything.
    """
    payload = {"lead_id": str(lead.id), "partnership_id": left.id, "why": why.to_json(), "is_by_hand": is_by_hand}
    owe_mails(session, MailKind.LEAD_RE_ROUTED_TO_PARTNER, people, payload=payload, once=f"re_routed:{once}")


def taken_by_hand(reason: str) -> Phrase:
    """Why somebody loses a lead that a person gives to somebody else."""
    return Phrase(N_("A person decided so, for this reason: %(reason)s"), {"reason": reason.strip()})


def tell_whose_work_ended(session: Session, lead: Lead, work: Assignment, reason: str, actor: Viewer) -> None:
    """Tell who worked a lead that a person has given it to somebody else: a partner's people, or an own seller."""
    once = f"assignment:{work.id}"
    if work.partnership_id is not None:
        left = session.get_one(Partnership, work.partnership_id)
        people = sorted({*workers_of(session, work), *sales_managers_of(session, left)})
        tell_who_lost_it(session, lead, left, taken_by_hand(reason), people, once=once, is_by_hand=True)
        return
    people = [user_id for user_id in workers_of(session, work) if user_id != actor.user_id]
    payload = {"lead_id": str(lead.id), "assignment_id": work.id, "why": taken_by_hand(reason).to_json()}
    owe_mails(session, MailKind.LEAD_TAKEN_TO_SELLER, people, payload=payload, once=f"taken:{once}")


def tell_who_was_asked_alone(session: Session, lead: Lead, why: Phrase, *, but: Taker | None = None) -> None:
    """Tell the partner that was asked alone, and has not answered, that it need not any more; before its offer ends.

    Not where it gets the lead itself (`but`). A board tells nobody: its offers are seen to be over.
    """
    asked = select(Offer).join(Round, Round.id == Offer.round_id)
    open_offer = asked.where(Offer.lead_id == lead.id, Offer.is_exclusive, Offer.answer.is_(None))
    offer = session.scalars(open_offer.where(Round.closed_at.is_(None))).one_or_none()
    if offer is not None and (but is None or offer.partnership_id != but.partnership_id):
        left = session.get_one(Partnership, offer.partnership_id)
        people = people_to_tell(session, offer.partner_id)
        once = f"offer:{offer.id}"
        tell_who_lost_it(session, lead, left, why, people, once=once, is_by_hand=True)

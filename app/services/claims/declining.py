"""Declining an offer, and what happens to the lead then."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from app.database import read_clock, transaction
from app.domain.audit import EventKind
from app.domain.claims import decide_decline
from app.domain.distribution import DeclineReason, OfferAnswer, RoundKind, RoundOutcome
from app.domain.errors import Forbidden
from app.domain.identity import PARTNER_ROLES, Viewer
from app.domain.response_score import ResponseKind
from app.models import Lead, Offer, Round
from app.queries.claims import claim_facts, offer_owner
from app.queries.manufacturers import manufacturer_rules
from app.services.audit import record_event
from app.services.distribution.boards import is_anybody_left
from app.services.distribution.deadlines import cancel_promises
from app.services.distribution.rounds import advance, close_round, follow_push
from app.services.rechecking import give_back_to_owner
from app.services.response_noting import note_response


def decline_offer(*, offer_id: uuid.UUID, actor: Viewer, reason: DeclineReason, note: str = "") -> None:
    """Let a partner say no to an offer, with a reason: it is not offered this lead again (W-06).

    A declined exclusive offer goes to the next partner at once, a board that everybody declined closes at once.
    Raises `NotFound`, `Forbidden`, `Invalid` (reason `other` without words), `ClaimRefused` when it is already
    answered or over. A second call changes nothing.
    """
    if not actor.has_role(*PARTNER_ROLES):
        raise Forbidden
    with transaction() as session:
        lead_id = offer_owner(session, offer_id=offer_id, viewer=actor)
        lead = session.get_one(Lead, lead_id, with_for_update=True, populate_existing=True)
        facts = claim_facts(session, offer_id=offer_id, viewer=actor)
        declined = decide_decline(facts.rule_facts, reason=reason, text=note)
        if declined.is_repeat:
            return
        offer = session.get_one(Offer, offer_id, populate_existing=True)
        offer.answer = OfferAnswer.DECLINED
        offer.answered_at = read_clock(session)
        offer.answered_by_id = actor.user_id
        offer.decline_reason = declined.reason
        offer.decline_note = declined.text
        record_event(
            session,
            EventKind.OFFER_DECLINED,
            actor=actor,
            manufacturer_id=lead.manufacturer_id,
            lead_id=lead.id,
            partnership_id=offer.partnership_id,
            data={"reason": declined.reason.value},
        )
        cancel_promises(session, lead.id, offer_id=offer.id)
        once = f"{ResponseKind.DECLINED.value}:{offer.id}"
        note_response(session, offer.partnership_id, ResponseKind.DECLINED, lead.id, once)
        session.flush()
        _go_on_after_decline(session, lead, offer)


def _go_on_after_decline(session: Session, lead: Lead, offer: Offer) -> None:
    round_ = session.get_one(Round, offer.round_id)
    rules = manufacturer_rules(session, lead.manufacturer_id)
    now = read_clock(session)
    if round_.kind is RoundKind.PUSH:
        if not give_back_to_owner(session, lead, cause="declined"):
            follow_push(session, lead, round_, rules, now, cause="declined")
        return
    if not is_anybody_left(session, round_.id):
        close_round(session, lead, RoundOutcome.DECLINED)
        session.flush()
        cause = "declined" if round_.kind is RoundKind.OWNER else "everybody_declined"
        advance(session, lead, round_.kind, rules, now, cause=cause)

"""Looking anew at one lead: which offers end, come back or are joined by others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.audit import EventKind
from app.domain.distribution import OfferAnswer, RoundKind, RoundOutcome
from app.domain.leads import LeadState, ReviewReason
from app.domain.partners import PartnershipStatus
from app.models import Lead, Offer, Partnership, Round, Tier
from app.queries.manufacturers import ManufacturerRules, manufacturer_rules
from app.services.audit import record_event
from app.services.distribution.boards import board_offers, is_anybody_left, promise_board_end
from app.services.distribution.deciding import Candidate, consider_partnerships, expiry_of, keep_decision
from app.services.distribution.owning import owner_obstacle
from app.services.distribution.rounds import close_round, follow_push, start_rounds
from app.services.lead_routing import resume_routing
from app.services.rechecking.returned_owners import give_back_to_owner
from app.services.routing_rules.limiting import note_limiting

NETWORK_CHANGED = "network_changed"
"""Why leads are decided about anew, unless the caller says otherwise."""


def recheck_lead(
    session: Session, lead: Lead, partnership_ids: Sequence[int] | None, *, cause: str = NETWORK_CHANGED
) -> None:
    """Look anew at one lead: what these partnerships, whose standing has changed, may still be offered of it.

    None is everybody, since a routing rule was changed: owners are above rules, so nothing is asked of them. The caller
    holds the lead's lock. A second call changes nothing.
    """
    if give_back_to_owner(session, lead, cause=cause, partnership_ids=partnership_ids or ()):
        return
    rules = manufacturer_rules(session, lead.manufacturer_id)
    now = read_clock(session)
    if lead.state is LeadState.IN_REVIEW and lead.review_reason is ReviewReason.NOBODY_ELIGIBLE:
        considered = consider_partnerships(session, lead, rules, now)
        if considered.eligible:
            if partnership_ids is None:
                note_limiting(session, lead, considered.rules)
            start_rounds(session, lead, considered, rules, now, cause=cause)
        return
    open_round = session.scalars(select(Round).where(Round.lead_id == lead.id, Round.closed_at.is_(None))).one_or_none()
    if lead.state is not LeadState.DISTRIBUTING or open_round is None:
        return
    if open_round.kind is RoundKind.OWNER:
        _recheck_owner(session, lead, open_round, partnership_ids or (), cause=cause)
    elif open_round.kind is not RoundKind.DIRECT:
        _recheck_round(session, lead, open_round, partnership_ids, rules, now, cause=cause)


def _recheck_round(
    session: Session,
    lead: Lead,
    open_round: Round,
    partnership_ids: Sequence[int] | None,
    rules: ManufacturerRules,
    now: datetime,
    *,
    cause: str,
) -> None:
    considered = consider_partnerships(session, lead, rules, now, only=partnership_ids)
    newly = {one.facts.partnership_id: one for one in considered.eligible}
    wanted = select(Offer).where(Offer.round_id == open_round.id)
    if partnership_ids is not None:
        wanted = wanted.where(Offer.partnership_id.in_(partnership_ids))
    # On a board an offer may come back; an exclusive one that was withdrawn has gone on to the next partner.
    alive = (None, OfferAnswer.WITHDRAWN) if open_round.kind is RoundKind.BOARD else (None,)
    withdrawn = returned = 0
    for offer in session.scalars(wanted).all():
        candidate = newly.pop(offer.partnership_id, None)
        if candidate is not None and offer.answer in alive:
            returned += offer.answer is not None
            _renew(offer, candidate, open_round, rules)
        elif candidate is None and offer.answer is None:
            withdrawn += 1
            _withdraw(session, lead, offer, now)
    if open_round.kind is RoundKind.BOARD:
        _add_to_board(session, lead, open_round, list(newly.values()), rules, now)
    is_another_board = open_round.kind is RoundKind.BOARD and bool(withdrawn or returned or newly)
    if partnership_ids is None and (withdrawn or is_another_board):
        note_limiting(session, lead, considered.rules)
    if withdrawn and not is_anybody_left(session, open_round.id):
        _go_on(session, lead, open_round, rules, now, cause=cause)
    elif partnership_ids is None and is_another_board:
        keep_decision(session, lead, cause=cause, outcome=open_round.kind.value, considered=considered)


def _renew(offer: Offer, candidate: Candidate, open_round: Round, rules: ManufacturerRules) -> None:
    """Let an offer stand, as whoever it was made to stands now."""
    offer.eligibility_version = candidate.version
    offer.expires_at = expiry_of(candidate, open_round.closes_at or offer.expires_at, rules.time_zone)
    offer.answer = offer.answered_at = None


def _add_to_board(
    session: Session,
    lead: Lead,
    board: Round,
    newly: Sequence[Candidate],
    rules: ManufacturerRules,
    now: datetime,
) -> None:
    """Offer a board's lead to who may have it now, and promise the board's end anew."""
    if newly:
        there = _tiers_on_board(session, board)
        rows = board_offers(lead, board, newly, rules, now, tiers_there=there)
        session.execute(insert(Offer).values(rows).on_conflict_do_nothing())
    session.flush()
    promise_board_end(session, lead, board)


def _withdraw(session: Session, lead: Lead, offer: Offer, now: datetime) -> None:
    """End an offer the partner may not have any more; of one to it alone the history says so, and its standing."""
    offer.answer, offer.answered_at = OfferAnswer.WITHDRAWN, now
    if not offer.is_exclusive:
        return
    standing = session.get_one(Partnership, offer.partnership_id).status
    record_event(
        session,
        EventKind.OFFER_WITHDRAWN,
        manufacturer_id=lead.manufacturer_id,
        lead_id=lead.id,
        partnership_id=offer.partnership_id,
        data={} if standing is PartnershipStatus.ACTIVE else {"standing": standing.value},
    )
    session.flush()


def _recheck_owner(
    session: Session, lead: Lead, owner_round: Round, partnership_ids: Sequence[int], *, cause: str
) -> None:
    """Whether the owner may still have the lead that is reserved to it; if not, the levels are asked again."""
    reserved = select(Offer).where(Offer.round_id == owner_round.id, Offer.answer.is_(None))
    offer = session.scalars(reserved.where(Offer.partnership_id.in_(partnership_ids))).one_or_none()
    if offer is None:
        return
    if owner_obstacle(session, lead, offer.partnership_id):
        _withdraw(session, lead, offer, read_clock(session))
        resume_routing(session, lead, cause=cause)
    else:
        offer.eligibility_version = session.get_one(Partnership, offer.partnership_id).eligibility_version


def _tiers_on_board(session: Session, board: Round) -> set[str]:
    """The levels of the partners that have had an offer on this board: its head starts were reckoned with them."""
    offered = select(Tier.code).join(Partnership, Partnership.tier_id == Tier.id)
    return set(
        session.scalars(offered.join(Offer, Offer.partnership_id == Partnership.id).where(Offer.round_id == board.id))
    )


def _go_on(
    session: Session, lead: Lead, open_round: Round, rules: ManufacturerRules, now: datetime, *, cause: str
) -> None:
    """An exclusive offer that was withdrawn goes to the next partner; a board nobody may see any more is reviewed."""
    if open_round.kind is RoundKind.PUSH and not give_back_to_owner(session, lead, cause=cause):
        follow_push(session, lead, open_round, rules, now, cause=cause)
    elif open_round.kind is RoundKind.BOARD:
        close_round(session, lead, RoundOutcome.NOBODY_ELIGIBLE)
        session.flush()
        considered = consider_partnerships(session, lead, rules, now)
        start_rounds(session, lead, considered, rules, now, cause=cause)

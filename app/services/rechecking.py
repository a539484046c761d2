"""Keeping who may see an open lead up to date with the network."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

import structlog
from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.database import DATABASE_BROKEN, read_clock, transaction
from app.domain.account_routing.levels import OWNER_GONE
from app.domain.audit import EventKind
from app.domain.distribution import ENABLED_ROUNDS, OfferAnswer, RoundKind, RoundOutcome, next_round
from app.domain.leads import LeadState, ReviewReason
from app.domain.partners import PartnershipStatus
from app.domain.phrases import Phrase
from app.models import Departure, Lead, Offer, Partnership, Round, RoutingDecision, Tier
from app.queries.departures import left_to_it_alone
from app.queries.manufacturers import ManufacturerRules, manufacturer_rules
from app.services.account_routing import find_route
from app.services.audit import record_event
from app.services.distribution.boards import board_offers, is_anybody_left, promise_board_end
from app.services.distribution.deciding import Candidate, consider_partnerships, expiry_of, keep_decision
from app.services.distribution.owning import OWNER_NOT_ACTIVE, owner_obstacle
from app.services.distribution.planning import traits_of
from app.services.distribution.rounds import close_round, follow_push, start_rounds
from app.services.lead_routing import resume_routing
from app.services.routing_rules.rechecks import leads_owed, note_limiting, take_owed

NETWORK_CHANGED = "network_changed"
"""Why leads are decided about anew, unless the caller says otherwise."""
RULES_CHANGED = "rules_changed"

log = structlog.get_logger(__name__)


def recheck_eligibility(*, limit: int = 500) -> int:
    """Look again at the leads that changed rules touch, and at every open one where the network has changed.

    Offers of partners that are no longer eligible are withdrawn, those of partners that still are come back to their
    boards, newly eligible ones are added, and leads that nobody could have start their plan. Until then an offer made
    under an older version is hidden, so no wrong partner ever sees it. Returns how many partnerships were settled; a
    second call finds nothing to do. A killed process and a database that breaks leave the versions as they were, and
    the next call begins again; a lead that fails is logged, keeps its stale offers hidden and stops no other.
    """
    _recheck_for_rules()
    with transaction() as session:
        changed = session.execute(
            select(Partnership.id, Partnership.manufacturer_id, Partnership.eligibility_version)
            .where(Partnership.checked_version < Partnership.eligibility_version)
            .order_by(Partnership.id)
            .limit(limit)
        ).all()
    for manufacturer_id in sorted({row.manufacturer_id for row in changed}):
        ids = [row.id for row in changed if row.manufacturer_id == manufacturer_id]
        for lead_id in _open_leads(manufacturer_id):
            try:
                _recheck(lead_id, ids)
            except DATABASE_BROKEN:
                raise  # Not the lead's fault: it would count as looked at, and never be looked at again.
            except Exception as error:
                log.error("lead_not_rechecked", lead_id=str(lead_id), exc_info=error)
    with transaction() as session:
        for row in changed:
            session.execute(
                update(Partnership)
                .where(Partnership.id == row.id, Partnership.checked_version < row.eligibility_version)
                .values(checked_version=row.eligibility_version)
                .execution_options(synchronize_session=False)
            )
    return len(changed)


def _open_leads(manufacturer_id: int) -> Sequence[uuid.UUID]:
    """Those that may change; not one that only a partner that leaves is offered: the departure hands it on."""
    departing = select(Offer.lead_id).join(Departure, Departure.partnership_id == Offer.partnership_id)
    handed_on = departing.where(left_to_it_alone(), Departure.finished_at.is_(None))
    with transaction() as session:
        return session.scalars(
            select(Lead.id)
            .where(Lead.manufacturer_id == manufacturer_id, Lead.id.not_in(handed_on))
            .where(
                (Lead.state == LeadState.DISTRIBUTING)
                | ((Lead.state == LeadState.IN_REVIEW) & (Lead.review_reason == ReviewReason.NOBODY_ELIGIBLE))
            )
            .order_by(Lead.received_at)
        ).all()


def _recheck_for_rules() -> None:
    """Look at each lead that is owed it since a routing rule was changed; one that fails is owed it still."""
    with transaction() as session:
        lead_ids = leads_owed(session)
    for lead_id in lead_ids:
        try:
            _recheck(lead_id, ())
        except Exception as error:
            log.error("lead_not_rechecked", lead_id=str(lead_id), exc_info=error)


def _recheck(lead_id: uuid.UUID, partnership_ids: Sequence[int]) -> None:
    """Look at one lead for a changed rule first: whoever comes first then says that it was the rule."""
    with transaction() as session:
        lead = session.get_one(Lead, lead_id, with_for_update=True, populate_existing=True)
        if why := take_owed(session, lead):
            _follow_changed_rules(session, lead, why)
        if partnership_ids:
            recheck_lead(session, lead, partnership_ids)


def _follow_changed_rules(session: Session, lead: Lead, why: Sequence[Phrase]) -> None:
    """Look at everybody anew; each decision that is made says first which rule was changed."""
    decisions = select(RoutingDecision).where(RoutingDecision.lead_id == lead.id)
    known = set(session.scalars(decisions.with_only_columns(RoutingDecision.id)))
    recheck_lead(session, lead, None, cause=RULES_CHANGED)
    session.flush()
    for decision in session.scalars(decisions.where(RoutingDecision.id.not_in(known))):
        decision.reasons = [*(phrase.to_json() for phrase in why), *decision.reasons]


def recheck_lead(
    session: Session, lead: Lead, partnership_ids: Sequence[int] | None, *, cause: str = NETWORK_CHANGED
) -> None:
    """Look anew at one lead: what these partnerships, whose standing has changed, may still be offered of it.

    None is everybody, since a routing rule was changed: owners are above rules, so nothing is asked of them. The caller
    holds the lead's lock. A second call changes nothing.
    """
    rules = manufacturer_rules(session, lead.manufacturer_id)
    now = read_clock(session)
    if lead.state is LeadState.IN_REVIEW and lead.review_reason is ReviewReason.NOBODY_ELIGIBLE:
        if _is_the_owners_again(session, lead, partnership_ids or (), rules, now):
            resume_routing(session, lead, cause=cause)
            return
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
    elif _is_the_owners_again(session, lead, partnership_ids or (), rules, now):
        resume_routing(session, lead, cause=cause)


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


def _is_the_owners_again(
    session: Session, lead: Lead, partnership_ids: Sequence[int], rules: ManufacturerRules, now: datetime
) -> bool:
    """Whether a lead that nobody has passed its owner by while that was resting, and would be reserved to it now."""
    passed_by = [RoutingDecision.reasons.contains([{"text": why.template}]) for why in (OWNER_GONE, OWNER_NOT_ACTIVE)]
    decided = select(RoutingDecision.id).where(RoutingDecision.lead_id == lead.id, or_(*passed_by))
    if session.scalar(decided.limit(1)) is None:
        return False
    owner = find_route(session, lead, rules, now).owner
    owner_id = owner.partnership_id if owner else None
    if owner_id is None or owner_id not in partnership_ids or owner_obstacle(session, lead, owner_id):
        return False
    considered = consider_partnerships(session, lead, rules, now)
    line = next_round(
        rules.plan, None, traits_of(session, lead, considered, rules.plan, has_owner=True), ENABLED_ROUNDS
    )
    return line is not None and line.kind is RoundKind.OWNER


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
    if open_round.kind is RoundKind.PUSH:
        follow_push(session, lead, open_round, rules, now, cause=cause)
    elif open_round.kind is RoundKind.BOARD:
        close_round(session, lead, RoundOutcome.NOBODY_ELIGIBLE)
        session.flush()
        considered = consider_partnerships(session, lead, rules, now)
        start_rounds(session, lead, considered, rules, now, cause=cause)

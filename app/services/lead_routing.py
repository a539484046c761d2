"""From the door to the first round: release, eligibility, and keeping who may see a lead up to date."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

import structlog
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.database import read_clock, transaction
from app.domain.audit import EventKind
from app.domain.consent import ConsentScope
from app.domain.distribution import OfferAnswer, RoundKind, RoundOutcome
from app.domain.errors import Invalid, Refused
from app.domain.identity import Viewer
from app.domain.leads import HeldForNurture, LeadState, ReviewReason, decide_release
from app.domain.phrases import N_, Phrase
from app.models import Consent, Lead, Offer, Partnership, Round, Tier
from app.queries.manufacturers import ManufacturerRules, manufacturer_rules
from app.services.audit import record_event
from app.services.distribution.assigning import lock_lead
from app.services.distribution.deciding import consider_partnerships, keep_decision
from app.services.distribution.rounds import board_offers, close_round, expiry_of, follow_push, start_rounds

log = structlog.get_logger(__name__)


def route_lead(*, lead_id: uuid.UUID) -> bool:
    """Decide what becomes of a lead that has just arrived: nurture, review, or the first round of its plan.

    Returns whether anything was decided: a lead that is no longer `received`, or that somebody else is deciding about
    at this moment, is left alone, so a second call changes nothing.
    """
    with transaction() as session:
        wanted = select(Lead).where(Lead.id == lead_id, Lead.state == LeadState.RECEIVED)
        lead = session.scalars(wanted.with_for_update(skip_locked=True)).one_or_none()
        if lead is None:
            return False
        _decide(session, lead, cause="received")
        return True


def route_received_leads(*, limit: int = 200) -> int:
    """Route leads that are still waiting at the door, oldest first: those whose job was lost, and whole imports.

    A lead that fails is logged and left for the next call; it stops no other. Returns how many were routed.
    """
    with transaction() as session:
        waiting: Sequence[uuid.UUID] = session.scalars(
            select(Lead.id).where(Lead.state == LeadState.RECEIVED).order_by(Lead.received_at).limit(limit)
        ).all()
    routed = 0
    for lead_id in waiting:
        try:
            routed += route_lead(lead_id=lead_id)
        except Exception as error:
            log.error("lead_not_routed", lead_id=str(lead_id), exc_info=error)
    return routed


def release_lead(*, lead_id: uuid.UUID, actor: Viewer, reason: str) -> LeadState:
    """Let a person send a lead on that is nurtured or in review: it starts its plan whatever its score (B-09).

    The prospect's consent still binds. Raises `NotFound`, `Forbidden`, `Invalid` without a reason, `Refused` when the
    lead is not waiting. A second call is refused. Returns the lead's state now: in review again when nobody
    may have it.
    """
    if not reason.strip():
        problem = Phrase(N_("Say why this lead may go to partners now."))
        raise Invalid(problem, fields={"reason": problem})
    with transaction() as session:
        lead = lock_lead(session, lead_id, actor)
        if lead.state not in (LeadState.NURTURING, LeadState.IN_REVIEW):
            raise Refused(Phrase(N_("This lead is not waiting for a decision.")), code="state")
        consent = session.get(Consent, lead.id)
        if consent is None or consent.withdrawn_at is not None or consent.scope is ConsentScope.NONE:
            raise Refused(
                Phrase(N_("The prospect has not agreed to be called.")),
                code="consent",
                remedy=Phrase(N_("Ask the prospect for consent first.")),
            )
        record_event(
            session,
            EventKind.LEAD_RELEASED,
            actor=actor,
            manufacturer_id=lead.manufacturer_id,
            lead_id=lead.id,
            data={"reason": reason.strip()},
        )
        _distribute(session, lead, manufacturer_rules(session, lead.manufacturer_id), cause="released")
        return lead.state


def _decide(session: Session, lead: Lead, *, cause: str) -> None:
    rules = manufacturer_rules(session, lead.manufacturer_id)
    consent = session.get(Consent, lead.id)
    scope = consent.scope if consent and consent.withdrawn_at is None else ConsentScope.NONE
    release = decide_release(score=lead.score, consent_scope=scope, release_score=rules.release_score)
    if isinstance(release, HeldForNurture):
        _hold(session, lead, release.reason, rules, cause=cause)
    else:
        _distribute(session, lead, rules, cause=cause)


def _hold(session: Session, lead: Lead, reason: Phrase, rules: ManufacturerRules, *, cause: str) -> None:
    """Keep a lead with marketing. Who could have it one day is part of the decision's trace all the same."""
    lead.state = LeadState.NURTURING
    considered = consider_partnerships(session, lead, rules, read_clock(session))
    keep_decision(session, lead, cause=cause, outcome="nurturing", reasons=[reason], considered=considered)
    record_event(
        session,
        EventKind.LEAD_HELD_FOR_NURTURE,
        manufacturer_id=lead.manufacturer_id,
        lead_id=lead.id,
        data={"reason": reason.to_json()},
    )


def _distribute(session: Session, lead: Lead, rules: ManufacturerRules, *, cause: str) -> None:
    now = read_clock(session)
    considered = consider_partnerships(session, lead, rules, now)
    start_rounds(session, lead, considered, rules, now, cause=cause)


def recheck_eligibility(*, limit: int = 500) -> int:
    """Look again at every open lead of the manufacturers whose network has changed.

    Offers of partners that are no longer eligible are withdrawn, those of partners that still are come back to their
    boards, newly eligible ones are added, and leads that nobody could have start their plan. Until then an offer made
    under an older version is hidden, so no wrong partner ever sees it. Returns how many partnerships were settled; a
    second call finds nothing to do. A killed process leaves the versions as they were, and the next call begins again;
    a lead that fails is logged, keeps its stale offers hidden and stops no other.
    """
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
                _recheck_lead(lead_id, ids)
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
    with transaction() as session:
        return session.scalars(
            select(Lead.id)
            .where(Lead.manufacturer_id == manufacturer_id)
            .where(
                (Lead.state == LeadState.DISTRIBUTING)
                | ((Lead.state == LeadState.IN_REVIEW) & (Lead.review_reason == ReviewReason.NOBODY_ELIGIBLE))
            )
            .order_by(Lead.received_at)
        ).all()


def _recheck_lead(lead_id: uuid.UUID, partnership_ids: Sequence[int]) -> None:
    with transaction() as session:
        lead = session.get_one(Lead, lead_id, with_for_update=True, populate_existing=True)
        rules = manufacturer_rules(session, lead.manufacturer_id)
        now = read_clock(session)
        if lead.state is LeadState.IN_REVIEW and lead.review_reason is ReviewReason.NOBODY_ELIGIBLE:
            considered = consider_partnerships(session, lead, rules, now)
            if considered.eligible:
                start_rounds(session, lead, considered, rules, now, cause="network_changed")
            return
        open_round = session.scalars(
            select(Round).where(Round.lead_id == lead.id, Round.closed_at.is_(None))
        ).one_or_none()
        if lead.state is LeadState.DISTRIBUTING and open_round is not None:
            _recheck_round(session, lead, open_round, partnership_ids, rules, now)


def _recheck_round(
    session: Session,
    lead: Lead,
    open_round: Round,
    partnership_ids: Sequence[int],
    rules: ManufacturerRules,
    now: datetime,
) -> None:
    considered = consider_partnerships(session, lead, rules, now, only=partnership_ids)
    eligible = {one.facts.partnership_id: one for one in considered.eligible}
    offers = session.scalars(
        select(Offer).where(Offer.round_id == open_round.id, Offer.partnership_id.in_(partnership_ids))
    ).all()
    # On a board an offer may come back; an exclusive one that was withdrawn has gone on to the next partner.
    alive = (None, OfferAnswer.WITHDRAWN) if open_round.kind is RoundKind.BOARD else (None,)
    has_withdrawn = False
    for offer in offers:
        candidate = eligible.pop(offer.partnership_id, None)
        if candidate is not None and offer.answer in alive:
            offer.eligibility_version = candidate.version
            offer.expires_at = expiry_of(candidate, open_round.closes_at or offer.expires_at, rules.time_zone)
            offer.answer = offer.answered_at = None
        elif candidate is None and offer.answer is None:
            offer.answer, offer.answered_at = OfferAnswer.WITHDRAWN, now
            has_withdrawn = True
    if open_round.kind is RoundKind.BOARD and eligible:
        there = _tiers_on_board(session, open_round)
        rows = board_offers(lead, open_round, list(eligible.values()), rules, now, tiers_there=there)
        session.execute(insert(Offer).values(rows).on_conflict_do_nothing())
    session.flush()
    if has_withdrawn:
        _go_on_when_nobody_is_left(session, lead, open_round, rules, now)


def _tiers_on_board(session: Session, board: Round) -> set[str]:
    """The levels of the partners that have had an offer on this board: its head starts were reckoned with them."""
    offered = select(Tier.code).join(Partnership, Partnership.tier_id == Tier.id)
    return set(
        session.scalars(offered.join(Offer, Offer.partnership_id == Partnership.id).where(Offer.round_id == board.id))
    )


def _go_on_when_nobody_is_left(
    session: Session, lead: Lead, open_round: Round, rules: ManufacturerRules, now: datetime
) -> None:
    """An exclusive offer that was withdrawn goes to the next partner; a board nobody may see any more is reviewed."""
    is_open = session.scalar(select(Offer.id).where(Offer.round_id == open_round.id, Offer.answer.is_(None)).limit(1))
    if is_open is not None:
        return
    if open_round.kind is RoundKind.PUSH:
        follow_push(session, lead, open_round, rules, now, cause="network_changed")
    elif open_round.kind is RoundKind.BOARD:
        close_round(session, lead, RoundOutcome.NOBODY_ELIGIBLE)
        session.flush()
        considered = consider_partnerships(session, lead, rules, now)
        start_rounds(session, lead, considered, rules, now, cause="network_changed")

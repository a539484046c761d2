"""Taking and declining offers. Exactly one partner wins a lead: the conditional UPDATE of its row is the lock."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Date as SqlDate
from sqlalchemy import case, cast, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.database import clock_now, read_clock, transaction
from app.domain.audit import EventKind, audience_of
from app.domain.claims import decide_claim, decide_decline
from app.domain.deadlines import Clock, DeadlineKind, due_at
from app.domain.distribution import (
    AssignmentOrigin,
    DeclineReason,
    OfferAnswer,
    RoundKind,
    RoundOutcome,
)
from app.domain.errors import Forbidden, Refused
from app.domain.identity import PARTNER_ROLES, Viewer
from app.domain.leads import LeadState
from app.domain.notifications import MailKind
from app.domain.partners import PartnershipStatus
from app.domain.phrases import N_, Phrase
from app.models import (
    Assignment,
    Deadline,
    Event,
    Lead,
    Offer,
    Organisation,
    OutboxMessage,
    Partnership,
    Reveal,
    Round,
    Tier,
)
from app.queries.claims import claim_facts, offer_owner
from app.queries.manufacturers import contact_windows, manufacturer_rules, organisation_calendar
from app.services.audit import record_event
from app.services.distribution.deadlines import cancel_promises
from app.services.distribution.rounds import advance, close_round, follow_push


@dataclass(frozen=True, slots=True)
class Claimed:
    """The lead is the partner's. `contact_due_at` is when the first contact attempt is due, None once it was made."""

    lead_id: uuid.UUID
    assignment_id: int
    contact_due_at: datetime | None
    is_repeat: bool


@dataclass(frozen=True, slots=True)
class _Taken:
    """What the winning UPDATE found."""

    lead_id: uuid.UUID
    manufacturer_id: int
    is_hot: bool
    partnership_id: int
    partner_id: int
    round_id: int
    eligibility_version: int
    kind: RoundKind
    now: datetime


def claim_offer(*, offer_id: uuid.UUID, actor: Viewer) -> Claimed:
    """Let a partner take an offered lead, from the board or as an exclusive offer; the first one wins (B-06).

    One transaction: the lead's row, then the partnership's capacity, then the rest (measured: two round trips fewer
    than reading first; a loser stops at the first statement). Raises `NotFound` for an offer that is not the actor's,
    `ClaimRefused` with rule, number and remedy. A repeat by the winner returns the same assignment.
    """
    if not actor.has_role(*PARTNER_ROLES):
        raise Forbidden
    try:
        with transaction() as session:
            taken = _take_lead(session, offer_id, actor)
            if taken is not None and _take_capacity(session, taken) and _close_taken_round(session, taken):
                return _settle(session, taken, offer_id, actor)
            session.rollback()
    except IntegrityError:
        # The partial unique index on active assignments kept its promise; the rule below says it in words.
        pass
    return _explain(offer_id, actor)


def _take_lead(session: Session, offer_id: uuid.UUID, actor: Viewer) -> _Taken | None:
    statement = (
        update(Lead)
        .where(
            Offer.id == offer_id,
            Offer.partner_id == actor.organisation_id,
            Offer.answer.is_(None),
            Offer.visible_from <= clock_now(),
            Offer.expires_at > clock_now(),
            Round.id == Offer.round_id,
            Round.closed_at.is_(None),
            Lead.id == Offer.lead_id,
            Lead.state == LeadState.DISTRIBUTING,
        )
        .values(
            state=LeadState.ASSIGNED,
            first_assigned_at=func.coalesce(Lead.first_assigned_at, clock_now()),
            updated_at=clock_now(),
        )
        .returning(
            Lead.id.label("lead_id"),
            Lead.manufacturer_id,
            Lead.is_hot,
            Offer.partnership_id,
            Offer.partner_id,
            Offer.round_id,
            Offer.eligibility_version,
            Round.kind,
            clock_now().label("now"),
        )
        .execution_options(synchronize_session=False)
    )
    row = session.execute(statement).one_or_none()
    return _Taken(*row) if row is not None else None


def _take_capacity(session: Session, taken: _Taken) -> bool:
    """Count the claim against both caps, or find that there is no room; the row lock makes parallel claims wait."""
    today = cast(func.timezone(Organisation.time_zone, clock_now()), SqlDate)
    that_day = case((Partnership.claims_on == today, Partnership.claims_that_day), else_=0)
    statement = (
        update(Partnership)
        .where(
            Partnership.id == taken.partnership_id,
            Organisation.id == Partnership.partner_id,
            Tier.id == Partnership.tier_id,
            Partnership.status == PartnershipStatus.ACTIVE,
            Partnership.eligibility_version == taken.eligibility_version,
            or_(Partnership.claims_suspended_until.is_(None), Partnership.claims_suspended_until <= clock_now()),
            Partnership.unworked_claims < func.coalesce(Partnership.max_open_claims, Tier.max_open_claims),
            that_day < func.coalesce(Partnership.max_claims_per_day, Tier.max_claims_per_day),
        )
        .values(unworked_claims=Partnership.unworked_claims + 1, claims_on=today, claims_that_day=that_day + 1)
        .returning(Partnership.id)
        .execution_options(synchronize_session=False)
    )
    return session.execute(statement).one_or_none() is not None


def _close_taken_round(session: Session, taken: _Taken) -> bool:
    outcome = RoundOutcome.CLAIMED if taken.kind is RoundKind.BOARD else RoundOutcome.ACCEPTED
    statement = (
        update(Round)
        .where(Round.id == taken.round_id, Round.closed_at.is_(None))
        .values(closed_at=clock_now(), outcome=outcome)
        .returning(Round.id)
        .execution_options(synchronize_session=False)
    )
    return session.execute(statement).one_or_none() is not None


def _settle(session: Session, taken: _Taken, offer_id: uuid.UUID, actor: Viewer) -> Claimed:
    """Write what the claim means: answers, assignment, contact deadline, trail, reveal, mail."""
    session.execute(
        update(Offer)
        .where(Offer.round_id == taken.round_id, Offer.answer.is_(None))
        .values(
            answer=case((Offer.id == offer_id, OfferAnswer.CLAIMED.value), else_=OfferAnswer.LOST_RACE.value),
            answered_at=clock_now(),
            answered_by_id=case((Offer.id == offer_id, actor.user_id), else_=None),
        )
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Deadline)
        .where(Deadline.lead_id == taken.lead_id, Deadline.fired_at.is_(None), Deadline.cancelled_at.is_(None))
        .values(cancelled_at=clock_now())
        .execution_options(synchronize_session=False)
    )
    is_push = taken.kind is not RoundKind.BOARD
    assignment_id: int = session.execute(
        insert(Assignment)
        .values(
            lead_id=taken.lead_id,
            manufacturer_id=taken.manufacturer_id,
            partnership_id=taken.partnership_id,
            partner_id=taken.partner_id,
            offer_id=offer_id,
            origin=AssignmentOrigin.PUSH if is_push else AssignmentOrigin.CLAIM,
        )
        .returning(Assignment.id)
    ).scalar_one()
    window = contact_windows(session, taken.manufacturer_id).window_for(is_hot=taken.is_hot)
    due = due_at(window, organisation_calendar(session, taken.partner_id), taken.now)
    session.execute(
        insert(Deadline).values(
            manufacturer_id=taken.manufacturer_id,
            lead_id=taken.lead_id,
            kind=DeadlineKind.CONTACT_DUE,
            clock=Clock.WORKING,
            due_at=due,
            assignment_id=assignment_id,
        )
    )
    _tell(session, taken, assignment_id, actor, is_push=is_push)
    return Claimed(taken.lead_id, assignment_id, due, is_repeat=False)


def _tell(session: Session, taken: _Taken, assignment_id: int, actor: Viewer, *, is_push: bool) -> None:
    kinds = (
        EventKind.OFFER_ACCEPTED if is_push else EventKind.OFFER_CLAIMED,
        EventKind.LEAD_ASSIGNED,
        EventKind.LEAD_REVEALED,
    )
    session.execute(
        insert(Event),
        [
            {
                "kind": kind,
                "audience": audience_of(kind),
                "manufacturer_id": taken.manufacturer_id,
                "lead_id": taken.lead_id,
                "partnership_id": taken.partnership_id,
                "actor_user_id": actor.user_id,
                "actor_organisation_id": actor.organisation_id,
                "data": {"origin": "push" if is_push else "claim"},
            }
            for kind in kinds
        ],
    )
    session.execute(
        insert(Reveal).values(
            lead_id=taken.lead_id,
            user_id=actor.user_id,
            organisation_id=actor.organisation_id,
            ground=f"assignment:{assignment_id}",
        )
    )
    session.execute(
        insert(OutboxMessage).values(
            kind=MailKind.LEAD_CLAIMED_TO_WINNER.value,
            user_id=actor.user_id,
            payload={"lead_id": str(taken.lead_id)},
            once_key=f"claimed:{assignment_id}:{actor.user_id}",
        )
    )


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
        cancel_promises(session, lead.id, DeadlineKind.PUSH_EXPIRES)
        session.flush()
        _go_on_after_decline(session, lead, offer)


def _go_on_after_decline(session: Session, lead: Lead, offer: Offer) -> None:
    round_ = session.get_one(Round, offer.round_id)
    rules = manufacturer_rules(session, lead.manufacturer_id)
    now = read_clock(session)
    if round_.kind is RoundKind.PUSH:
        follow_push(session, lead, round_, rules, now, cause="declined")
        return
    is_anybody_left = session.scalar(
        select(Offer.id).where(Offer.round_id == round_.id, Offer.answer.is_(None)).limit(1)
    )
    if is_anybody_left is None:
        close_round(session, lead, RoundOutcome.DECLINED)
        session.flush()
        advance(session, lead, round_.kind, rules, now, cause="everybody_declined")

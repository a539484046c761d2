"""Leads whose owner was passed by while it took no part: once it is back, those that nobody has are its own again."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.account_routing.levels import OWNER_GONE, OWNER_RESTS
from app.domain.distribution import ENABLED_ROUNDS, RoundKind, next_round
from app.domain.leads import LeadState, ReviewReason
from app.models import Lead, Offer, Round, RoutingDecision
from app.queries.holdings import asked_alone
from app.queries.manufacturers import manufacturer_rules
from app.services.account_routing import find_route
from app.services.distribution.deciding import consider_partnerships
from app.services.distribution.owning import OWNER_NOT_ACTIVE, owner_obstacle
from app.services.distribution.planning import traits_of
from app.services.distribution.rounds import close_round, end_of_push
from app.services.lead_routing import resume_routing

_PASSED_BY = (OWNER_GONE, OWNER_RESTS, OWNER_NOT_ACTIVE)
"""What a decision says that went past the owner since that took no part."""


def give_back_to_owner(
    session: Session, lead: Lead, *, cause: str, partnership_ids: Collection[int] | None = None
) -> bool:
    """Reserve a lead that nobody has to the owner that was passed by while it rested and takes part again (P-01).

    It is taken from the board, the own queue or a review that found nobody; a partner that is asked alone answers
    first. Only where the owner is one of `partnership_ids`, if any are named. False where all stays as it is. The
    caller holds the lead's lock, so whoever claims the lead at this moment has it before or finds it gone.
    """
    if not _was_passed_by(session, lead) or not _is_nobodys(session, lead):
        return False
    if not _is_the_owners_again(session, lead, partnership_ids):
        return False
    close_round(session, lead, end_of_push(cause))
    session.flush()
    resume_routing(session, lead, cause=cause)
    return True


def _was_passed_by(session: Session, lead: Lead) -> bool:
    passed_by = [RoutingDecision.reasons.contains([{"text": why.template}]) for why in _PASSED_BY]
    decided = select(RoutingDecision.id).where(RoutingDecision.lead_id == lead.id, or_(*passed_by))
    return session.scalar(decided.limit(1)) is not None


def _is_nobodys(session: Session, lead: Lead) -> bool:
    if lead.state is LeadState.IN_REVIEW:
        return lead.review_reason is ReviewReason.NOBODY_ELIGIBLE
    is_asked = select(exists().where(Offer.lead_id == lead.id, asked_alone()))
    is_open = select(exists().where(_is_open_round_of(lead)))
    return lead.state is LeadState.DISTRIBUTING and bool(session.scalar(is_open)) and not session.scalar(is_asked)


def _is_open_round_of(lead: Lead) -> ColumnElement[bool]:
    return and_(Round.lead_id == lead.id, Round.closed_at.is_(None))


def _is_the_owners_again(session: Session, lead: Lead, partnership_ids: Collection[int] | None) -> bool:
    """Whether the lead would be reserved to its owner now, which is one of these."""
    rules, now = manufacturer_rules(session, lead.manufacturer_id), read_clock(session)
    owner = find_route(session, lead, rules, now).owner
    owner_id = owner.partnership_id if owner else None
    if owner_id is None or (partnership_ids is not None and owner_id not in partnership_ids):
        return False
    if owner_obstacle(session, lead, owner_id):
        return False
    considered = consider_partnerships(session, lead, rules, now)
    traits = traits_of(session, lead, considered, rules.plan, has_owner=True)
    line = next_round(rules.plan, None, traits, ENABLED_ROUNDS)
    return line is not None and line.kind is RoundKind.OWNER

"""One open lead matched again: where it should be now, compared with where it is."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.account_routing.levels import AccountRoute, Destination
from app.domain.audit import EventKind
from app.domain.distribution import RoundKind, RoundOutcome
from app.domain.leads import LeadState, ReviewReason
from app.domain.matching.decision import MatchDecision, MatchKind
from app.domain.review import ReviewDecision
from app.models import Event, Lead, Offer, Review, Round, RoutingDecision
from app.queries.manufacturers import manufacturer_rules
from app.services.account_routing import find_route
from app.services.distribution.owning import owner_obstacle
from app.services.distribution.rounds import close_round
from app.services.lead_routing import follow_match
from app.services.matching import let_others_find, match_lead, review_candidates
from app.services.routing_rules import note_change

Place = tuple[str, object]
"""Where a lead is or belongs: with which owner, before a person for which reason, or in the plan."""

_PLAN: Place = ("plan", None)
_ABOUT_ITS_ACCOUNT = frozenset(
    {
        ReviewReason.NEAR_MATCH,
        ReviewReason.OWNER_CONFLICT,
        ReviewReason.COMPETITOR,
        ReviewReason.PARTNER_COMPANY,
    }
)
"""Questions that a better knowledge of companies may answer; any other one is a person's whatever accounts say."""


def match_again(session: Session, lead: Lead) -> bool:
    """Match a lead with the accounts as they are now; returns whether its account, its level or its way has changed.

    The caller holds the lead's lock; the lead is nurtured, in review or on its way to partners. It is routed anew only
    where that leads elsewhere than it is, and never when a person has sent it on its way.
    """
    account_before, level_before, place = lead.account_id, lead.account_level, _place_of(session, lead)
    rules, now = manufacturer_rules(session, lead.manufacturer_id), read_clock(session)
    match = match_lead(session, lead)
    route = find_route(session, lead, rules, now)
    has_changed = (lead.account_id, lead.account_level) != (account_before, level_before)
    if place is not None and not _is_sent_by_a_person(session, lead):
        wanted = _wanted_place(session, lead, match, route)
        if wanted == place or _may_stay(session, lead, route, place, wanted, has_changed=has_changed):
            _renew_candidates(session, lead, match)
        else:
            close_round(session, lead, RoundOutcome.WITHDRAWN)
            session.flush()
            follow_match(session, lead, match, route, rules, now, cause="accounts_changed")
            has_changed = True
    if has_changed:
        note_change(session, lead)
    let_others_find(session, lead, match)
    return has_changed


def _place_of(session: Session, lead: Lead) -> Place | None:
    """Where the lead is; None where it stays whatever its account is."""
    if lead.state is LeadState.IN_REVIEW:
        if lead.review_reason is ReviewReason.NOBODY_ELIGIBLE:
            return _PLAN
        return ("review", lead.review_reason) if lead.review_reason in _ABOUT_ITS_ACCOUNT else None
    if lead.state is not LeadState.DISTRIBUTING:
        return None
    owner = (
        select(Offer.partnership_id)
        .join(Round, Round.id == Offer.round_id)
        .where(Round.lead_id == lead.id, Round.closed_at.is_(None), Round.kind == RoundKind.OWNER)
    )
    owner_id = session.scalar(owner.order_by(Offer.id.desc()).limit(1))
    return ("partner", owner_id) if owner_id is not None else _PLAN


def _wanted_place(session: Session, lead: Lead, match: MatchDecision, route: AccountRoute) -> Place:
    """Where the lead belongs now; an owner that may not have it, or has let it pass, leaves it to the plan."""
    if route.destination is Destination.REVIEW:
        return ("review", route.review_reason)
    if route.destination is Destination.DISQUALIFIED:
        return ("disqualified", None)
    if route.owner is not None and route.owner.user_id is not None:
        return ("seller", route.owner.user_id)
    if route.owner is not None and route.owner.partnership_id is not None:
        owner_id = route.owner.partnership_id
        if _is_offered_now(session, lead, owner_id) or owner_obstacle(session, lead, owner_id) is None:
            return ("partner", owner_id)
        return _PLAN
    return ("review", ReviewReason.NEAR_MATCH) if match.kind is MatchKind.POSSIBLE else _PLAN


def _may_stay(
    session: Session, lead: Lead, route: AccountRoute, place: Place, wanted: Place, *, has_changed: bool
) -> bool:
    """Whether a lead in its plan stays there: for a mere likeness, and where the same answer has led there before.

    A plan may have no round for owners, so that routing anew for the same reasons would only begin it again and again.
    """
    if place != _PLAN:
        return False
    if wanted == ("review", ReviewReason.NEAR_MATCH):
        return True
    if has_changed or wanted[0] != "partner":
        return False
    latest = select(RoutingDecision.reasons).where(RoutingDecision.lead_id == lead.id)
    said = session.scalar(latest.order_by(RoutingDecision.id.desc()).limit(1)) or []
    return [reason.to_json() for reason in route.reasons] == said[: len(route.reasons)]


def _is_offered_now(session: Session, lead: Lead, partnership_id: int) -> bool:
    return _place_of(session, lead) == ("partner", partnership_id)


def _is_sent_by_a_person(session: Session, lead: Lead) -> bool:
    """Whether somebody released the lead or decided that the plan goes on with it."""
    released = select(Event.id).where(Event.lead_id == lead.id, Event.kind == EventKind.LEAD_RELEASED)
    decided = select(Review.id).where(
        Review.lead_id == lead.id,
        Review.decision.in_((ReviewDecision.SENT_TO_PLAN, ReviewDecision.NOT_THIS)),
        Review.decided_by_id.is_not(None),
    )
    return any(session.scalar(found.limit(1)) is not None for found in (released, decided))


def _renew_candidates(session: Session, lead: Lead, match: MatchDecision) -> None:
    """Put the accounts as they are known now before whoever decides about a near match."""
    if lead.review_reason is not ReviewReason.NEAR_MATCH:
        return
    review = session.scalars(select(Review).where(Review.lead_id == lead.id, Review.decided_at.is_(None))).one_or_none()
    if review is not None:
        review.candidates = review_candidates(match)

"""What will happen when a lead is matched with an account: the levels of account routing, asked beforehand."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy.orm import Session

from app.database import db, read_clock
from app.domain.account_routing.facts import Owner
from app.domain.account_routing.levels import AccountRoute, Destination, decide_account_route
from app.domain.distribution import RoundKind
from app.domain.labels import label_of
from app.domain.leads import ReviewReason
from app.domain.phrases import N_, Phrase
from app.domain.reservations import reservation_rule
from app.models import Lead, Partnership, User
from app.queries.account_routing import route_facts
from app.queries.manufacturers import ManufacturerRules, contact_ladder, manufacturer_rules
from app.queries.reviews.answers import reasons_answered


def outcomes_of(lead: Lead, reason: ReviewReason, account_ids: Collection[int]) -> Mapping[int, Phrase]:
    """For each account what happens to the lead once the question, asked for `reason`, is answered with it."""
    if not account_ids:
        return {}
    session = db.session()
    rules = manufacturer_rules(session, lead.manufacturer_id)
    now = read_clock(session)
    asked = _owner_rule(session, lead, rules)
    answered = reasons_answered(session, lead.id) | {reason}
    told: dict[int, Phrase] = {}
    for account_id in account_ids:
        facts = route_facts(session, lead, now=now, zone=rules.time_zone, account_id=account_id)
        told[account_id] = _outcome(decide_account_route(facts.answered(answered)), asked)
    return told


def _owner_rule(session: Session, lead: Lead, rules: ManufacturerRules) -> Phrase | None:
    """How long an owner would have by the plan in force; None where that has no owner round."""
    line = rules.plan.round_of(RoundKind.OWNER)
    if line is None:
        return None
    return reservation_rule(line, contact_ladder(session, rules.plan_id), is_hot=lead.is_hot)


def _outcome(route: AccountRoute, asked: Phrase | None) -> Phrase:
    if route.destination is Destination.OWNER and route.owner is not None:
        return _to_owner(route.owner, asked)
    if route.destination is Destination.REVIEW and route.review_reason is not None:
        return Phrase(N_("Then it comes back to this queue: %(reason)s."), {"reason": label_of(route.review_reason)})
    if route.destination is Destination.DISQUALIFIED:
        return Phrase(N_("Then it is disqualified, as your settings say of competitors."))
    return Phrase(N_("Then it goes to partners by the plan; nobody owns this account."))


def _to_owner(owner: Owner, asked: Phrase | None) -> Phrase:
    if owner.partnership_id is None:
        seller = db.session.get(User, owner.user_id)
        return Phrase(N_("Then it goes to your colleague %(name)s."), {"name": seller.name if seller else "–"})
    partnership = db.session.get(Partnership, owner.partnership_id)
    values = {"name": partnership.name if partnership else "–", "asked": asked or ""}
    return Phrase(N_("Then it is reserved to %(name)s. %(asked)s"), values)

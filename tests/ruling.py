"""Routing rules of Acme's for tests, and what becomes of leads that meet them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.identity import OrganisationKind, Viewer
from app.domain.lead_conditions import ConditionGroup, FieldCondition, Junction, LeadField, Operator
from app.domain.notifications import MailKind
from app.domain.routing_rules import RoutingRule, RuleTrigger
from app.domain.rule_actions import RuleActions
from app.models import (
    Lead,
    Offer,
    OutboxMessage,
    User,
)
from app.services.lead_routing import route_lead
from app.services.routing_rules import create_rule
from tests import factories
from tests.cast import Cast


def keep(
    cast: Cast,
    *conditions: tuple[LeadField, Operator, str],
    trigger: RuleTrigger = RuleTrigger.RECEIVED,
    name: str = "Own rule",
    **actions: Any,
) -> int:
    """A rule of Acme's that is in force from now on."""
    group = ConditionGroup(Junction.ALL, tuple(FieldCondition(*one) for one in conditions))
    rule = RoutingRule(name, group, RuleActions(**actions), trigger=trigger)
    return create_rule(actor=cast.viewer("carl"), rule=rule).id


def routed(session: Session, cast: Cast, products: tuple[str, ...] = ("pump",), **values: Any) -> Lead:
    """A new lead of Acme's, routed."""
    lead = factories.lead(session, cast.acme, [cast.products[one] for one in products], **values)
    session.commit()
    route_lead(lead_id=lead.id)
    return session.get_one(Lead, lead.id, populate_existing=True)


def offered_to(session: Session, cast: Cast, lead: Lead) -> set[str]:
    """Who has an open offer of the lead."""
    ids = set(session.scalars(select(Offer.partnership_id).where(Offer.lead_id == lead.id, Offer.answer.is_(None))))
    return {name for name, one in cast.partnerships.items() if one.id in ids}


def told(session: Session, cast: Cast) -> list[str]:
    """Who is owed the mail of a rule, by name."""
    owed = select(OutboxMessage.user_id).where(OutboxMessage.kind == MailKind.ROUTING_RULE_TO_COLLEAGUE)
    ids = list(session.scalars(owed))
    return sorted(name for name, person in cast.people.items() for one in ids if one == person.id)


def viewer_of(session: Session, partner_id: int) -> Viewer:
    """The one person of a partner."""
    user = session.scalars(select(User).where(User.organisation_id == partner_id)).one()
    return Viewer(user.id, partner_id, OrganisationKind.PARTNER, user.role, user.name)


def ids(cast: Cast, *names: str) -> frozenset[int]:
    return frozenset(cast.partnerships[name].id for name in names)

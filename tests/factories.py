"""Rows for tests: each function makes one thing that is valid as it stands, and takes what the test is about."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.domain.accounts import AccountNameKind, AccountStatus
from app.domain.consent import ConsentScope
from app.domain.distribution import AssignmentOrigin, RoundKind, default_plan
from app.domain.identity import OrganisationKind, Role
from app.domain.leads import LeadState, SourceKind
from app.domain.partners import DEFAULT_TIERS, PartnershipStatus
from app.models import (
    Account,
    AccountDomain,
    Assignment,
    Authorisation,
    Certification,
    Consent,
    DistributionPlan,
    Lead,
    ManufacturerSettings,
    Offer,
    Organisation,
    Partnership,
    ProductLine,
    Round,
    TerritoryRule,
    Tier,
    User,
)
from app.services.account_names import write_names


def organisation(session: Session, name: str, kind: OrganisationKind, **values: Any) -> Organisation:
    """An organisation; a manufacturer comes with its settings."""
    made = Organisation(kind=kind, name=name, slug=f"{name.lower()}-{uuid.uuid4().hex[:6]}", **values)
    session.add(made)
    session.flush()
    if kind is OrganisationKind.MANUFACTURER:
        session.add(ManufacturerSettings(manufacturer_id=made.id))
        session.add(DistributionPlan(manufacturer_id=made.id, version=1, rounds=default_plan().to_json()))
        session.flush()
    return made


def user(session: Session, organisation: Organisation, role: Role, name: str, **values: Any) -> User:
    """A person who has joined; there is no password, tests sign in with a session row."""
    email = values.pop("email", f"{name}@{organisation.slug}.example")
    values = {"joined_at": datetime.now(UTC)} | values
    made = User(organisation=organisation, email=email, name=name.capitalize(), role=role, **values)
    session.add(made)
    session.flush()
    return made


def tiers(session: Session, manufacturer: Organisation) -> dict[str, Tier]:
    """The four default levels."""
    made = {
        rule.key: Tier(
            manufacturer_id=manufacturer.id,
            code=rule.key,
            name=rule.key.capitalize(),
            rank=rule.rank,
            head_start_minutes=int(rule.head_start.total_seconds() // 60),
        )
        for rule in DEFAULT_TIERS
    }
    session.add_all(made.values())
    session.flush()
    return made


def product_line(
    session: Session,
    manufacturer: Organisation,
    code: str,
    name: str,
    *,
    min_tier: Tier | None = None,
    requires_certification: bool = False,
) -> ProductLine:
    """A product line."""
    made = ProductLine(
        manufacturer_id=manufacturer.id,
        code=code,
        name=name,
        min_tier_id=min_tier.id if min_tier else None,
        requires_certification=requires_certification,
    )
    session.add(made)
    session.flush()
    return made


def partnership(
    session: Session,
    manufacturer: Organisation,
    partner: Organisation,
    tier: Tier,
    *,
    products: Sequence[ProductLine] = (),
    countries: Sequence[str] = (),
    status: PartnershipStatus = PartnershipStatus.ACTIVE,
    **values: Any,
) -> Partnership:
    """An active partnership, authorised and certified for `products`, with whole countries as its territory."""
    code = values.pop("code", f"P-{partner.slug}")
    made = Partnership(
        manufacturer_id=manufacturer.id,
        partner_id=partner.id,
        code=code,
        name=partner.name,
        tier=tier,
        status=status,
        **values,
    )
    session.add(made)
    session.flush()
    for product in products:
        session.add(Authorisation(partnership_id=made.id, product_line_id=product.id))
        session.add(Certification(partnership_id=made.id, product_line_id=product.id, valid_until=date(2099, 12, 31)))
    for country in countries:
        session.add(TerritoryRule(partnership_id=made.id, manufacturer_id=manufacturer.id, country=country))
    session.flush()
    return made


def lead(
    session: Session,
    manufacturer: Organisation,
    products: Sequence[ProductLine],
    *,
    consent: ConsentScope = ConsentScope.ANY_ELIGIBLE,
    named: Sequence[Partnership] = (),
    **values: Any,
) -> Lead:
    """A received lead from Munich that may go to any eligible partner."""
    filled: dict[str, Any] = {
        "state": LeadState.RECEIVED,
        "given_name": "Katrin",
        "family_name": "Vogel",
        "email": f"k.vogel.{uuid.uuid4().hex[:6]}@hofmann.example",
        "company": "Hofmann Präzision GmbH",
        "company_key": "hofmann praezision",
        "country": "DE",
        "subdivision": "DE-BY",
        "postal_code": "80331",
        "city": "München",
        "source_kind": SourceKind.WEB_FORM,
        "score": 70,
        "asked_at": datetime.now(UTC),
    }
    made = Lead(manufacturer_id=manufacturer.id, product_lines=list(products), **(filled | values))
    session.add(made)
    session.flush()
    session.add(
        Consent(
            lead_id=made.id,
            scope=consent,
            partnership_ids=[partnership.id for partnership in named],
            given_at=datetime.now(UTC),
        )
    )
    session.flush()
    return made


def account(
    session: Session, manufacturer: Organisation, name: str = "Hofmann Präzision GmbH", *domains: str, **values: Any
) -> Account:
    """A customer under one name, found by its domains and its name."""
    filled: dict[str, Any] = {"code": f"A{uuid.uuid4().hex[:8]}", "country": "DE", "status": AccountStatus.CUSTOMER}
    made = Account(manufacturer_id=manufacturer.id, name=name, **(filled | values))
    write_names(made, [(AccountNameKind.NAME, name)])
    made.domains = [AccountDomain(manufacturer_id=manufacturer.id, domain=domain) for domain in domains]
    session.add(made)
    session.flush()
    return made


def assignment(
    session: Session,
    lead: Lead,
    *,
    partnership: Partnership | None = None,
    seller: User | None = None,
    **values: Any,
) -> Assignment:
    """Somebody works the lead now: a partner that has taken capacity for it, or one of the manufacturer's people."""
    filled: dict[str, Any] = {"origin": AssignmentOrigin.CLAIM if partnership else AssignmentOrigin.HAND}
    made = Assignment(
        lead_id=lead.id,
        manufacturer_id=lead.manufacturer_id,
        partnership_id=partnership.id if partnership else None,
        partner_id=partnership.partner_id if partnership else None,
        user_id=seller.id if seller else None,
        **(filled | values),
    )
    lead.state = LeadState.ASSIGNED
    if partnership is not None and made.ended_at is None and made.first_attempt_at is None:
        partnership.unworked_claims += 1
    session.add(made)
    session.flush()
    return made


def round_(session: Session, lead: Lead, kind: RoundKind = RoundKind.BOARD, *, number: int = 1, **values: Any) -> Round:
    """An open round of a lead, closing in a day."""
    filled: dict[str, Any] = {"closes_at": datetime.now(UTC) + timedelta(days=1)}
    made = Round(manufacturer_id=lead.manufacturer_id, lead_id=lead.id, kind=kind, number=number, **(filled | values))
    lead.state = LeadState.DISTRIBUTING
    session.add(made)
    session.flush()
    return made


def offer(session: Session, round_: Round, partnership: Partnership, **values: Any) -> Offer:
    """An unanswered offer of a round, visible since a minute ago and as long as the round is open."""
    now = datetime.now(UTC)
    filled: dict[str, Any] = {
        "visible_from": now - timedelta(minutes=1),
        "expires_at": round_.closes_at or now + timedelta(days=1),
        "eligibility_version": partnership.eligibility_version,
    }
    made = Offer(
        round_id=round_.id,
        lead_id=round_.lead_id,
        manufacturer_id=round_.manufacturer_id,
        partnership_id=partnership.id,
        partner_id=partnership.partner_id,
        **(filled | values),
    )
    session.add(made)
    session.flush()
    return made

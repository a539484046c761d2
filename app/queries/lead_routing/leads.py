"""The leads as the rules of routing look at them."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.domain.catalog import ProductLine as ProductFacts
from app.domain.consent import ConsentScope
from app.domain.lead_routing.facts import Company, LeadFacts
from app.domain.partners import TierRule
from app.domain.territories import Place
from app.models import Consent, Lead, LeadProductLine, ProductLine, Tier


def lead_facts(session: Session, leads: Collection[Lead]) -> tuple[frozenset[int], Mapping[uuid.UUID, LeadFacts]]:
    """The product lines that any of the leads asks for, by id, and what the rules see of each lead."""
    ids = [lead.id for lead in leads]
    asked_for, products = _products(session, ids)
    consents = {one.lead_id: one for one in session.scalars(select(Consent).where(Consent.lead_id.in_(ids)))}
    return asked_for, {lead.id: _facts(lead, tuple(products[lead.id]), consents.get(lead.id)) for lead in leads}


def _products(
    session: Session, lead_ids: Collection[uuid.UUID]
) -> tuple[frozenset[int], dict[uuid.UUID, list[ProductFacts]]]:
    minimum = aliased(Tier)
    rows = session.execute(
        select(
            LeadProductLine.lead_id,
            ProductLine.id,
            ProductLine.code,
            ProductLine.requires_certification,
            minimum.code.label("tier"),
            minimum.rank,
        )
        .join(LeadProductLine, LeadProductLine.product_line_id == ProductLine.id)
        .outerjoin(minimum, minimum.id == ProductLine.min_tier_id)
        .where(LeadProductLine.lead_id.in_(lead_ids))
        .order_by(ProductLine.code)
    ).all()
    products: dict[uuid.UUID, list[ProductFacts]] = defaultdict(list)
    for row in rows:
        lowest = TierRule(row.tier, row.rank) if row.tier is not None else None
        products[row.lead_id].append(ProductFacts(row.code, lowest, row.requires_certification))
    return frozenset(row.id for row in rows), products


def _facts(lead: Lead, products: tuple[ProductFacts, ...], consent: Consent | None) -> LeadFacts:
    is_withdrawn = consent is None or consent.withdrawn_at is not None
    return LeadFacts(
        place=Place(lead.country, lead.subdivision, lead.postal_code),
        products=products,
        consent_scope=ConsentScope.NONE if is_withdrawn or consent is None else consent.scope,
        consent_partnership_ids=frozenset(consent.partnership_ids if consent else ()),
        industry=lead.industry or None,
        employees=lead.employees,
        prospect=Company(lead.company_key, lead.company_domain or ""),
    )

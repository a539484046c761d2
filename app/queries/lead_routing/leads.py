"""The leads as the rules of routing look at them."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, aliased

from app.domain.catalog import ProductLine as ProductFacts
from app.domain.consent import ConsentScope
from app.domain.lead_routing.facts import Company, LeadFacts
from app.domain.partners import TierRule
from app.domain.territories import Place
from app.models import Consent, Lead, LeadProductLine, ProductLine, Tier

_MINIMUM = aliased(Tier)
_CONSENTS_AND_PRODUCTS = (
    select(
        Lead.id.label("lead_id"),
        Consent.scope,
        Consent.partnership_ids,
        ProductLine.id.label("product_id"),
        ProductLine.code,
        ProductLine.requires_certification,
        _MINIMUM.code.label("tier"),
        _MINIMUM.rank,
    )
    .outerjoin(Consent, (Consent.lead_id == Lead.id) & Consent.withdrawn_at.is_(None))
    .outerjoin(LeadProductLine, LeadProductLine.lead_id == Lead.id)
    .outerjoin(ProductLine, ProductLine.id == LeadProductLine.product_line_id)
    .outerjoin(_MINIMUM, _MINIMUM.id == ProductLine.min_tier_id)
    .where(Lead.id.in_(bindparam("lead_ids", expanding=True)))
    .order_by(ProductLine.code)
)
"""A row for each product line of each lead, its consent on each of them."""


def lead_facts(session: Session, leads: Collection[Lead]) -> tuple[frozenset[int], Mapping[uuid.UUID, LeadFacts]]:
    """The product lines that any of the leads asks for, by id, and what the rules see of each lead."""
    rows: Mapping[uuid.UUID, list[Any]] = defaultdict(list)
    for row in session.execute(_CONSENTS_AND_PRODUCTS, {"lead_ids": [lead.id for lead in leads]}):
        rows[row.lead_id].append(row)
    asked_for = frozenset(row.product_id for found in rows.values() for row in found if row.product_id is not None)
    return asked_for, {lead.id: _facts(lead, rows[lead.id]) for lead in leads}


def _facts(lead: Lead, rows: Sequence[Any]) -> LeadFacts:
    return LeadFacts(
        place=Place(lead.country, lead.subdivision, lead.postal_code),
        products=tuple(_product(row) for row in rows if row.product_id is not None),
        consent_scope=rows[0].scope or ConsentScope.NONE,
        consent_partnership_ids=frozenset(rows[0].partnership_ids or ()),
        industry=lead.industry or None,
        employees=lead.employees,
        prospect=Company(lead.company_key, lead.company_domain or ""),
    )


def _product(row: Any) -> ProductFacts:
    lowest = TierRule(row.tier, row.rank) if row.tier is not None else None
    return ProductFacts(row.code, lowest, row.requires_certification)

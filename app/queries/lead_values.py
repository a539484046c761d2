"""All fields of leads as conditions look at them."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import is_one_of
from app.domain.consent import ConsentScope
from app.domain.lead_conditions import LeadField, LeadValues
from app.models import Account, Consent, Lead, LeadProductLine, LeadTouch, ProductLine

_COLUMNS = (
    Lead.id,
    Lead.country,
    Lead.subdivision,
    Lead.postal_code,
    Lead.city,
    Lead.company,
    Lead.industry,
    Lead.employees,
    Lead.job_title,
    Lead.department,
    Lead.source_kind,
    Lead.source_name,
    Lead.campaign,
    Lead.amount_cents,
    Lead.currency,
    Lead.score,
    Lead.is_hot,
    Lead.account_level,
    Lead.language,
    Lead.message,
)


def lead_values(session: Session, lead_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, LeadValues]:
    """The fields of each of these leads; two questions, however many leads there are."""
    products = _products(session, lead_ids)
    touches = select(func.count()).where(LeadTouch.lead_id == Lead.id).scalar_subquery()
    rows = session.execute(
        select(*_COLUMNS, Account.status, Consent.scope, Consent.withdrawn_at, touches.label("touches"))
        .outerjoin(Account, Account.id == Lead.account_id)
        .outerjoin(Consent, Consent.lead_id == Lead.id)
        .where(is_one_of(Lead.id, lead_ids))
    )
    return {row.id: _values(row, products[row.id]) for row in rows}


def _products(session: Session, lead_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, set[str]]:
    products: dict[uuid.UUID, set[str]] = defaultdict(set)
    asked_for = (
        select(LeadProductLine.lead_id, ProductLine.code)
        .join(ProductLine, ProductLine.id == LeadProductLine.product_line_id)
        .where(is_one_of(LeadProductLine.lead_id, lead_ids))
    )
    for lead_id, code in session.execute(asked_for):
        products[lead_id].add(code)
    return products


def _values(lead: Any, products: set[str]) -> LeadValues:
    return {
        LeadField.COUNTRY: lead.country,
        LeadField.SUBDIVISION: lead.subdivision,
        LeadField.POSTAL_CODE: lead.postal_code,
        LeadField.CITY: lead.city,
        LeadField.COMPANY: lead.company,
        LeadField.INDUSTRY: lead.industry,
        LeadField.EMPLOYEES: lead.employees,
        LeadField.JOB_TITLE: lead.job_title,
        LeadField.DEPARTMENT: lead.department,
        LeadField.SOURCE_KIND: lead.source_kind,
        LeadField.SOURCE_NAME: lead.source_name,
        LeadField.CAMPAIGN: lead.campaign,
        LeadField.PRODUCTS: frozenset(products),
        LeadField.AMOUNT: None if lead.amount_cents is None else lead.amount_cents // 100,
        LeadField.CURRENCY: lead.currency,
        LeadField.SCORE: lead.score,
        LeadField.IS_HOT: lead.is_hot,
        LeadField.ACCOUNT_LEVEL: lead.account_level,
        LeadField.ACCOUNT_STATUS: lead.status,
        LeadField.CONSENT: lead.scope if lead.withdrawn_at is None else ConsentScope.NONE,
        LeadField.LANGUAGE: lead.language,
        LeadField.MESSAGE: lead.message,
        LeadField.TIMES_ASKED: 1 + lead.touches,
    }

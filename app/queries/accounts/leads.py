"""All leads of one company: what everybody there asked for, and who works it (K-11)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from app.database import db
from app.domain.identity import Viewer
from app.domain.leads import CLOSED_STATES, LeadState
from app.domain.person_names import full_name
from app.models import (
    Account,
    Assignment,
    CompanyProfile,
    CompanyProfileKey,
    Lead,
    LeadProductLine,
    Partnership,
    ProductLine,
    User,
)
from app.queries.network.own import own_row

SHOWN_LEADS = 50


@dataclass(frozen=True, slots=True)
class AccountLead:
    """One lead of the account."""

    id: uuid.UUID
    reference: str
    company: str
    person: str
    job_title: str
    email: str | None
    products: tuple[str, ...]
    state: LeadState
    worker: str | None
    score: int | None
    is_linked_by_hand: bool
    received_at: datetime


@dataclass(frozen=True, slots=True)
class AccountLeads:
    """The latest leads of an account, how many there are, and by what its company profile knows them."""

    rows: tuple[AccountLead, ...]
    total: int
    open: int
    known_by: tuple[str, ...]


def account_leads(*, viewer: Viewer, account_id: int) -> AccountLeads:
    """The account's leads, newest first."""
    account = own_row(viewer, Account, account_id)
    is_open = Lead.state.not_in(CLOSED_STATES)
    total, still_open = db.session.execute(
        select(func.count(), func.count().filter(is_open)).where(Lead.account_id == account.id)
    ).one()
    return AccountLeads(_rows(account.id), total, still_open, _known_by(account.id))


def _rows(account_id: int) -> tuple[AccountLead, ...]:
    seller = aliased(User)
    found = db.session.execute(
        select(Lead, func.coalesce(Partnership.name, seller.name))
        .outerjoin(Assignment, (Assignment.lead_id == Lead.id) & Assignment.ended_at.is_(None))
        .outerjoin(Partnership, Partnership.id == Assignment.partnership_id)
        .outerjoin(seller, seller.id == Assignment.user_id)
        .where(Lead.account_id == account_id)
        .order_by(Lead.received_at.desc(), Lead.id)
        .limit(SHOWN_LEADS)
    ).all()
    products = _products([lead.id for lead, _worker in found])
    return tuple(
        AccountLead(
            id=lead.id,
            reference=lead.reference,
            company=lead.company,
            person=full_name(lead.given_name, lead.family_name),
            job_title=lead.job_title,
            email=lead.email,
            products=tuple(products.get(lead.id, ())),
            state=lead.state,
            worker=worker,
            score=lead.match_score,
            is_linked_by_hand=lead.is_linked_by_hand,
            received_at=lead.received_at,
        )
        for lead, worker in found
    )


def _products(lead_ids: list[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    rows = db.session.execute(
        select(LeadProductLine.lead_id, ProductLine.name)
        .join(ProductLine, ProductLine.id == LeadProductLine.product_line_id)
        .where(LeadProductLine.lead_id.in_(lead_ids))
        .order_by(ProductLine.name)
    )
    names: dict[uuid.UUID, list[str]] = {}
    for lead_id, name in rows:
        names.setdefault(lead_id, []).append(name)
    return names


def _known_by(account_id: int) -> tuple[str, ...]:
    """The domains and names by which the company's profile recognises its leads."""
    keys = db.session.scalars(
        select(CompanyProfileKey.key)
        .join(CompanyProfile, CompanyProfile.id == CompanyProfileKey.profile_id)
        .where(CompanyProfile.account_id == account_id)
        .order_by(CompanyProfileKey.key)
        .limit(20)
    )
    return tuple(key.partition(":")[2] or key for key in keys)

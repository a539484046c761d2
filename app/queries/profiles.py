"""The whole picture of a company: its leads and contacts, names and domains, as far as the viewer may see (K-11)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Row, Select, case, func, or_, select

from app.database import db
from app.domain.identity import Viewer
from app.domain.leads import LeadState, Stage
from app.domain.person_names import full_name
from app.domain.qualification import ContactRole
from app.models import Account, CompanyProfile, Lead, Partnership, User
from app.queries.cockpit.index import products_of
from app.queries.cockpit.scope import Work, in_sight, is_held, with_work

MOST_LEADS = 50


@dataclass(frozen=True, slots=True)
class CompanyLead:
    """One lead of the company, and who asked. `worker` is named to the manufacturer only."""

    id: uuid.UUID
    reference: str
    person: str
    job_title: str
    department: str
    contact_role: ContactRole | None
    products: tuple[str, ...]
    state: LeadState
    stage: Stage
    is_hot: bool
    worker: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class CompanyPicture:
    """A company as its leads show it. `account_id` is for the manufacturer alone; `total` counts every lead."""

    account_id: int | None
    account: str
    names: tuple[str, ...]
    domains: tuple[str, ...]
    owners: tuple[str, ...]
    leads: tuple[CompanyLead, ...]
    total: int


def company_of_lead(*, viewer: Viewer, lead_id: uuid.UUID) -> CompanyPicture | None:
    """The company of a lead; None when it names none, or when the lead is not the viewer's to see in full.

    A manufacturer sees every lead of the company, a partner those that it works itself.
    """
    lead = db.session.scalar(with_work(select(Lead)).where(Lead.id == lead_id, in_sight(viewer)))
    if lead is None:
        return None
    same: list[ColumnElement[bool]] = []
    if lead.profile_id is not None:
        same.append(Lead.profile_id.in_(members_of_profile(lead.profile_id)))
    if lead.account_id is not None:
        same.append(Lead.account_id == lead.account_id)
    return _picture(viewer, lead.manufacturer_id, or_(*same), lead.account_id) if same else None


def members_of_profile(profile_id: int | BindParameter[int] | None) -> Select[tuple[int]]:
    """The ids of a profile and of all that have been merged with it, whichever of them is given."""
    columns = (CompanyProfile.id, CompanyProfile.merged_into_id)
    up = select(*columns).where(CompanyProfile.id == profile_id).cte("profile_up", recursive=True)
    up = up.union_all(select(*columns).where(CompanyProfile.id == up.c.merged_into_id))
    down = select(up.c.id).where(up.c.merged_into_id.is_(None)).cte("profile_down", recursive=True)
    down = down.union_all(select(CompanyProfile.id).where(CompanyProfile.merged_into_id == down.c.id))
    return select(down.c.id)


def _picture(viewer: Viewer, manufacturer_id: int, same: ColumnElement[bool], account_id: int | None) -> CompanyPicture:
    seen = (Lead.manufacturer_id == manufacturer_id, same, in_sight(viewer))
    total = db.session.scalar(with_work(select(func.count(Lead.id))).where(*seen)) or 0
    worker = case((is_held(), func.coalesce(Partnership.name, User.name)))
    rows = db.session.execute(
        with_work(select(Lead, worker.label("worker")))
        .outerjoin(Partnership, Partnership.id == Work.partnership_id)
        .outerjoin(User, (User.id == Work.user_id) & Work.partnership_id.is_(None))
        .where(*seen)
        .order_by(Lead.received_at.desc(), Lead.id.desc())
        .limit(MOST_LEADS)
    ).all()
    account = db.session.get(Account, account_id) if account_id is not None else None
    is_own = account is not None and account.manufacturer_id == manufacturer_id
    return CompanyPicture(
        account_id=account.id if account and is_own and viewer.is_manufacturer else None,
        account=account.name if account and is_own else "",
        names=_distinct(row.Lead.company for row in rows),
        domains=_distinct(row.Lead.company_domain for row in rows),
        owners=_distinct(row.worker for row in rows) if viewer.is_manufacturer else (),
        leads=_leads(rows, viewer),
        total=total,
    )


def _leads(rows: Sequence[Row[Any]], viewer: Viewer) -> tuple[CompanyLead, ...]:
    products = products_of([row.Lead.id for row in rows])
    return tuple(
        CompanyLead(
            id=lead.id,
            reference=lead.reference,
            person=full_name(lead.given_name, lead.family_name),
            job_title=lead.job_title,
            department=lead.department,
            contact_role=lead.contact_role,
            products=products.get(lead.id, ()),
            state=lead.state,
            stage=lead.stage,
            is_hot=lead.is_hot,
            worker=(worker or "") if viewer.is_manufacturer else "",
            received_at=lead.received_at,
        )
        for lead, worker in map(tuple, rows)
    )


def _distinct(texts: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))

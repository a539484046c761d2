"""The parts of an account that can be split off, and the leads that can be made its own."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select

from app.database import db
from app.domain.accounts import AccountNameKind
from app.domain.errors import NotFound
from app.domain.identity import Viewer
from app.domain.intake.companies import company_key
from app.domain.intake.domains import registrable_domain
from app.domain.leads import LeadState
from app.domain.person_names import full_name
from app.models import Account, Lead
from app.queries.network.own import contains, own_manufacturer, own_row

SHOWN = 100
_OPEN = (LeadState.RECEIVED, LeadState.NURTURING, LeadState.IN_REVIEW, LeadState.DISTRIBUTING)
_GONE = (LeadState.ERASED, LeadState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class LeadLine:
    """A lead as one line of a list to choose from; `account` is the one it is linked to."""

    id: uuid.UUID
    reference: str
    company: str
    person: str
    domain: str
    state: LeadState
    account: tuple[int, str] | None
    received_at: datetime


@dataclass(frozen=True, slots=True)
class AccountParts:
    """What an account is made of, by the ids of its rows; its main name is not among them."""

    names: tuple[tuple[int, str], ...]
    domains: tuple[tuple[int, str], ...]
    leads: tuple[LeadLine, ...]


def account_parts(*, viewer: Viewer, account_id: int) -> AccountParts:
    """The names, domains and latest leads that may go to another account."""
    account = own_row(viewer, Account, account_id)
    leads = select(Lead).where(Lead.account_id == account.id).order_by(Lead.received_at.desc(), Lead.id).limit(SHOWN)
    return AccountParts(
        names=tuple((row.id, row.name) for row in account.names if row.kind is not AccountNameKind.NAME),
        domains=tuple((row.id, row.domain) for row in account.domains),
        leads=tuple(_line(lead, None) for lead in db.session.scalars(leads)),
    )


def leads_called(*, viewer: Viewer, text: str, but_account_id: int | None = None) -> list[LeadLine]:
    """The latest leads whose company or domain is called like that, for linking them by hand."""
    known = [contains(Lead.company, text)]
    if key := company_key(text):
        known.append(Lead.company_key.startswith(key, autoescape=True))
    if domain := registrable_domain(text):
        known.append(Lead.company_domain == domain)
    return _lines(viewer, but_account_id, or_(*known), Lead.state.not_in(_GONE))


def leads_like(*, viewer: Viewer, account_id: int) -> list[LeadLine]:
    """The latest open leads that matching found like this account, but not sure enough or more like another one."""
    own_row(viewer, Account, account_id)
    is_like = Lead.match_signals.contains([{"account_id": account_id}])
    return _lines(viewer, account_id, is_like, Lead.state.in_(_OPEN), Lead.is_linked_by_hand.is_(False))


def _lines(viewer: Viewer, but_account_id: int | None, *conditions: ColumnElement[bool]) -> list[LeadLine]:
    rows = (
        select(Lead, Account.id, Account.name)
        .outerjoin(Account, Account.id == Lead.account_id)
        .where(Lead.manufacturer_id == own_manufacturer(viewer), *conditions)
        .where(Lead.account_id.is_distinct_from(but_account_id))
        .order_by(Lead.received_at.desc(), Lead.id)
        .limit(20)
    )
    found = db.session.execute(rows)
    return [_line(lead, (account_id, name) if account_id else None) for lead, account_id, name in found]


def lead_line(*, viewer: Viewer, lead_id: uuid.UUID) -> LeadLine:
    """One lead of the manufacturer's, with its account."""
    lead = db.session.get(Lead, lead_id)
    if lead is None or lead.manufacturer_id != own_manufacturer(viewer):
        raise NotFound
    account = db.session.get(Account, lead.account_id) if lead.account_id is not None else None
    return _line(lead, (account.id, account.name) if account else None)


def _line(lead: Lead, account: tuple[int, str] | None) -> LeadLine:
    return LeadLine(
        id=lead.id,
        reference=lead.reference,
        company=lead.company,
        person=full_name(lead.given_name, lead.family_name),
        domain=lead.company_domain or "",
        state=lead.state,
        account=account,
        received_at=lead.received_at,
    )

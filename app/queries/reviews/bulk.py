"""Which leads a pattern finds, and the links made by one before."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from app.database import db
from app.domain.accounts import AccountChangeKind
from app.domain.bulk_linking import ESCAPE, LeadPattern, left_out
from app.domain.distribution import RoundKind
from app.domain.identity import Viewer
from app.domain.leads import CLOSED_STATES, LeadState
from app.domain.phrases import Phrase
from app.models import Account, AccountChange, Lead, Offer, Partnership, Round, User
from app.queries.network.own import own_manufacturer, own_row

BULK_CAP = 200
"""Leads linked at once; the rest of a larger pattern by asking again."""
EARLIER_SHOWN = 10


@dataclass(frozen=True, slots=True)
class FoundLead:
    """One lead that fits; `owner` is whom it is reserved to now, `why_not` says why it stays as it is."""

    id: uuid.UUID
    reference: str
    company: str
    domain: str | None
    state: LeadState
    received_at: datetime
    account: str
    owner: str
    why_not: Phrase | None

    @property
    def is_free(self) -> bool:
        """Whether no account and no owner loses it."""
        return not self.account and not self.owner


@dataclass(frozen=True, slots=True)
class BulkPreview:
    """What would happen: the first leads that would be linked and that are left out, and how many there are of each."""

    account_id: int
    account_code: str
    account: str
    linked: tuple[FoundLead, ...]
    linkable: int
    excluded: tuple[FoundLead, ...]
    left_out: int

    @property
    def reasons(self) -> tuple[tuple[Phrase, int], ...]:
        """Why leads are left out, and how many for each reason."""
        counted = Counter(str(lead.why_not) for lead in self.excluded if lead.why_not)
        phrases = {str(lead.why_not): lead.why_not for lead in self.excluded if lead.why_not}
        return tuple((phrases[text], count) for text, count in counted.most_common())


@dataclass(frozen=True, slots=True)
class BulkLink:
    """A pattern that was linked before."""

    id: int
    account_id: int | None
    account: str
    pattern: LeadPattern
    leads: int
    by: str
    done_at: datetime
    undone_at: datetime | None


def linkable_leads(manufacturer_id: int, pattern: LeadPattern, account_id: int) -> Select[Any]:
    """The leads that fit and would be linked, oldest first: `domain.bulk_linking.left_out` as SQL."""
    return _fitting(manufacturer_id, pattern).where(_is_linkable(account_id))


def bulk_preview(*, viewer: Viewer, pattern: LeadPattern, account_id: int) -> BulkPreview:
    """What linking everything that fits to an account would do; raises `Invalid` for a pattern that says too little."""
    pattern.check()
    account = own_row(viewer, Account, account_id)
    linkable = linkable_leads(own_manufacturer(viewer), pattern, account.id)
    others = _fitting(own_manufacturer(viewer), pattern).where(~_is_linkable(account.id))
    return BulkPreview(
        account_id=account.id,
        account_code=account.code,
        account=account.name,
        linked=_found(db.session.scalars(linkable.limit(BULK_CAP)).all(), account.id),
        linkable=_count(linkable),
        excluded=_found(db.session.scalars(others.limit(BULK_CAP)).all(), account.id),
        left_out=_count(others),
    )


def _fitting(manufacturer_id: int, pattern: LeadPattern) -> Select[Any]:
    is_named = or_(
        func.lower(Lead.company).like(pattern.name_like, escape=ESCAPE),
        Lead.company_key.like(pattern.key_like, escape=ESCAPE),
    )
    parts: list[ColumnElement[bool]] = []
    if pattern.company.strip():
        parts.append(and_(is_named, Lead.company != ""))
    if pattern.own_domain:
        parts.append(Lead.company_domain == pattern.own_domain)
    fits = or_(*parts) if pattern.is_either else and_(*parts)
    own = Lead.manufacturer_id == manufacturer_id
    return select(Lead).where(own, Lead.state != LeadState.ERASED, fits).order_by(Lead.received_at, Lead.id)


def _is_linkable(account_id: int) -> ColumnElement[bool]:
    is_elsewhere = and_(Lead.account_id.is_not(None), Lead.is_linked_by_hand)
    is_open = Lead.state.not_in((*CLOSED_STATES, LeadState.ASSIGNED))
    return and_(is_open, Lead.account_id.is_distinct_from(account_id), ~is_elsewhere)


def _count(leads: Select[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(leads.order_by(None).subquery())) or 0


def list_bulk_links(*, viewer: Viewer) -> tuple[BulkLink, ...]:
    """The latest patterns that were linked, newest first."""
    rows = db.session.execute(
        select(AccountChange, Account.name.label("account"), User.name.label("by"))
        .outerjoin(Account, Account.id == AccountChange.account_id)
        .outerjoin(User, User.id == AccountChange.done_by_id)
        .where(
            AccountChange.manufacturer_id == own_manufacturer(viewer),
            AccountChange.kind == AccountChangeKind.LINKED_IN_BULK,
        )
        .order_by(AccountChange.id.desc())
        .limit(EARLIER_SHOWN)
    ).all()
    return tuple(
        BulkLink(
            id=row.AccountChange.id,
            account_id=row.AccountChange.account_id,
            account=row.account or "",
            pattern=LeadPattern(**row.AccountChange.summary["pattern"]),
            leads=row.AccountChange.summary["leads"],
            by=row.by or "",
            done_at=row.AccountChange.done_at,
            undone_at=row.AccountChange.undone_at,
        )
        for row in rows
    )


def _found(leads: Sequence[Lead], into: int) -> tuple[FoundLead, ...]:
    names = select(Account.id, Account.name).where(Account.id.in_({lead.account_id for lead in leads} - {None}))
    accounts = {row[0]: row[1] for row in db.session.execute(names)}
    owners = _owners([lead.id for lead in leads])
    return tuple(
        FoundLead(
            id=lead.id,
            reference=lead.reference,
            company=lead.company,
            domain=lead.company_domain,
            state=lead.state,
            received_at=lead.received_at,
            account=accounts.get(lead.account_id or 0, ""),
            owner=owners.get(lead.id, ""),
            why_not=left_out(
                lead.state, account_id=lead.account_id, is_linked_by_hand=lead.is_linked_by_hand, into=into
            ),
        )
        for lead in leads
    )


def _owners(lead_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """To whom each lead is reserved now, where it is."""
    reserved = (
        select(Round.lead_id, Partnership.name)
        .join(Offer, Offer.round_id == Round.id)
        .join(Partnership, Partnership.id == Offer.partnership_id)
        .where(Round.lead_id.in_(lead_ids), Round.kind == RoundKind.OWNER, Round.closed_at.is_(None))
    )
    return {row[0]: row[1] for row in db.session.execute(reserved)}

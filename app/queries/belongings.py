"""What a person of the manufacturer, or a partnership, owns at this moment: how much of each kind, and some of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.database import db
from app.domain.account_routing.facts import Owner
from app.domain.accounts import AccountFlag, AccountStatus, OpportunityState
from app.domain.errors import NotFound
from app.domain.identity import Viewer
from app.domain.network.settings_draft import PEOPLE_OF_SETTINGS
from app.domain.owners import Belonging
from app.domain.partners import PartnershipStatus
from app.domain.phrases import N_, Phrase
from app.models import (
    Account,
    AccountTeamMember,
    Assignment,
    Lead,
    ManufacturerSettings,
    Opportunity,
    Organisation,
    Partnership,
    Review,
    User,
)
from app.queries.network.own import own_manufacturer, own_row

Columns = Mapping[Belonging, InstrumentedAttribute[Any]]

OF_PERSON: Columns = {
    Belonging.ACCOUNTS: Account.owner_user_id,
    Belonging.LISTINGS: Account.listed_owner_user_id,
    Belonging.OPPORTUNITIES: Opportunity.owner_user_id,
    Belonging.TEAMS: AccountTeamMember.user_id,
    Belonging.REVIEWS: Review.owner_user_id,
    Belonging.LEADS: Assignment.user_id,
    Belonging.PARTNERS: Partnership.channel_manager_id,
}
"""Where it is written that something is a person's; posts are columns of the settings."""

OF_PARTNERSHIP: Columns = {
    Belonging.ACCOUNTS: Account.owner_partnership_id,
    Belonging.LISTINGS: Account.listed_owner_partnership_id,
    Belonging.OPPORTUNITIES: Opportunity.owner_partnership_id,
}
SHOWN = 5
"""How many of each kind are named."""

LISTED = 200
"""How many accounts of an owner are listed at most."""

_POSTS = {
    "sales_vp_id": N_("Vice president of sales"),
    "customer_success_id": N_("Customer success"),
    "win_back_id": N_("Winning back"),
    "reviewer_id": N_("Reviewer"),
}
_STANDING: Mapping[Any, ColumnElement[bool]] = {
    Account: Account.ended_at.is_(None),
    Opportunity: Opportunity.state == OpportunityState.OPEN,
    AccountTeamMember: AccountTeamMember.account_id.in_(select(Account.id).where(Account.ended_at.is_(None))),
    Review: Review.decided_at.is_(None),
    Assignment: Assignment.ended_at.is_(None) & Assignment.partnership_id.is_(None),
    Partnership: Partnership.status != PartnershipStatus.ENDED,
}


@dataclass(frozen=True, slots=True)
class OwnedGroup:
    """How much of one kind somebody owns, and the names of the first."""

    kind: Belonging
    count: int
    names: tuple[str | Phrase, ...] = ()

    @property
    def unnamed(self) -> int:
        """How many there are beside those named."""
        return self.count - len(self.names)


@dataclass(frozen=True, slots=True)
class OwnedAccount:
    """One account of an owner, as a list names it."""

    id: int
    name: str
    status: AccountStatus
    flags: tuple[AccountFlag, ...]
    city: str
    country: str | None


@dataclass(frozen=True, slots=True)
class OwnedAccounts:
    """An owner's name, how many accounts there are, and the first of them by name."""

    name: str
    total: int
    rows: tuple[OwnedAccount, ...]


def owned_by(column: InstrumentedAttribute[Any], owner_id: int) -> ColumnElement[bool]:
    """What stands and is the owner's by this column: no ended accounts, closed deals, answered reviews, past work."""
    return (column == owner_id) & _STANDING[column.class_]


def count_belongings(session: Session, columns: Columns, owner_id: int) -> dict[Belonging, int]:
    """How much of each kind is the owner's now; a kind it has nothing of is left out."""
    counted = [
        select(literal(kind.value), func.count()).select_from(column.class_).where(owned_by(column, owner_id))
        for kind, column in columns.items()
    ]
    return {Belonging(kind): count for kind, count in session.execute(union_all(*counted)) if count}


def posts_of(session: Session, manufacturer_id: int, user_id: int) -> list[str]:
    """The columns of the manufacturer's settings that name this person."""
    settings = session.get(ManufacturerSettings, manufacturer_id, populate_existing=True)
    return [post for post in PEOPLE_OF_SETTINGS if settings is not None and getattr(settings, post) == user_id]


def what_person_owns(*, viewer: Viewer, user_id: int) -> tuple[OwnedGroup, ...]:
    """What one of the manufacturer's own people owns; nothing for the people of partners."""
    if not viewer.is_manufacturer:
        return ()
    groups = _groups(OF_PERSON, user_id)
    posts = posts_of(db.session(), viewer.organisation_id, user_id)
    named = tuple(Phrase(_POSTS[post]) for post in posts)
    return (*groups, OwnedGroup(Belonging.POSTS, len(posts), named)) if posts else groups


def manufacturers_led_by(*, viewer: Viewer, user_id: int) -> tuple[str, ...]:
    """The manufacturers that tell one of the viewer's own partner's people first, as its sales manager."""
    if not viewer.is_partner:
        return ()
    names = (
        select(Organisation.name)
        .join(Partnership, Partnership.manufacturer_id == Organisation.id)
        .where(Partnership.partner_id == viewer.organisation_id, owned_by(Partnership.sales_manager_id, user_id))
    )
    return tuple(db.session.scalars(names.order_by(Organisation.name)))


def what_partnership_owns(*, viewer: Viewer, partnership_id: int) -> tuple[OwnedGroup, ...]:
    """What one of the manufacturer's partners owns."""
    return _groups(OF_PARTNERSHIP, own_row(viewer, Partnership, partnership_id).id)


def owned_accounts(*, viewer: Viewer, owner: Owner) -> OwnedAccounts:
    """The accounts of one of the manufacturer's people or partners, also of one that has left; NotFound for others."""
    name = owner_name(viewer=viewer, user_id=owner.user_id, partnership_id=owner.partnership_id)
    if name is None:
        raise NotFound
    column = accounts_column(owner)
    theirs = owned_by(column, owner.partnership_id or owner.user_id or 0)
    total = db.session.scalar(select(func.count()).select_from(Account).where(theirs)) or 0
    rows = db.session.scalars(select(Account).where(theirs).order_by(Account.name, Account.id).limit(LISTED))
    return OwnedAccounts(name, total, tuple(map(_account, rows)))


def accounts_column(owner: Owner) -> InstrumentedAttribute[Any]:
    """Where it is written that an account is such an owner's."""
    return (OF_PERSON if owner.partnership_id is None else OF_PARTNERSHIP)[Belonging.ACCOUNTS]


def _account(row: Account) -> OwnedAccount:
    flags = tuple(flag for flag in AccountFlag if flag in row.flags)
    return OwnedAccount(row.id, row.name, row.status, flags, row.city, row.country)


def owner_name(*, viewer: Viewer, user_id: int | None = None, partnership_id: int | None = None) -> str | None:
    """The name of one of the manufacturer's people or partners; None when it has no such."""
    if partnership_id is not None:
        own = Partnership.manufacturer_id == own_manufacturer(viewer)
        return db.session.scalar(select(Partnership.name).where(Partnership.id == partnership_id, own))
    return db.session.scalar(
        select(User.name).where(User.id == user_id, User.organisation_id == own_manufacturer(viewer))
    )


def _groups(columns: Columns, owner_id: int) -> tuple[OwnedGroup, ...]:
    counts = count_belongings(db.session(), columns, owner_id)
    return tuple(OwnedGroup(kind, count, _names(kind, columns[kind], owner_id)) for kind, count in counts.items())


def _names(kind: Belonging, column: InstrumentedAttribute[Any], owner_id: int) -> tuple[str, ...]:
    mine = owned_by(column, owner_id)
    if kind in (Belonging.REVIEWS, Belonging.LEADS):
        table = column.class_
        leads = select(Lead).join(table, table.lead_id == Lead.id).where(mine).order_by(table.id).limit(SHOWN)
        return tuple(f"{lead.reference} {lead.company}".strip() for lead in db.session.scalars(leads))
    order = Partnership.name if kind is Belonging.PARTNERS else Account.name
    return tuple(db.session.scalars(_names_of(kind).where(mine).order_by(order).limit(SHOWN)))


def _names_of(kind: Belonging) -> Select[Any]:
    if kind is Belonging.PARTNERS:
        return select(Partnership.name)
    if kind is Belonging.OPPORTUNITIES:
        label = func.coalesce(func.nullif(Opportunity.name, ""), Account.name)
        return select(label).select_from(Opportunity).join(Account, Account.id == Opportunity.account_id)
    names = select(Account.name)
    if kind is Belonging.TEAMS:
        names = names.join(AccountTeamMember, AccountTeamMember.account_id == Account.id)
    return names

"""One account as its page shows it: whose it is, what it goes by, its people and its deals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from app.database import db
from app.domain.accounts import AccountNameKind, OpportunityState, TeamRole, account_title
from app.domain.identity import Viewer
from app.domain.money import Money
from app.domain.network.account_draft import AccountDraft
from app.models import Account, AccountName, AccountTeamMember, Opportunity, Partnership, ProductLine, User
from app.queries.network.drafts import draft_of_account
from app.queries.network.own import own_row


@dataclass(frozen=True, slots=True)
class OwnerView:
    """An owner by name; `partnership_id` is set for a partner, `user_id` for a person of the manufacturer."""

    name: str
    partnership_id: int | None = None
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class NameView:
    """A name, and whether it was learnt from a person's decision about a lead."""

    id: int
    kind: AccountNameKind
    name: str
    is_learned: bool


@dataclass(frozen=True, slots=True)
class TeamView:
    """A person of the account's team."""

    id: int
    role: TeamRole
    person: str
    department: str
    product: str


@dataclass(frozen=True, slots=True)
class OpportunityView:
    """A deal with the account."""

    id: int
    name: str
    owner: OwnerView
    product_line_id: int | None
    product: str
    amount: Money | None
    state: OpportunityState
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPage:
    """One account, with the names behind its ids."""

    id: int
    version: int
    draft: AccountDraft
    names: tuple[NameView, ...]
    partner: OwnerView | None
    seller: OwnerView | None
    listed_owner: OwnerView | None
    products: tuple[str, ...]
    team: tuple[TeamView, ...]
    opportunities: tuple[OpportunityView, ...]
    parent: tuple[int, str] | None
    merged_into: tuple[int, str] | None
    since: datetime
    ended_at: datetime | None

    @property
    def contract(self) -> Money | None:
        """What the contract is worth."""
        draft = self.draft
        return Money(draft.contract_cents, draft.contract_currency or "") if draft.contract_cents is not None else None

    @property
    def is_in_use(self) -> bool:
        """Whether leads are matched with it and it may be changed."""
        return self.ended_at is None


def account_page(*, viewer: Viewer, account_id: int) -> AccountPage:
    """One account with its owners, names, people and deals; `NotFound` for anybody else's."""
    account = own_row(viewer, Account, account_id)
    draft = draft_of_account(account)
    return AccountPage(
        id=account.id,
        version=account.version,
        draft=draft,
        names=tuple(_name_view(row) for row in account.names),
        partner=_owner(draft.owner_partnership_id, None),
        seller=_owner(None, draft.owner_user_id),
        listed_owner=_owner(draft.listed_owner_partnership_id, draft.listed_owner_user_id),
        products=_products(draft.product_line_ids),
        team=_team(account.id),
        opportunities=_opportunities(account.id),
        parent=_named(account.parent_id),
        merged_into=_named(account.merged_into_id),
        since=account.created_at,
        ended_at=account.ended_at,
    )


def account_draft(*, viewer: Viewer, account_id: int) -> tuple[AccountDraft, int]:
    """An account as its form wants it, and its version."""
    account = own_row(viewer, Account, account_id)
    return draft_of_account(account), account.version


def account_code(*, viewer: Viewer, account_id: int | None) -> str:
    """The code of an account, "" for none."""
    return own_row(viewer, Account, account_id).code if account_id is not None else ""


def account_name(*, viewer: Viewer, account_id: int) -> str:
    """What an account is called."""
    return own_row(viewer, Account, account_id).name


def account_told_apart(*, viewer: Viewer, account_id: int) -> str:
    """What an account is called, with what tells it from another one of the same name."""
    account = own_row(viewer, Account, account_id)
    return account_title(account.name, account.code, account.city)


def _name_view(row: AccountName) -> NameView:
    return NameView(row.id, row.kind, row.name, row.is_learned)


def _named(account_id: int | None) -> tuple[int, str] | None:
    account = db.session.get(Account, account_id) if account_id is not None else None
    return (account.id, account.name) if account else None


def _owner(partnership_id: int | None, user_id: int | None) -> OwnerView | None:
    if partnership_id is not None:
        return OwnerView(db.session.get_one(Partnership, partnership_id).name, partnership_id=partnership_id)
    if user_id is not None:
        return OwnerView(db.session.get_one(User, user_id).name, user_id=user_id)
    return None


def _products(line_ids: tuple[int, ...]) -> tuple[str, ...]:
    names = select(ProductLine.name).where(ProductLine.id.in_(line_ids)).order_by(ProductLine.name)
    return tuple(db.session.scalars(names)) if line_ids else ()


def _team(account_id: int) -> tuple[TeamView, ...]:
    rows = db.session.execute(
        select(AccountTeamMember, User.name, ProductLine.name)
        .join(User, User.id == AccountTeamMember.user_id)
        .outerjoin(ProductLine, ProductLine.id == AccountTeamMember.product_line_id)
        .where(AccountTeamMember.account_id == account_id)
        .order_by(AccountTeamMember.id)
    )
    return tuple(
        TeamView(member.id, member.role, person, member.department, product or "") for member, person, product in rows
    )


def opportunity(*, viewer: Viewer, opportunity_id: int) -> tuple[int, OpportunityView]:
    """A deal and the account it is with."""
    deal = own_row(viewer, Opportunity, opportunity_id)
    return deal.account_id, _deals(Opportunity.id == deal.id)[0]


def _opportunities(account_id: int) -> tuple[OpportunityView, ...]:
    return _deals(Opportunity.account_id == account_id)


def _deals(wanted: ColumnElement[bool]) -> tuple[OpportunityView, ...]:
    """Open deals first, then the latest of the others."""
    partner, seller = aliased(Partnership), aliased(User)
    rows = db.session.execute(
        select(Opportunity, partner.name, seller.name, ProductLine.name)
        .outerjoin(partner, partner.id == Opportunity.owner_partnership_id)
        .outerjoin(seller, seller.id == Opportunity.owner_user_id)
        .outerjoin(ProductLine, ProductLine.id == Opportunity.product_line_id)
        .where(wanted)
        .order_by(Opportunity.closed_at.desc().nulls_first(), Opportunity.id.desc())
        .limit(50)
    )
    return tuple(
        OpportunityView(
            id=deal.id,
            name=deal.name,
            owner=OwnerView(partner_name or seller_name, deal.owner_partnership_id, deal.owner_user_id),
            product_line_id=deal.product_line_id,
            product=product or "",
            amount=Money(deal.amount_cents, deal.currency or "") if deal.amount_cents is not None else None,
            state=deal.state,
            opened_at=deal.opened_at,
            closed_at=deal.closed_at,
        )
        for deal, partner_name, seller_name, product in rows
    )

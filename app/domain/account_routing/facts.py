"""What account routing looks at: the account a lead belongs to, its owners, its deals, and the company's past."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from app.domain.accounts import AccountFlag, AccountHealth, AccountStatus, TeamRole
from app.domain.leads import ReviewReason
from app.domain.money import Money
from app.domain.partners import PartnershipStatus


@dataclass(frozen=True, slots=True)
class Owner:
    """A partnership or a seller of the manufacturer; exactly one of the two."""

    partnership_id: int | None = None
    user_id: int | None = None

    def __post_init__(self) -> None:
        if (self.partnership_id is None) is (self.user_id is None):
            raise ValueError("an owner is a partnership or a seller")


@dataclass(frozen=True, slots=True)
class TeamMember:
    """A person of the manufacturer who has to do with the account; a specialist has a department or a product line."""

    user_id: int
    role: TeamRole
    department: str = ""
    product: str = ""


@dataclass(frozen=True, slots=True)
class OpenDeal:
    """An open opportunity or an approved registration, for one product line or for any."""

    owner: Owner
    opened_on: date
    product: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ancestor:
    """A company above the account in its tree, the nearest first."""

    name: str
    owner: Owner | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFacts:
    """One account as it stands today.

    `partner` and `seller` are its owners as entered; which one counts is decided by the marks. Listed dates bound the
    marks strategic and named, both days included; an open end is `None`.
    """

    name: str
    status: AccountStatus
    flags: frozenset[AccountFlag] = frozenset()
    partner: Owner | None = None
    seller: Owner | None = None
    listed_owner: Owner | None = None
    listed_from: date | None = None
    listed_until: date | None = None
    keeps_own_owner: bool = False
    ancestors: tuple[Ancestor, ...] = ()
    contract: Money | None = None
    health: AccountHealth | None = None
    has_open_ticket: bool = False
    is_enterprise: bool = False
    bought: frozenset[str] = frozenset()
    churned_on: date | None = None
    team: tuple[TeamMember, ...] = ()
    deals: tuple[OpenDeal, ...] = ()

    def is_listed(self, flag: AccountFlag, today: date) -> bool:
        """Whether a mark is set and in force on that day."""
        has_begun = self.listed_from is None or self.listed_from <= today
        is_over = self.listed_until is not None and self.listed_until < today
        return flag in self.flags and has_begun and not is_over

    def members(self, *roles: TeamRole) -> tuple[int, ...]:
        """The people of these roles, in the order they were entered."""
        return tuple(member.user_id for member in self.team if member.role in roles)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerCompany:
    """The lead's own company is a partner of the manufacturer."""

    name: str
    channel_manager_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierLead:
    """The company's latest lead that was closed as lost, and who worked it."""

    reference: str
    owner: Owner
    closed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteFacts:
    """Everything one decision looks at. `products` and `department` are the lead's, `today` the manufacturer's date.

    `stand_ins` names for each owner who is gone the successor or manager in its place, or nobody; `resting` those of
    them that may be back one day.
    """

    today: date
    account: AccountFacts | None = None
    partner_company: PartnerCompany | None = None
    earlier_lead: EarlierLead | None = None
    products: frozenset[str] = frozenset()
    department: str = ""
    is_executive: bool = False
    sales_vp_id: int | None = None
    customer_success_id: int | None = None
    win_back_id: int | None = None
    churned_months: int = 6
    contract_threshold: Money | None = None
    is_competitor_disqualified: bool = False
    stand_ins: Mapping[Owner, Owner | None] = field(default_factory=dict)
    resting: Mapping[Owner, PartnershipStatus] = field(default_factory=dict)

    def answered(self, reasons: Collection[ReviewReason]) -> RouteFacts:
        """The same after a person has answered these questions about the lead: they are not asked again.

        An owner conflict is settled by the account a person chose, and a partner's own company by going on with it.
        """
        facts = self
        if ReviewReason.PARTNER_COMPANY in reasons:
            facts = replace(facts, partner_company=None)
        if ReviewReason.OWNER_CONFLICT in reasons and facts.account is not None:
            facts = replace(facts, account=replace(facts.account, keeps_own_owner=True))
        return facts

    def standing(self, owner: Owner | None) -> Owner | None:
        """Who answers for an owner today: itself, its successor or manager, or nobody."""
        return self.stand_ins.get(owner, owner) if owner is not None else None


def shares_product(product: str, asked: Collection[str]) -> bool:
    """Whether something for one product line, or for any (""), concerns a lead that asks for these."""
    return not product or not asked or product in asked

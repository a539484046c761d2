"""Words for the companies a manufacturer knows (domain.md §2)."""

from __future__ import annotations

from enum import StrEnum


class AccountStatus(StrEnum):
    """How the manufacturer stands with a company."""

    CUSTOMER = "customer"
    PROSPECT = "prospect"
    CHURNED = "churned"
    COMPETITOR = "competitor"
    PARTNER = "partner"


class AccountFlag(StrEnum):
    """What sets an account apart; an account may carry several."""

    STRATEGIC = "strategic"
    NAMED = "named"
    PARTNER_MANAGED = "partner_managed"
    DIRECT_SOURCED = "direct_sourced"


class AccountNameKind(StrEnum):
    """What kind of name of a company is stored."""

    NAME = "name"
    ALIAS = "alias"
    KANA = "kana"
    ENGLISH = "english"


class AccountHealth(StrEnum):
    """How well a customer is doing with the manufacturer, as its people see it."""

    GOOD = "good"
    FAIR = "fair"
    LOW = "low"


class TeamRole(StrEnum):
    """What a person of the manufacturer does for an account, beside its owner."""

    ACCOUNT_EXECUTIVE = "account_executive"
    ACCOUNT_MANAGER = "account_manager"
    CUSTOMER_SUCCESS = "customer_success"
    SOLUTIONS_ENGINEER = "solutions_engineer"
    SPECIALIST = "specialist"
    SALES_DEVELOPMENT = "sales_development"
    SALES_VP = "sales_vp"


class OpportunityState(StrEnum):
    """Where a deal with an account stands."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


class AccountLevel(StrEnum):
    """By which test a lead's owner was found (domain.md §5, levels 0 to 8); the first that matches wins."""

    COMPETITOR = "competitor"
    PARTNER_COMPANY = "partner_company"
    STRATEGIC = "strategic"
    NAMED = "named"
    CUSTOMER = "customer"
    OPEN_OPPORTUNITY = "open_opportunity"
    EARLIER_LEAD = "earlier_lead"
    CHURNED_RECENT = "churned_recent"
    NONE = "none"


class AccountChangeKind(StrEnum):
    """A change of accounts and their leads that can be taken back as a whole."""

    MERGED = "merged"
    SPLIT = "split"
    LINKED_IN_BULK = "linked_in_bulk"
    CREATED_FROM_LEADS = "created_from_leads"


class RematchCause(StrEnum):
    """Why leads are matched again."""

    ACCOUNTS_CHANGED = "accounts_changed"
    ASKED_FOR = "asked_for"


def account_title(name: str, code: str, city: str) -> str:
    """An account told from another one of the same name: by its code, and its city where that is known."""
    return f"{name} ({', '.join(filter(None, (code, city)))})"

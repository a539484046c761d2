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

"""Rows of the network as the drafts they were written from, to fill a form and to tell what an edit changed."""

from __future__ import annotations

from app.domain.accounts import AccountFlag, AccountNameKind
from app.domain.network.account_draft import NAME_FIELDS, AccountDraft
from app.domain.network.drafts import (
    ORGANISATION_FIELDS,
    PartnershipDraft,
    ProductLineDraft,
    SettingsDraft,
    TierDraft,
)
from app.domain.territories import TerritoryMode, TerritoryRule
from app.models import Account, ManufacturerSettings, Organisation, Partnership, ProductLine, Tier
from app.models import TerritoryRule as RuleRow

PLACE_FIELDS = ("country", "subdivision", "postal_prefix", "postal_from", "postal_to")
ACCOUNT_ROWS = NAME_FIELDS - {"name"} | {"domains", "networks", "product_line_ids"}
"""The fields of an account's draft that are rows of their own."""

ACCOUNT_COLUMNS = tuple(name for name in AccountDraft.__dataclass_fields__ if name not in ACCOUNT_ROWS | {"flags"})
OWN_FIELDS = frozenset(PartnershipDraft.__dataclass_fields__) - ORGANISATION_FIELDS
"""The fields of a partnership's draft that are columns of the partnership itself."""


def draft_of_product_line(line: ProductLine) -> ProductLineDraft:
    """A product line as it stands."""
    return ProductLineDraft(**{name: getattr(line, name) for name in ProductLineDraft.__dataclass_fields__})


def draft_of_tier(tier: Tier) -> TierDraft:
    """A level as it stands."""
    return TierDraft(**{name: getattr(tier, name) for name in TierDraft.__dataclass_fields__})


def draft_of_settings(row: ManufacturerSettings) -> SettingsDraft:
    """The settings as they stand."""
    values = {name: getattr(row, name) for name in SettingsDraft.__dataclass_fields__}
    lists = {name: tuple(getattr(row, name)) for name in ("shown_fields", "executive_titles")}
    return SettingsDraft(**values | lists)


def draft_of_partnership(partnership: Partnership, organisation: Organisation) -> PartnershipDraft:
    """A partnership and its organisation as they stand."""
    own = {name: getattr(partnership, name) for name in OWN_FIELDS}
    return PartnershipDraft(**own, **{name: getattr(organisation, name) for name in ORGANISATION_FIELDS})


def version_of_partnership(partnership: Partnership, organisation: Organisation) -> int:
    """The version an edit of both begins from: it grows with every change of either. Both begin at 1."""
    return partnership.version + organisation.version - 1


def draft_of_account(account: Account) -> AccountDraft:
    """An account as it stands."""
    return AccountDraft(
        aliases=_names_of(account, AccountNameKind.ALIAS),
        kana=_names_of(account, AccountNameKind.KANA),
        english=_names_of(account, AccountNameKind.ENGLISH),
        domains=tuple(row.domain for row in account.domains),
        networks=tuple(str(row.network) for row in account.ip_ranges),
        flags=tuple(flag for flag in AccountFlag if flag in account.flags),
        product_line_ids=tuple(sorted(row.product_line_id for row in account.bought)),
        **{name: getattr(account, name) for name in ACCOUNT_COLUMNS},
    )


def _names_of(account: Account, kind: AccountNameKind) -> tuple[str, ...]:
    return tuple(row.name for row in account.names if row.kind is kind)


def rule_of(row: RuleRow) -> TerritoryRule:
    """A stored line of a territory as the rules take it."""
    mode = TerritoryMode.EXCLUDE if row.is_exclude else TerritoryMode.INCLUDE
    return TerritoryRule(mode, *(getattr(row, name) for name in PLACE_FIELDS))

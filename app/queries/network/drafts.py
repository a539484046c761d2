"""Rows of the network as the drafts they were written from, to fill a form and to tell what an edit changed."""

from __future__ import annotations

from app.domain.accounts import AccountFlag, AccountNameKind, OpportunityState
from app.domain.network.drafts import (
    ORGANISATION_FIELDS,
    AccountDraft,
    PartnershipDraft,
    ProductLineDraft,
    SettingsDraft,
    TierDraft,
)
from app.domain.territories import TerritoryMode, TerritoryRule
from app.models import Account, ManufacturerSettings, Organisation, Partnership, ProductLine, Tier
from app.models import TerritoryRule as RuleRow

PLACE_FIELDS = ("country", "subdivision", "postal_prefix", "postal_from", "postal_to")
ACCOUNT_COLUMNS = (
    "code",
    "name",
    "country",
    "status",
    "owner_partnership_id",
    "churned_on",
    "parent_id",
)
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
    return SettingsDraft(**values | {"shown_fields": tuple(row.shown_fields)})


def draft_of_partnership(partnership: Partnership, organisation: Organisation) -> PartnershipDraft:
    """A partnership and its organisation as they stand."""
    own = {name: getattr(partnership, name) for name in OWN_FIELDS}
    return PartnershipDraft(**own, **{name: getattr(organisation, name) for name in ORGANISATION_FIELDS})


def draft_of_account(account: Account) -> AccountDraft:
    """An account as it stands."""
    return AccountDraft(
        aliases=tuple(name.name for name in account.names if name.kind is AccountNameKind.ALIAS),
        domains=tuple(domain.domain for domain in account.domains),
        flags=tuple(map(AccountFlag, account.flags)),
        opportunity_owner_partnership_id=next(
            (one.owner_partnership_id for one in account.opportunities if one.state is OpportunityState.OPEN), None
        ),
        **{name: getattr(account, name) for name in ACCOUNT_COLUMNS},
    )


def rule_of(row: RuleRow) -> TerritoryRule:
    """A stored line of a territory as the rules take it."""
    mode = TerritoryMode.EXCLUDE if row.is_exclude else TerritoryMode.INCLUDE
    return TerritoryRule(mode, *(getattr(row, name) for name in PLACE_FIELDS))

"""What people call the words about accounts; `labels.label_of` reads them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from app.domain.accounts import (
    AccountChangeKind,
    AccountFlag,
    AccountHealth,
    AccountLevel,
    AccountNameKind,
    AccountStatus,
    OpportunityState,
    RematchCause,
    TeamRole,
)
from app.domain.matching.decision import SignalKind
from app.domain.owners import Belonging
from app.domain.phrases import N_

_STATUSES = {
    AccountStatus.CUSTOMER: N_("Customer"),
    AccountStatus.PROSPECT: N_("Prospect"),
    AccountStatus.CHURNED: N_("Churned"),
    AccountStatus.COMPETITOR: N_("Competitor"),
    AccountStatus.PARTNER: N_("Partner"),
}
_FLAGS = {
    AccountFlag.STRATEGIC: N_("Strategic"),
    AccountFlag.NAMED: N_("Named account"),
    AccountFlag.PARTNER_MANAGED: N_("Managed by a partner"),
    AccountFlag.DIRECT_SOURCED: N_("Sourced directly"),
}
_NAMES = {
    AccountNameKind.NAME: N_("Name"),
    AccountNameKind.ALIAS: N_("Other name"),
    AccountNameKind.KANA: N_("Name in kana"),
    AccountNameKind.ENGLISH: N_("English name"),
}
_HEALTH = {
    AccountHealth.GOOD: N_("Good"),
    AccountHealth.FAIR: N_("Fair"),
    AccountHealth.LOW: N_("Low"),
}
_TEAM = {
    TeamRole.ACCOUNT_EXECUTIVE: N_("Account executive"),
    TeamRole.ACCOUNT_MANAGER: N_("Account manager"),
    TeamRole.CUSTOMER_SUCCESS: N_("Customer success"),
    TeamRole.SOLUTIONS_ENGINEER: N_("Solutions engineer"),
    TeamRole.SPECIALIST: N_("Specialist"),
    TeamRole.SALES_DEVELOPMENT: N_("Sales development"),
    TeamRole.SALES_VP: N_("Vice president of sales"),
}
_OPPORTUNITIES = {
    OpportunityState.OPEN: N_("Open"),
    OpportunityState.WON: N_("Won"),
    OpportunityState.LOST: N_("Lost"),
}
_LEVELS = {
    AccountLevel.COMPETITOR: N_("A competitor"),
    AccountLevel.PARTNER_COMPANY: N_("A partner's own company"),
    AccountLevel.STRATEGIC: N_("A strategic account"),
    AccountLevel.NAMED: N_("A named account"),
    AccountLevel.CUSTOMER: N_("A customer"),
    AccountLevel.OPEN_OPPORTUNITY: N_("An open opportunity"),
    AccountLevel.EARLIER_LEAD: N_("An earlier lead"),
    AccountLevel.CHURNED_RECENT: N_("A customer until lately"),
    AccountLevel.NONE: N_("No relationship yet"),
}
_CHANGES = {
    AccountChangeKind.MERGED: N_("Merged"),
    AccountChangeKind.SPLIT: N_("Split"),
    AccountChangeKind.LINKED_IN_BULK: N_("Leads linked in bulk"),
    AccountChangeKind.CREATED_FROM_LEADS: N_("Made from its leads"),
}
_REMATCHES = {
    RematchCause.ACCOUNTS_CHANGED: N_("Accounts have changed"),
    RematchCause.ASKED_FOR: N_("Somebody asked for it"),
}
_BELONGINGS = {
    Belonging.ACCOUNTS: N_("Accounts"),
    Belonging.LISTINGS: N_("Strategic and named listings"),
    Belonging.OPPORTUNITIES: N_("Open opportunities"),
    Belonging.TEAMS: N_("Places in account teams"),
    Belonging.REVIEWS: N_("Leads to decide about"),
    Belonging.LEADS: N_("Leads being worked"),
    Belonging.POSTS: N_("Posts in the settings"),
    Belonging.PARTNERS: N_("Partners to look after"),
}
_SIGNALS = {
    SignalKind.DOMAIN: N_("Internet domain"),
    SignalKind.SHARED_DOMAIN: N_("Shared domain"),
    SignalKind.CORPORATE_NUMBER: N_("Company number"),
    SignalKind.ALIAS: N_("Other name"),
    SignalKind.NAME: N_("Name"),
    SignalKind.SIMILAR: N_("Similar name"),
    SignalKind.IP_RANGE: N_("Network address"),
}
ACCOUNT_LABELS: dict[type[StrEnum], Mapping[Any, str]] = {
    AccountStatus: _STATUSES,
    AccountFlag: _FLAGS,
    AccountNameKind: _NAMES,
    AccountHealth: _HEALTH,
    TeamRole: _TEAM,
    OpportunityState: _OPPORTUNITIES,
    AccountLevel: _LEVELS,
    AccountChangeKind: _CHANGES,
    SignalKind: _SIGNALS,
    RematchCause: _REMATCHES,
    Belonging: _BELONGINGS,
}
"""The English label of each value, marked for translation."""

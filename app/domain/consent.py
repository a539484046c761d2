"""How far a prospect's permission reaches (domain.md §9)."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from app.domain.phrases import N_, Phrase


class ConsentScope(StrEnum):
    """Who may get in touch with the prospect. No lead is distributed beyond it."""

    ANY_ELIGIBLE = "any_eligible"
    NAMED_PARTNERS = "named_partners"
    MANUFACTURER_ONLY = "manufacturer_only"
    NONE = "none"


PARTNER_NOT_AGREED_TO = Phrase(N_("The prospect has not agreed to be called by this partner."))


def lets_partner_call(scope: ConsentScope, named_ids: Collection[int], partnership_id: int) -> bool:
    """Whether the prospect agreed to be called by this partner, eligible or not; `named_ids` are those it named."""
    is_named = scope is ConsentScope.NAMED_PARTNERS and partnership_id in named_ids
    return scope is ConsentScope.ANY_ELIGIBLE or is_named

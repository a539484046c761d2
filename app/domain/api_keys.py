"""What a key for the API may do."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from app.domain.errors import Invalid
from app.domain.identity import OrganisationKind
from app.domain.phrases import N_, Phrase

KEY_MARK = "pb_"
"""Every key begins so, to be found when one is left in a place it should not be."""


class ApiScope(StrEnum):
    """One permission of a key, on top of what its user's role allows."""

    BOARD = "board"
    CLAIM = "claim"
    LEADS = "leads"
    LEADS_READ = "leads:read"
    LEADS_WRITE = "leads:write"


SCOPES_OF = {
    OrganisationKind.PARTNER: (ApiScope.BOARD, ApiScope.CLAIM, ApiScope.LEADS),
    OrganisationKind.MANUFACTURER: (ApiScope.LEADS_READ, ApiScope.LEADS_WRITE),
}


def check_scopes(scopes: Collection[str], kind: OrganisationKind) -> list[ApiScope]:
    """The scopes in their order, each once; Invalid when there is none, or one that side does not have."""
    known = SCOPES_OF[kind]
    if not scopes or not set(scopes) <= set(known):
        phrase = Phrase(N_("Choose what the key may do: %(scopes)s."), {"scopes": ", ".join(known)})
        raise Invalid(phrase, fields={"scopes": phrase})
    return [scope for scope in known if scope in scopes]

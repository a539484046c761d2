"""Who is signed in, what people see of themselves, and what admins see of the people of their organisation."""

from app.queries.identity.account import Account, OwnKey, OwnSession, own_account
from app.queries.identity.people import (
    PartnerToOpen,
    PersonRow,
    PersonState,
    colleague_choices,
    list_partners_to_open,
    list_people,
    partner_to_open,
    person,
)
from app.queries.identity.sign_in import (
    LinkTarget,
    SignedInUser,
    api_user,
    link_target,
    secret_hash,
    signed_in_user,
    viewer_with_email,
)

__all__ = [
    "Account",
    "LinkTarget",
    "OwnKey",
    "OwnSession",
    "PartnerToOpen",
    "PersonRow",
    "PersonState",
    "SignedInUser",
    "api_user",
    "colleague_choices",
    "link_target",
    "list_partners_to_open",
    "list_people",
    "own_account",
    "partner_to_open",
    "person",
    "secret_hash",
    "signed_in_user",
    "viewer_with_email",
]

"""Whose an account is, of all who have to do with it (P-34 to P-36, P-27, P-29)."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.account_routing.facts import AccountFacts, Owner, RouteFacts
from app.domain.accounts import AccountFlag, TeamRole
from app.domain.phrases import N_, Phrase


@dataclass(frozen=True, slots=True)
class FoundOwner:
    """The owner, and what made it the one among several; `None` where there was no choice."""

    owner: Owner
    why: Phrase | None = None


def account_owner(account: AccountFacts) -> FoundOwner | None:
    """The account's own owner, else that of the nearest company above it that has one; nobody without either.

    Where a partner and a seller are entered, a direct-sourced account is the seller's, any other the partner's.
    """
    if account.seller is not None and AccountFlag.DIRECT_SOURCED in account.flags:
        return FoundOwner(account.seller, Phrase(N_("The account was won directly: its seller keeps it.")))
    if account.partner is not None:
        is_managed = AccountFlag.PARTNER_MANAGED in account.flags
        why = Phrase(N_("The account was brought by a partner: its leads go back to that partner."))
        return FoundOwner(account.partner, why if is_managed else None)
    if account.seller is not None:
        return FoundOwner(account.seller)
    for ancestor in account.ancestors:
        if ancestor.owner is not None:
            return FoundOwner(
                ancestor.owner, Phrase(N_("Its parent %(parent)s has this owner."), {"parent": ancestor.name})
            )
    return None


def customer_owner(facts: RouteFacts, account: AccountFacts) -> FoundOwner:
    """Who takes a customer's lead; the account has an owner of its own.

    A partner's customer stays the partner's. Of a seller's customer, an enterprise's department goes to its specialist,
    a new product line to sales, a contract of at least the threshold to the account manager, the rest to sales.
    """
    found = account_owner(account)
    if found is None:
        raise ValueError("a customer without an owner has no customer owner")
    if found.owner.user_id is None:
        return found
    return _specialist(facts, account) or _new_product(facts, account) or _account_manager(facts, account) or found


def _specialist(facts: RouteFacts, account: AccountFacts) -> FoundOwner | None:
    wanted = facts.department.strip().casefold()
    if not account.is_enterprise or not wanted:
        return None
    for member in account.team:
        if member.role is TeamRole.SPECIALIST and member.department.strip().casefold() == wanted:
            why = Phrase(N_("The specialist for the department %(department)s."), {"department": facts.department})
            return FoundOwner(Owner(user_id=member.user_id), why)
    return None


def _new_product(facts: RouteFacts, account: AccountFacts) -> FoundOwner | None:
    is_new = bool(account.bought) and bool(facts.products - account.bought)
    if not is_new or account.seller is None:
        return None
    return FoundOwner(account.seller, Phrase(N_("The customer asks for a product it does not have yet: sales.")))


def _account_manager(facts: RouteFacts, account: AccountFacts) -> FoundOwner | None:
    managers, limit = account.members(TeamRole.ACCOUNT_MANAGER), facts.contract_threshold
    if not managers or limit is None or account.contract is None:
        return None
    if account.contract.currency != limit.currency or account.contract.cents < limit.cents:
        return None
    why = Phrase(N_("The contract is worth %(limit)s or more: the account manager."), {"limit": limit})
    return FoundOwner(Owner(user_id=managers[0]), why)

"""Who is told of an account's lead without working it (P-23, P-24, P-27, P-29, P-35, P-37)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.account_routing.facts import AccountFacts, Owner, RouteFacts
from app.domain.accounts import AccountFlag, AccountHealth, AccountLevel, TeamRole
from app.domain.phrases import N_, Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Informed:
    """Somebody who is told of the lead without working it, and why."""

    why: Phrase
    user_id: int | None = None
    partnership_id: int | None = None


def people_to_inform(facts: RouteFacts, level: AccountLevel, owner: Owner) -> tuple[Informed, ...]:
    """Everybody to be told, each once with the first reason that applies, and never the owner itself."""
    account = facts.account
    if account is None:
        return ()
    told: dict[tuple[int | None, int | None], Informed] = {}
    for one in _all(facts, account, level, owner):
        if (one.partnership_id, one.user_id) != (owner.partnership_id, owner.user_id):
            told.setdefault((one.partnership_id, one.user_id), one)
    return tuple(told.values())


def _all(facts: RouteFacts, account: AccountFacts, level: AccountLevel, owner: Owner) -> Iterator[Informed]:
    if level is AccountLevel.STRATEGIC:
        if facts.is_executive:
            yield from _people(_vp(facts, account), Phrase(N_("An executive of a strategic account asks.")))
        yield from _people(
            account.members(TeamRole.ACCOUNT_EXECUTIVE, TeamRole.CUSTOMER_SUCCESS, TeamRole.SOLUTIONS_ENGINEER),
            Phrase(N_("You are in the team of this strategic account.")),
        )
    if owner.partnership_id is None and account.partner is not None and AccountFlag.DIRECT_SOURCED in account.flags:
        why = Phrase(N_("You are involved with this account; a seller of the manufacturer works it."))
        yield Informed(why=why, partnership_id=account.partner.partnership_id)
    if account.has_open_ticket or account.health is AccountHealth.LOW:
        why = Phrase(N_("The customer has an open ticket or is not doing well."))
        yield from _people(_customer_success(facts, account), why)
    yield from _specialists(facts, account)
    if account.seller is not None and owner.partnership_id is None:
        yield Informed(why=Phrase(N_("A colleague takes this lead of your account.")), user_id=account.seller.user_id)


def _specialists(facts: RouteFacts, account: AccountFacts) -> Iterator[Informed]:
    wanted = facts.department.strip().casefold()
    new_products = facts.products - account.bought if account.bought else frozenset()
    for member in account.team:
        if member.role is not TeamRole.SPECIALIST:
            continue
        if account.is_enterprise and wanted and member.department.strip().casefold() == wanted:
            yield Informed(why=Phrase(N_("You look after the department that asks.")), user_id=member.user_id)
        if member.product and member.product in new_products:
            why = Phrase(N_("The customer asks for your product, which it does not have yet."))
            yield Informed(why=why, user_id=member.user_id)


def _vp(facts: RouteFacts, account: AccountFacts) -> tuple[int, ...]:
    default = (facts.sales_vp_id,) if facts.sales_vp_id is not None else ()
    return account.members(TeamRole.SALES_VP) or default


def _customer_success(facts: RouteFacts, account: AccountFacts) -> tuple[int, ...]:
    default = (facts.customer_success_id,) if facts.customer_success_id is not None else ()
    return account.members(TeamRole.CUSTOMER_SUCCESS) or default


def _people(user_ids: tuple[int, ...], why: Phrase) -> Iterator[Informed]:
    return (Informed(why=why, user_id=user_id) for user_id in user_ids)

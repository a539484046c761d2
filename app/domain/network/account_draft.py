"""What a manufacturer says about a company it knows, whole and checked before anything is written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from app.domain.accounts import AccountFlag, AccountHealth, AccountStatus
from app.domain.network.checking import Faults, missing, refuse, unreadable
from app.domain.network.values import read_country, read_network
from app.domain.phrases import N_, Phrase

LISTED_FLAGS = frozenset({AccountFlag.STRATEGIC, AccountFlag.NAMED})
"""The marks that may be in force for a time only, and may name an owner of their own."""

NAME_FIELDS = frozenset({"name", "aliases", "kana", "english"})
"""The fields that are kept as rows of names."""

FIELDS_WITHOUT_MATCH = frozenset({"code", "listed_note", "health", "has_open_ticket"})
"""The fields that decide neither which leads are the account's nor whose they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountDraft:
    """A company the manufacturer knows.

    It may be a partner's and a seller's at once: whose it is then follows from its marks. `networks` are written as in
    CIDR; the contract's value is in hundredths of its currency.
    """

    code: str
    name: str
    country: str | None = None
    city: str = ""
    corporate_number: str | None = None
    aliases: tuple[str, ...] = ()
    kana: tuple[str, ...] = ()
    english: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    status: AccountStatus = AccountStatus.PROSPECT
    flags: tuple[AccountFlag, ...] = ()
    owner_partnership_id: int | None = None
    owner_user_id: int | None = None
    keeps_own_owner: bool = False
    listed_from: date | None = None
    listed_until: date | None = None
    listed_owner_partnership_id: int | None = None
    listed_owner_user_id: int | None = None
    listed_note: str = ""
    contract_cents: int | None = None
    contract_currency: str | None = None
    health: AccountHealth | None = None
    has_open_ticket: bool = False
    is_enterprise: bool = False
    churned_on: date | None = None
    product_line_ids: tuple[int, ...] = ()
    parent_id: int | None = None

    def ordered_as(self, before: AccountDraft) -> AccountDraft:
        """The same with its lists as `before` has them where only their order differs, which says nothing."""
        lists = [name for name in self.__dataclass_fields__ if isinstance(getattr(self, name), tuple)]
        same = {name: getattr(before, name) for name in lists if set(getattr(self, name)) == set(getattr(before, name))}
        return replace(self, **same)

    def check(self) -> None:
        """Raise `Invalid` naming each field that cannot stand."""
        faults = missing(self, "code", "name") | unreadable("country", read_country, self.country or "")
        for network in self.networks:
            faults |= unreadable("networks", read_network, network)
        refuse(faults | self._faults_of_standing() | self._faults_of_listing() | self._faults_of_contract())

    def _faults_of_standing(self) -> Faults:
        if self.churned_on is not None and self.status is not AccountStatus.CHURNED:
            return {"churned_on": Phrase(N_("Only a churned account has a day it left on."))}
        return {}

    def _faults_of_listing(self) -> Faults:
        faults: Faults = {}
        if self.listed_from and self.listed_until and self.listed_from > self.listed_until:
            faults["listed_until"] = Phrase(N_("It must not end before it begins."))
        if self.listed_owner_partnership_id is not None and self.listed_owner_user_id is not None:
            faults["listed_owner_user_id"] = Phrase(N_("Choose a partner or a person, not both."))
        said = (self.listed_from, self.listed_until, self.listed_owner_partnership_id, self.listed_owner_user_id)
        if any(said) and LISTED_FLAGS.isdisjoint(self.flags):
            faults["flags"] = Phrase(N_("Only a strategic or named account is listed: mark it, or empty its listing."))
        return faults

    def _faults_of_contract(self) -> Faults:
        if self.contract_cents is None:
            return {}
        if self.contract_cents < 0:
            return {"contract_cents": Phrase(N_("A contract is worth nothing or more."))}
        if not self.contract_currency:
            return {"contract_currency": Phrase(N_("Say the currency of the contract."))}
        return {}

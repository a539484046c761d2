"""accounts.csv: the companies a manufacturer knows, by code; parents once every company is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.domain.errors import Invalid
from app.domain.money import Money
from app.domain.network.account_draft import AccountDraft
from app.domain.network.drafts import is_in_circle
from app.domain.network.files import StatedRow
from app.domain.phrases import N_, Phrase
from app.models import Account
from app.queries.network.drafts import draft_of_account
from app.services.account_names import note_many_names
from app.services.network.accounts import new_account, record_account, write_account, write_imported_opportunity
from app.services.network.importing.doubles import Decision, DoubleChoice, PossibleDouble, find_doubles
from app.services.network.importing.lookup import (
    partner_coded,
    partnership_ids,
    people_by_email,
    person_at,
    product_coded,
    product_lines,
)
from app.services.network.importing.outcome import RowOutcome
from app.services.network.writing import NetworkWriting
from app.services.owners.holding import hold_seller

_PARTNERS = {"owner": "owner_partnership_id", "listed_owner": "listed_owner_partnership_id"}
_PEOPLE = {"seller": "owner_user_id", "listed_seller": "listed_owner_user_id"}
_UNSTATED = -1


@dataclass(frozen=True, slots=True)
class Resolved:
    """A row's account as it is wanted; `parent` is a code, "" for none, None when the file does not say.

    `opportunity_owner_id` is the partnership with the open deal, None for none; -1 when the file does not say.
    """

    line_no: int
    account: Account | None
    draft: AccountDraft
    parent: str | None
    opportunity_owner_id: int | None


class AccountImport:
    """Creates accounts, and changes those whose code is known; all new rows go in together."""

    def __init__(self, writing: NetworkWriting, rows: Sequence[StatedRow]) -> None:
        self._writing = writing
        self._partnerships = partnership_ids(writing)
        self._people = people_by_email(writing)
        self._lines = product_lines(writing)
        self._accounts = _known_accounts(writing)
        self._parents = self._parents_by_code(rows)
        self._decisions: Mapping[int, Decision] = {}

    def resolve(self, row: StatedRow) -> Resolved:
        """The account as the row wants it."""
        stated: dict[str, Any] = dict(row.fields)
        parent = stated.pop("parent", None)
        self._check_parent(stated["code"], parent)
        opportunity_owner_id = self._opportunity_owner(stated)
        self._name_owners(stated)
        if "product_lines" in stated:
            codes = stated.pop("product_lines")
            stated["product_line_ids"] = tuple(sorted(product_coded(self._lines, code).id for code in codes))
        if "contract" in stated:
            contract: Money | None = stated.pop("contract")
            stated["contract_cents"] = contract.cents if contract else None
            stated["contract_currency"] = contract.currency if contract else None
        account = self._accounts.get(stated["code"])
        draft = replace(draft_of_account(account), **stated) if account else AccountDraft(**stated)
        draft.check()
        return Resolved(row.line_no, account, draft, parent, opportunity_owner_id)

    def _opportunity_owner(self, stated: dict[str, Any]) -> int | None:
        if "opportunity_owner" not in stated:
            return _UNSTATED
        code = stated.pop("opportunity_owner")
        return partner_coded(self._partnerships, code) if code else None

    def _name_owners(self, stated: dict[str, Any]) -> None:
        """Put ids in the place of partners' codes and people's addresses."""
        for name, column in _PARTNERS.items():
            if name in stated:
                code = stated.pop(name)
                stated[column] = partner_coded(self._partnerships, code) if code else None
        for name, column in _PEOPLE.items():
            if name in stated:
                email = stated.pop(name)
                stated[column] = person_at(self._people, email) if email else None

    def possible_doubles(self, resolved: Sequence[Resolved]) -> tuple[PossibleDouble, ...]:
        """The new rows that may be companies known already under another code."""
        new = ((item.line_no, item.draft) for item in resolved if item.account is None)
        return find_doubles(self._writing, new, self._accounts)

    def decide(self, decisions: Mapping[int, Decision]) -> None:
        """Take what a person chose about rows that may be known already, by their lines."""
        self._decisions = decisions

    def write(self, resolved: Sequence[Resolved]) -> list[RowOutcome]:
        """Put all new accounts in, then set parents and bring the known ones to what is stated."""
        aside = self._set_aside(resolved)
        added = {
            item.draft.code: new_account(self._writing, item.draft)
            for item in resolved
            if item.account is None and item.draft.code not in aside
        }
        self._writing.session.add_all(added.values())
        self._writing.session.flush()
        note_many_names(self._writing.session, len(added))
        accounts = self._accounts | added
        accounts |= {code: accounts[decision.other_code] for code, decision in aside.items()}
        written = [
            self._settle(item, aside[item.draft.code], accounts)
            if item.draft.code in aside
            else self._write(item, accounts)
            for item in resolved
        ]
        self._hold_people(resolved)
        return written

    def _set_aside(self, resolved: Sequence[Resolved]) -> dict[str, Decision]:
        """The new rows that become no account, by code; the account each is about is there or comes with the file."""
        chosen = {
            item.draft.code: decision
            for item in resolved
            if item.account is None
            and (decision := self._decisions.get(item.line_no)) is not None
            and decision.choice is not DoubleChoice.CREATE
        }
        there = self._accounts.keys() | {item.draft.code for item in resolved}
        return {code: one for code, one in chosen.items() if one.other_code in there - chosen.keys()}

    def _settle(self, item: Resolved, decision: Decision, accounts: Mapping[str, Account]) -> RowOutcome:
        """Leave a row out, or give what it is called to the account it is the same as."""
        if decision.choice is DoubleChoice.SKIP:
            return RowOutcome.SKIPPED
        account = accounts[decision.other_code]
        known = draft_of_account(account)
        names = (item.draft.name, *item.draft.aliases)
        draft = replace(
            known,
            aliases=tuple(dict.fromkeys((*known.aliases, *(name for name in names if name != known.name)))),
            domains=tuple(dict.fromkeys((*known.domains, *item.draft.domains))),
        )
        return RowOutcome.of(is_new=False, has_changed=write_account(self._writing, account, draft))

    def _hold_people(self, resolved: Sequence[Resolved]) -> None:
        """Refuse the file when an owner it names has left since it was read; nobody leaves before the end."""
        named = {getattr(item.draft, column) for item in resolved for column in _PEOPLE.values()} - {None}
        for user_id in sorted(named & set(self._people.values())):
            hold_seller(self._writing.session, self._writing.manufacturer_id, user_id, field="files")

    def _write(self, item: Resolved, accounts: Mapping[str, Account]) -> RowOutcome:
        account, draft = accounts[item.draft.code], item.draft
        if item.parent is not None:
            draft = replace(draft, parent_id=accounts[item.parent].id if item.parent else None)
        if item.account is None:
            account.parent_id = draft.parent_id
            record_account(self._writing, account, draft)
        has_changed = item.account is not None and write_account(self._writing, account, draft)
        if item.opportunity_owner_id != _UNSTATED:
            has_changed |= write_imported_opportunity(self._writing, account, item.opportunity_owner_id)
        return RowOutcome.of(is_new=item.account is None, has_changed=has_changed)

    def _parents_by_code(self, rows: Sequence[StatedRow]) -> dict[int | str, int | str | None]:
        code_of = {account.id: code for code, account in self._accounts.items()}
        parents: dict[int | str, int | str | None] = {
            code: code_of.get(account.parent_id or 0) for code, account in self._accounts.items()
        }
        return parents | {
            row.key[0]: row.fields.get("parent") or None
            for row in rows
            if "parent" in row.fields or row.key[0] not in parents
        }

    def _check_parent(self, code: str, parent: str | None) -> None:
        if parent and parent not in self._parents:
            raise Invalid(Phrase(N_("There is no account %(code)s to be the parent."), {"code": parent}))
        if parent and is_in_circle(code, self._parents):
            raise Invalid(Phrase(N_("The chain of parents from %(code)s leads back to itself."), {"code": code}))


def _known_accounts(writing: NetworkWriting) -> dict[str, Account]:
    rows = select(Account).where(Account.manufacturer_id == writing.manufacturer_id)
    with_all = rows.options(
        *(
            selectinload(rows)
            for rows in (Account.names, Account.domains, Account.ip_ranges, Account.opportunities, Account.bought)
        )
    )
    return {account.code: account for account in writing.session.scalars(with_all)}

"""Companies of a file that may be known already under another code, and what is to become of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

from app.domain.intake.companies import company_key, company_name
from app.domain.intake.domains import is_disposable, is_free_mail
from app.domain.network.account_draft import AccountDraft
from app.domain.phrases import N_, Phrase
from app.models import Account
from app.queries.matching import candidate_names
from app.queries.network.drafts import draft_of_account
from app.services.network.writing import NetworkWriting

ALIKE = 90
"""From which likeness of 100 two names, without blanks and legal forms, may be one misspelt."""

COMPARED_AT_MOST = 500
"""Of so many new companies similar names are looked for; equal names and domains are looked for of all."""


class DoubleChoice(StrEnum):
    """What becomes of a row that may be a company known already."""

    CREATE = "create"
    SKIP = "skip"
    ALIAS = "alias"


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's choice about one row, and the code of the account it is about."""

    choice: DoubleChoice
    other_code: str = ""


@dataclass(frozen=True, slots=True)
class PossibleDouble:
    """A row, the account or earlier row it may be the same as, and why."""

    line_no: int
    code: str
    name: str
    other_code: str
    other_name: str
    reason: Phrase


def find_doubles(
    writing: NetworkWriting, new: Iterable[tuple[int, AccountDraft]], known: Mapping[str, Account]
) -> tuple[PossibleDouble, ...]:
    """The new rows of a file that share a domain or a name with an account in use or an earlier row; writes nothing."""
    seen = _Seen(writing)
    for account in known.values():
        if account.ended_at is None:
            seen.add(draft_of_account(account), account.id)
    found = []
    for line_no, draft in new:
        if (double := seen.double_of(draft)) is not None:
            other, reason = double
            found.append(PossibleDouble(line_no, draft.code, draft.name, other.code, other.name, reason))
        seen.add(draft)
    return tuple(found)


class _Seen:
    """The companies looked at so far, by domain and by name."""

    def __init__(self, writing: NetworkWriting) -> None:
        self._writing = writing
        self._by_domain: dict[str, AccountDraft] = {}
        self._by_name: dict[str, list[AccountDraft]] = {}
        self._by_id: dict[int, AccountDraft] = {}
        self._left_to_compare = COMPARED_AT_MOST

    def add(self, draft: AccountDraft, account_id: int | None = None) -> None:
        for domain in draft.domains:
            self._by_domain.setdefault(domain, draft)
        for key in _keys(draft):
            self._by_name.setdefault(key, []).append(draft)
        if account_id is not None:
            self._by_id[account_id] = draft

    def double_of(self, draft: AccountDraft) -> tuple[AccountDraft, Phrase] | None:
        for domain in draft.domains:
            if domain in self._by_domain and not is_free_mail(domain) and not is_disposable(domain):
                return self._by_domain[domain], Phrase(N_("The same domain %(domain)s"), {"domain": domain})
        for key in _keys(draft):
            for other in self._by_name.get(key, ()):
                if _may_be_in_one_country(draft, other):
                    return other, Phrase(N_("The same name"))
        return self._similar_to(draft)

    def _similar_to(self, draft: AccountDraft) -> tuple[AccountDraft, Phrase] | None:
        if not self._left_to_compare:
            return None
        self._left_to_compare -= 1
        asked = company_name(draft.name).compact
        names = candidate_names(
            self._writing.session, manufacturer_id=self._writing.manufacturer_id, company=draft.name, limit=5
        )
        for one in names:
            other = self._by_id.get(one.account_id)
            is_alike = fuzz.ratio(asked, company_name(one.name).compact) >= ALIKE
            if other is not None and is_alike and _may_be_in_one_country(draft, other):
                return other, Phrase(N_("A similar name"))
        return None


def _keys(draft: AccountDraft) -> set[str]:
    return {key for name in (draft.name, *draft.aliases, *draft.english) if (key := company_key(name))}


def _may_be_in_one_country(one: AccountDraft, other: AccountDraft) -> bool:
    return not one.country or not other.country or one.country == other.country

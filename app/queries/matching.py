"""What a manufacturer's accounts know of a lead's company: accounts by sure signals, and the names like the asked one.

All of it comes from indexes that the transaction of the account keeps; no process holds anything of it in memory.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from rapidfuzz import fuzz
from sqlalchemy import Row, cast, literal, select, text, union_all
from sqlalchemy.dialects.postgresql import INET
from sqlalchemy.orm import Session

from app.domain.accounts import AccountNameKind
from app.domain.intake.companies import CompanyName, company_name
from app.domain.matching.grams import asked_sounds, asked_terms, has_kana, search_keys
from app.domain.matching.kana import Sound, sound
from app.domain.matching.signals import Evidence, KnownName, LeadCompany
from app.models import Account, AccountDomain, AccountIpRange
from app.queries.word_counts import word_weights

MOST_CANDIDATES = 100
_LIMITS = {"rows_of_a_term": 200, "rows_of_all_terms": 700, "compared": 150}
"""How many names are read of one term and of all together, the most telling first, and how many of those that share
the most terms are compared: what reading more would find is measured by `bench/matching.py`."""

_ALIKE = text("""
    WITH shared AS (
        SELECT id, account_id, kind, name, name_key FROM (
            SELECT hit.*
            FROM unnest(CAST(:terms AS int[])) AS term (key) CROSS JOIN LATERAL (
                SELECT id, account_id, kind, name, name_key FROM account_name
                WHERE search_keys @> ARRAY[term.key] LIMIT :rows_of_a_term
            ) AS hit
            LIMIT :rows_of_all_terms
        ) AS written
        GROUP BY id, account_id, kind, name, name_key
        ORDER BY count(*) DESC, abs(length(name_key) - :size), id LIMIT :compared
    ), sounding AS (
        SELECT id, account_id, kind, name, name_key FROM (
            SELECT hit.*
            FROM unnest(CAST(:sounds AS int[])) AS term (key) CROSS JOIN LATERAL (
                SELECT id, account_id, kind, name, name_key FROM account_name
                WHERE search_keys @> ARRAY[term.key] LIMIT :rows_of_a_term
            ) AS hit
            LIMIT :rows_of_all_terms
        ) AS spoken
        GROUP BY id, account_id, kind, name, name_key HAVING count(*) > 1
        ORDER BY count(*) DESC, id LIMIT :compared
    ), found AS (
        TABLE shared UNION TABLE sounding UNION (
            SELECT id, account_id, kind, name, name_key FROM account_name
            WHERE manufacturer_id = :manufacturer_id AND name_key = :name_key LIMIT :compared
        ) UNION (
            SELECT id, account_id, kind, name, name_key FROM account_name
            WHERE account_id = ANY(CAST(:account_ids AS bigint[])) LIMIT :compared
        )
    )
    SELECT found.account_id, found.kind, found.name, found.name_key, account.country
    FROM found JOIN account ON account.id = found.account_id
    WHERE account.manufacturer_id = :manufacturer_id AND account.ended_at IS NULL
""")


def match_evidence(session: Session, manufacturer_id: int, lead: LeadCompany, address: str | None = None) -> Evidence:
    """Everything the manufacturer's accounts know of the lead's company and, as a supplement, its IP address."""
    domains = {lead.email_domain, lead.website_domain} - {""}
    by_domain, by_number, by_address = _sure_accounts(session, manufacturer_id, domains, lead.corporate_number, address)
    names = _names_like(session, manufacturer_id, lead.company, [*by_domain, *by_number], MOST_CANDIDATES)
    return Evidence(
        domain_accounts=tuple(by_domain),
        number_accounts=tuple(by_number),
        ip_accounts=tuple(by_address),
        names=tuple(names),
        weights=word_weights(session, manufacturer_id=manufacturer_id, names=[lead.company]),
    )


def candidate_names(
    session: Session, *, manufacturer_id: int, company: str, limit: int = MOST_CANDIDATES
) -> list[KnownName]:
    """The names of accounts in use that `company` may mean: equal ones and aliases first, then the most alike."""
    return _names_like(session, manufacturer_id, company, [], limit)


def _sure_accounts(
    session: Session, manufacturer_id: int, domains: Collection[str], corporate_number: str, address: str | None
) -> tuple[list[int], list[int], list[int]]:
    """The accounts in use by domain, by corporate number and by IP address, in one round trip."""
    in_use = (Account.manufacturer_id == manufacturer_id, Account.ended_at.is_(None))
    parts = []
    if domains:
        having = (AccountDomain.manufacturer_id == manufacturer_id, AccountDomain.domain.in_(sorted(domains)))
        parts.append(select(literal(0).label("signal"), Account.id).join(AccountDomain).where(*having, *in_use))
    if corporate_number:
        parts.append(select(literal(1), Account.id).where(Account.corporate_number == corporate_number, *in_use))
    if address:
        network = AccountIpRange.network.op(">>=")(cast(address, INET))
        parts.append(select(literal(2), Account.id).join(AccountIpRange).where(network, *in_use))
    found: tuple[set[int], set[int], set[int]] = (set(), set(), set())
    for signal, account_id in session.execute(union_all(*parts)) if parts else ():
        found[signal].add(account_id)
    return sorted(found[0]), sorted(found[1]), sorted(found[2])


def _names_like(
    session: Session, manufacturer_id: int, company: str, account_ids: Sequence[int], limit: int
) -> list[KnownName]:
    asked = company_name(company)
    if not asked.key and not account_ids:
        return []
    rows = session.execute(
        _ALIKE,
        {
            "manufacturer_id": manufacturer_id,
            "terms": search_keys(manufacturer_id, asked_terms(asked) if asked.key else ()),
            "sounds": search_keys(manufacturer_id, asked_sounds(asked)),
            "name_key": asked.key,
            "size": len(asked.key),
            "account_ids": list(account_ids),
            **_LIMITS,
        },
    )
    ranking = _Ranking(asked, set(account_ids))
    ranked = sorted(rows, key=lambda row: (-ranking.likeness(row), row.account_id, row.name))
    return [
        KnownName(row.account_id, row.name, AccountNameKind(row.kind), row.country or "", row.name_key)
        for row in ranked[:limit]
    ]


class _Ranking:
    """How alike the names found are to the asked one, for choosing those worth a close look."""

    def __init__(self, asked: CompanyName, account_ids: set[int]) -> None:
        self._asked, self._account_ids = asked, account_ids
        self._sound = sound(asked.raw)

    def likeness(self, row: Row[tuple[int, str, str, str, str]]) -> float:
        """100 for equal letters; names of accounts found by a surer signal come before all."""
        if row.account_id in self._account_ids:
            return 101
        written = fuzz.ratio(self._asked.compact, row.name_key.replace(" ", ""))
        return max(written, self._likeness_of_sound(row)) if self._is_spoken(row) else written

    def _is_spoken(self, row: Row[tuple[int, str, str, str, str]]) -> bool:
        return row.country == "JP" or row.kind in {AccountNameKind.KANA, AccountNameKind.ENGLISH} or has_kana(row.name)

    def _likeness_of_sound(self, row: Row[tuple[int, str, str, str, str]]) -> float:
        known = sound(row.name)
        return 0 if self._sound is None or known is None else _sound_ratio(self._sound, known)


def _sound_ratio(asked: Sound, known: Sound) -> float:
    return max(fuzz.ratio(asked.letters, known.letters), 0.9 * fuzz.ratio(asked.consonants, known.consonants))

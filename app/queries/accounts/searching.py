"""Accounts found by what a person types: a part of a name, a domain, a code or a number, also when misspelt."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, union

from app.database import db
from app.domain.account_search import is_spelt_like
from app.domain.intake.companies import company_key
from app.domain.intake.domains import registrable_domain
from app.domain.intake.numbers import read_corporate_number
from app.models import Account, AccountDomain, AccountName
from app.queries.matching import candidate_names

FOUND_AT_MOST = 2_000
SIMILAR_AT_MOST = 10
LOOKED_AT = 100
SHORTEST_PART = 3
"""Signs from which on a part within a name is looked for; shorter texts are only looked for at its beginning."""

_LAST_SIGN = "\U0010ffff"


def ids_found(manufacturer_id: int, text: str) -> set[int]:
    """The accounts that go by the text: in a name or alias, at the start of a domain or code, or as a number."""
    parts: list[Select[Any]] = [_by_code(manufacturer_id, text), _by_domain(manufacturer_id, text)]
    if key := company_key(text):
        parts.append(_by_name(manufacturer_id, key))
    found = union(*[select(part.limit(FOUND_AT_MOST).subquery()) for part in parts])
    return set(db.session.scalars(found))


def _by_name(manufacturer_id: int, key: str) -> Select[Any]:
    is_part = AccountName.name_key.contains(key, autoescape=True)
    named = is_part if len(key) >= SHORTEST_PART else _begins(AccountName.name_key, key)
    return select(AccountName.account_id).where(AccountName.manufacturer_id == manufacturer_id, named)


def _by_domain(manufacturer_id: int, text: str) -> Select[Any]:
    domain = registrable_domain(text)
    named = _begins(AccountDomain.domain, text.lower())
    if domain:
        named = or_(named, AccountDomain.domain == domain)
    return select(AccountDomain.account_id).where(AccountDomain.manufacturer_id == manufacturer_id, named)


def _by_code(manufacturer_id: int, text: str) -> Select[Any]:
    known = [_begins(Account.code, variant) for variant in dict.fromkeys((text, text.upper()))]
    if number := read_corporate_number(text):
        known.append(Account.corporate_number == number)
    return select(Account.id).where(Account.manufacturer_id == manufacturer_id, or_(*known))


def _begins(column: Any, text: str) -> ColumnElement[bool]:
    """Whether a column begins with the text: as a range, which any index sorted by code points can walk."""
    return and_(column >= text, column < text + _LAST_SIGN)


def ids_spelt_like(manufacturer_id: int, text: str, *, limit: int = SIMILAR_AT_MOST) -> list[int]:
    """The accounts in use whose name is spelt or sounds almost like the text, the likeliest first."""
    names = candidate_names(db.session(), manufacturer_id=manufacturer_id, company=text, limit=LOOKED_AT)
    alike = dict.fromkeys(one.account_id for one in names if is_spelt_like(text, one.name))
    return list(alike)[:limit]

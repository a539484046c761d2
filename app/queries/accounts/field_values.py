"""The values of an account's fields as people read them: names for ids, words for codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from app.database import db
from app.domain.accounts import AccountFlag, AccountHealth, AccountStatus, TeamRole
from app.domain.labels import label_of
from app.domain.lead_conditions import joined
from app.domain.phrases import N_, Phrase
from app.models import Account, Partnership, ProductLine, User

_TABLES: Mapping[str, Any] = {
    "owner_partnership_id": Partnership,
    "listed_owner_partnership_id": Partnership,
    "owner_user_id": User,
    "listed_owner_user_id": User,
    "parent_id": Account,
    "product_line_ids": ProductLine,
}
"""The fields that are kept as ids, and whose."""

_LABELLED = {"status": AccountStatus, "health": AccountHealth, "team": TeamRole}

FieldNames = Mapping[tuple[Any, int], str]
"""What the rows behind the ids are called, by table and id."""


def names_behind(values: Iterable[tuple[str, object]]) -> FieldNames:
    """The names behind the ids among some fields' values, each table asked once. The caller may read the fields."""
    wanted: dict[Any, set[int]] = {}
    for name, value in values:
        if (table := _TABLES.get(name)) is not None:
            wanted.setdefault(table, set()).update(_ids(value))
    found: dict[tuple[Any, int], str] = {}
    for table, ids in wanted.items():
        if ids:
            rows = db.session.execute(select(table.id, table.name).where(table.id.in_(ids)))
            found |= {(table, row[0]): row[1] for row in rows}
    return found


def value_in_words(name: str, value: object, names: FieldNames) -> object:
    """One field's value in words; a dash for nothing, and for what is gone."""
    if (table := _TABLES.get(name)) is not None:
        return ", ".join(names[table, one] for one in _ids(value) if (table, one) in names) or "–"
    if name == "flags" and isinstance(value, list | tuple) and value:
        return joined([label_of(AccountFlag(one)) for one in value], "%(first)s, %(next)s")
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "–"
    if isinstance(value, str) and value and name in _LABELLED:
        return label_of(_LABELLED[name](value))
    if isinstance(value, bool):
        return Phrase(N_("yes") if value else N_("no"))
    return value if value not in (None, "") else "–"


def _ids(value: object) -> list[int]:
    return [one for one in (value if isinstance(value, list | tuple) else [value]) if isinstance(one, int)]

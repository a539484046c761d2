"""In how many of a manufacturer's names a word stands, which says how little it identifies."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.intake.companies import company_name
from app.domain.matching.grams import search_keys, word_term, words_of
from app.domain.matching.weights import WordWeights

_COUNTED = 500
_TOTAL_COUNTED = 5_000
"""Up to so many rows are counted; above, the planner's own figures are near enough for a weight, and cost nothing."""

_NO_WORD = ""
_COUNTS = text("""
    SELECT word.key, (SELECT count(*) FROM (
        SELECT FROM account_name WHERE search_keys @> ARRAY[word.key] LIMIT :counted
    ) AS name) AS held
    FROM unnest(CAST(:keys AS int[])) AS word (key)
""")
_TOTAL = text("""
    SELECT count(*) FROM (SELECT FROM account_name WHERE manufacturer_id = :manufacturer_id LIMIT :counted) AS name
""")


def word_weights(session: Session, *, manufacturer_id: int, names: Collection[str]) -> WordWeights:
    """How much the words of these names say among the manufacturer's accounts."""
    words = {word for name in names for word in words_of(company_name(name))}
    return WordWeights(*word_counts(session, manufacturer_id=manufacturer_id, words=words))


def word_counts(session: Session, *, manufacturer_id: int, words: Collection[str]) -> tuple[int, dict[str, int]]:
    """How many names the manufacturer's accounts have, and how many hold each word; large numbers are estimates."""
    asked = sorted(set(words) - {_NO_WORD})
    keys = search_keys(manufacturer_id, [word_term(word) for word in (_NO_WORD, *asked)])
    total, unknown, *estimates = _estimates(session, manufacturer_id, keys)
    if total < _TOTAL_COUNTED:
        total = session.scalar(_TOTAL, {"manufacturer_id": manufacturer_id, "counted": _TOTAL_COUNTED}) or 0
    # Only a word the planner has a figure for is estimated otherwise than one that stands nowhere.
    common = {key: estimate for key, estimate in zip(keys[1:], estimates, strict=True) if estimate > unknown}
    rare = [key for key in keys[1:] if key not in common]
    counted = session.execute(_COUNTS, {"keys": rare, "counted": _COUNTED}) if rare else ()
    counts = common | {row.key: row.held for row in counted}
    return total, {word: counts[key] for word, key in zip(asked, keys[1:], strict=True)}


def _estimates(session: Session, manufacturer_id: int, keys: Sequence[int]) -> list[int]:
    """The planner's guess at the manufacturer's names, and at those that hold each key, without reading a name."""
    wheres = [f"manufacturer_id = {int(manufacturer_id)}", *(f"search_keys @> ARRAY[{int(key)}]" for key in keys)]
    parts = " UNION ALL ".join(f"(SELECT 1 FROM account_name WHERE {where})" for where in wheres)  # noqa: S608 integers
    answer: Any = session.connection().exec_driver_sql(f"EXPLAIN (FORMAT JSON) {parts}").scalar_one()
    plan = (json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]
    return [int(part["Plan Rows"]) for part in plan["Plans"]]

"""territories.csv: lines of territories; a line is told by its partner and its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.domain.network.drafts import check_territory_rule
from app.domain.network.files import StatedRow
from app.domain.territories import TerritoryMode, TerritoryRule
from app.models import TerritoryRule as RuleRow
from app.queries.network.drafts import rule_of
from app.services.network.importing.lookup import partner_coded, partnership_ids
from app.services.network.importing.outcome import RowOutcome
from app.services.network.territories import insert_rule, write_rule
from app.services.network.writing import NetworkWriting

_Place = tuple[int, str, str | None, str | None, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Resolved:
    """A row's line as it is wanted."""

    partnership_id: int
    rule: TerritoryRule
    row: RuleRow | None


class TerritoryImport:
    """Adds lines, and turns an include into an exclude or back; lines the file does not name stay."""

    def __init__(self, writing: NetworkWriting, _rows: Sequence[StatedRow]) -> None:
        self._writing = writing
        self._partnerships = partnership_ids(writing)
        kept = select(RuleRow).where(RuleRow.manufacturer_id == writing.manufacturer_id)
        self._kept = {_place(row.partnership_id, rule_of(row)): row for row in writing.session.scalars(kept)}

    def resolve(self, row: StatedRow) -> Resolved:
        """The line as the row wants it."""
        stated = dict(row.fields)
        partnership_id = partner_coded(self._partnerships, stated.pop("partner"))
        mode = stated.pop("mode", TerritoryMode.INCLUDE)
        rule = TerritoryRule(mode, **stated)
        check_territory_rule(rule)
        return Resolved(partnership_id, rule, self._kept.get(_place(partnership_id, rule)))

    def write(self, resolved: Sequence[Resolved]) -> list[RowOutcome]:
        """Add or turn each line."""
        return [self._write(item) for item in resolved]

    def _write(self, item: Resolved) -> RowOutcome:
        if item.row is None:
            insert_rule(self._writing, item.partnership_id, item.rule)
        has_changed = item.row is not None and write_rule(self._writing, item.row, item.rule)
        return RowOutcome.of(is_new=item.row is None, has_changed=has_changed)


def _place(partnership_id: int, rule: TerritoryRule) -> _Place:
    return (partnership_id, rule.country, rule.subdivision, rule.postal_prefix, rule.postal_from, rule.postal_to)

"""products.csv: product lines by code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.domain.network.drafts import ProductLineDraft
from app.domain.network.files import StatedRow
from app.models import ProductLine
from app.queries.network.drafts import draft_of_product_line
from app.services.network.catalog import add_product_line, write_product_line
from app.services.network.importing.lookup import product_lines, tier_coded, tier_ids
from app.services.network.importing.outcome import RowOutcome
from app.services.network.writing import NetworkWriting

Resolved = tuple[ProductLine | None, ProductLineDraft]


class ProductImport:
    """Creates product lines, and changes those whose code is known."""

    def __init__(self, writing: NetworkWriting, _rows: Sequence[StatedRow]) -> None:
        self._writing = writing
        self._lines = product_lines(writing)
        self._tiers = tier_ids(writing)

    def resolve(self, row: StatedRow) -> Resolved:
        """The line as the row wants it."""
        stated = dict(row.fields)
        if "min_tier" in stated:
            tier = stated.pop("min_tier")
            stated["min_tier_id"] = tier_coded(self._tiers, tier) if tier else None
        line = self._lines.get(stated["code"])
        draft = replace(draft_of_product_line(line), **stated) if line else ProductLineDraft(**stated)
        draft.check()
        return line, draft

    def write(self, resolved: Sequence[Resolved]) -> list[RowOutcome]:
        """Create or change each line."""
        return [self._write(line, draft) for line, draft in resolved]

    def _write(self, line: ProductLine | None, draft: ProductLineDraft) -> RowOutcome:
        if line is None:
            add_product_line(self._writing, draft)
        has_changed = line is not None and write_product_line(self._writing, line, draft)
        return RowOutcome.of(is_new=line is None, has_changed=has_changed)

"""authorizations.csv: who may sell what, and until when it is certified; no day means authorised without it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.domain.network.files import StatedRow
from app.models import Authorisation, Certification, Partnership, ProductLine
from app.services.network.authorisations import (
    delete_certification,
    insert_authorisation,
    insert_certification,
    write_certification,
)
from app.services.network.importing.lookup import partner_coded, partnership_ids, product_coded, product_lines
from app.services.network.importing.outcome import RowOutcome
from app.services.network.writing import NetworkWriting


@dataclass(frozen=True, slots=True)
class Resolved:
    """A row's authorisation; `states_day` tells an empty cell from a column that is not there."""

    partnership_id: int
    line: ProductLine
    states_day: bool
    certified_until: date | None


class AuthorisationImport:
    """Adds authorisations and brings the last certification of each to the day stated; others in the database stay."""

    def __init__(self, writing: NetworkWriting, _rows: Sequence[StatedRow]) -> None:
        self._writing = writing
        self._partnerships = partnership_ids(writing)
        self._lines = product_lines(writing)
        own = Partnership.manufacturer_id == writing.manufacturer_id
        held = select(Authorisation.partnership_id, Authorisation.product_line_id).join(
            Partnership, Partnership.id == Authorisation.partnership_id
        )
        self._held = {(row.partnership_id, row.product_line_id) for row in writing.session.execute(held.where(own))}
        dated = select(Certification).join(Partnership, Partnership.id == Certification.partnership_id).where(own)
        in_order = dated.order_by(Certification.valid_until.nulls_first(), Certification.id)
        self._last = {(row.partnership_id, row.product_line_id): row for row in writing.session.scalars(in_order)}

    def resolve(self, row: StatedRow) -> Resolved:
        """The authorisation as the row wants it."""
        return Resolved(
            partner_coded(self._partnerships, row.fields["partner"]),
            product_coded(self._lines, row.fields["product"]),
            "certified_until" in row.fields,
            row.fields.get("certified_until"),
        )

    def write(self, resolved: Sequence[Resolved]) -> list[RowOutcome]:
        """Authorise and certify, row by row."""
        return [self._write(item) for item in resolved]

    def _write(self, item: Resolved) -> RowOutcome:
        is_new = (item.partnership_id, item.line.id) not in self._held
        if is_new:
            insert_authorisation(self._writing, item.partnership_id, item.line)
        has_changed = item.states_day and self._certify(item)
        return RowOutcome.of(is_new=is_new, has_changed=has_changed)

    def _certify(self, item: Resolved) -> bool:
        last = self._last.get((item.partnership_id, item.line.id))
        if last is None and item.certified_until is not None:
            insert_certification(self._writing, item.partnership_id, item.line, None, item.certified_until)
            return True
        if last is not None and item.certified_until is None:
            delete_certification(self._writing, last)
            return True
        if last is None:
            return False
        return write_certification(self._writing, last, last.valid_from, item.certified_until)

"""Lists of leads for the tests of imports, and what became of them."""

from __future__ import annotations

from app.queries.intake.imports import ImportCounts, import_counts
from app.services import intake
from tests.cast import Cast

HEADER = "Record ID,Company,Email,Country,Product,Consent,Score\n"


def rows(first: int, last: int) -> bytes:
    """A plain list of leads."""
    lines = [f"R-{n},Company {n} Ltd,buyer{n}@company{n}.example,Germany,PUMP,any,60" for n in range(first, last + 1)]
    return (HEADER + "\n".join(lines) + "\n").encode()


def bring_in(cast: Cast, data: bytes, filename: str = "list.csv", *, is_dry_run: bool = False) -> ImportCounts:
    """The file, brought in at once."""
    import_id = intake.import_file(manufacturer_id=cast.acme.id, filename=filename, data=data, is_dry_run=is_dry_run)
    return import_counts(import_id)


def sums(counts: ImportCounts) -> tuple[int, int, int, int, int]:
    """Created, merged, unchanged of those, rejected, quarantined."""
    return counts.created, counts.merged, counts.unchanged, counts.rejected, counts.quarantined

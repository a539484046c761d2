"""What became of one row, and what every file's importer offers."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from app.domain.network.files import StatedRow
from app.services.network.writing import NetworkWriting

Resolved = TypeVar("Resolved")


class RowOutcome(StrEnum):
    """What a row did."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"

    @classmethod
    def of(cls, *, is_new: bool, has_changed: bool) -> RowOutcome:
        """The outcome of a row that is new, or changed something, or neither."""
        if is_new:
            return cls.CREATED
        return cls.CHANGED if has_changed else cls.UNCHANGED


class Importer(Protocol, Generic[Resolved]):
    """One file's way in: first every row is resolved, then, if none had a fault, all are written."""

    def __init__(self, writing: NetworkWriting, rows: Sequence[StatedRow]) -> None: ...

    def resolve(self, row: StatedRow) -> Resolved:
        """What the row means here; raises `Invalid` when it cannot stand. Writes nothing."""
        ...

    def write(self, resolved: Sequence[Resolved]) -> list[RowOutcome]:
        """Write every row; one outcome each."""
        ...

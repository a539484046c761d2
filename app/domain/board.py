"""What a partner narrows its board to, as values and as the query of the board's address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qsl, urlencode

from app.domain.bands import SizeBand, ValueBand

_REGION = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
CLOSING_SOON_HOURS = 4
"""An offer that ends within this many hours is closing soon."""


class BoardSort(StrEnum):
    """The order of the board. None of them follows anything that is hidden before a claim."""

    CLOSING = "closing"
    NEWEST = "newest"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class BoardFilters:
    """Everything that is set must hold. Ids that mean nothing to the viewer find nothing.

    `region` is a subdivision or a country (ISO 3166); a band that the manufacturer hides never matches.
    """

    manufacturer: int | None = None
    product: int | None = None
    region: str | None = None
    size: SizeBand | None = None
    value: ValueBand | None = None
    hot: bool = False
    closing: bool = False
    exclusive: bool = False
    sort: BoardSort = BoardSort.CLOSING

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> BoardFilters:
        """Read the query of an address; what cannot be read is not set."""
        return cls(
            manufacturer=_id(query.get("manufacturer", "")),
            product=_id(query.get("product", "")),
            region=_region(query.get("region", "").upper()),
            size=_member(SizeBand, query.get("size", "")),
            value=_member(ValueBand, query.get("value", "")),
            hot=query.get("hot") == "1",
            closing=query.get("closing") == "1",
            exclusive=query.get("exclusive") == "1",
            sort=_member(BoardSort, query.get("sort", "")) or BoardSort.CLOSING,
        )

    def to_query(self) -> dict[str, str]:
        """The query that `from_query` reads, without what is not set."""
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: "1" if value is True else str(value)
            for name, value in given.items()
            if value is not None and value is not False and value is not BoardSort.CLOSING
        }

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the order is set."""
        return bool(self.to_query().keys() - {"sort"})


def _id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _region(text: str) -> str | None:
    return text if _REGION.fullmatch(text) else None


def _member(kind: type[Any], text: str) -> Any:
    try:
        return kind(text)
    except ValueError:
        return None


def query_text(filters: BoardFilters) -> str:
    """The filters as the text behind an address's question mark."""
    return urlencode(filters.to_query())


def read_query(text: str) -> BoardFilters:
    """Read what `query_text` wrote."""
    return BoardFilters.from_query(dict(parse_qsl(text)))

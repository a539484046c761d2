"""Keyset pages: a place in a sorted list as a short text that stands in the URL."""

from __future__ import annotations

import base64
import binascii
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

Key = datetime | date | int | str

NEVER = datetime(9999, 12, 31, tzinfo=UTC)
NO_DAY = date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: behind (or, going back, before) the row with this sort key and id."""

    key: Key
    id: uuid.UUID
    is_backwards: bool = False

    def to_text(self) -> str:
        """The place as URL-safe text."""
        raw = json.dumps([int(self.is_backwards), _kind_of(self.key), _plain(self.key), self.id.hex])
        return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")

    @classmethod
    def from_text(cls, text: str, like: type[Key]) -> Place | None:
        """Read what `to_text` wrote; None for anything else, which then means the first page."""
        try:
            raw = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            is_backwards, kind, key, lead_id = raw
            place = cls(_KINDS[kind](key), uuid.UUID(lead_id), bool(is_backwards))
        except (ValueError, TypeError, KeyError, AttributeError, binascii.Error, RecursionError):
            return None
        return place if type(place.key) is like else None


_KINDS: dict[str, Callable[[Any], Key]] = {"t": datetime.fromisoformat, "d": date.fromisoformat, "i": int, "s": str}


def _kind_of(key: Key) -> str:
    return "t" if isinstance(key, datetime) else "d" if isinstance(key, date) else "i" if isinstance(key, int) else "s"


def _plain(key: Key) -> int | str:
    return key.isoformat() if isinstance(key, datetime | date) else key

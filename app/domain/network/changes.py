"""What an edit changed, and what becomes of an edit that began from an older version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from app.domain.errors import Refused
from app.domain.phrases import N_, Phrase


@dataclass(frozen=True, slots=True)
class Changes:
    """The changed fields alone, as they were and as they are. False when nothing changed."""

    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.after)

    def touches(self, names: frozenset[str]) -> bool:
        """Whether one of the fields `names` changed."""
        return not names.isdisjoint(self.after)


def changes_between(before: Any, after: Any) -> Changes:
    """The fields in which two values of one dataclass differ."""
    names = [item.name for item in fields(after) if getattr(before, item.name) != getattr(after, item.name)]
    return Changes(
        {name: getattr(before, name) for name in names},
        {name: getattr(after, name) for name in names},
    )


class StaleEdit(Refused):
    """Somebody saved meanwhile (HTTP 409). Holds both versions, so that a person can choose; nothing is overwritten."""

    def __init__(self, *, theirs: Any, yours: Any, version: int) -> None:
        super().__init__(
            Phrase(N_("Somebody saved a newer version while you were editing. Nothing of yours is saved yet.")),
            code="stale_edit",
            remedy=Phrase(N_("Compare the two versions, then save yours again or keep theirs.")),
        )
        self.differences = changes_between(theirs, yours)
        self.version = version

"""What arrives at the door, through which way in, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.domain.phrases import Phrase


class Channel(StrEnum):
    """The way a submission came in."""

    FORM = "form"
    MANUAL = "manual"
    FILE = "file"
    API = "api"


class SubmissionState(StrEnum):
    """What became of a submission. Nothing that arrived is dropped: what cannot be read waits in quarantine."""

    RECEIVED = "received"
    CREATED = "created"
    MERGED = "merged"
    REJECTED = "rejected"
    QUARANTINED = "quarantined"


class ImportState(StrEnum):
    """How far a file has come."""

    UPLOADED = "uploaded"
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with one field of a submission (`field` empty: with the whole of it). A fatal one keeps it back."""

    field: str
    phrase: Phrase
    is_fatal: bool = True

    def to_json(self) -> dict[str, Any]:
        """The finding as it is stored with its submission."""
        return {"field": self.field, "phrase": self.phrase.to_json(), "is_fatal": self.is_fatal}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Finding:
        """The finding that `to_json` stored."""
        return cls(stored["field"], Phrase.from_json(stored["phrase"]), stored.get("is_fatal", True))

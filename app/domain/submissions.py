"""What arrives at the door, through which way in, and what became of it."""

from __future__ import annotations

from enum import StrEnum


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

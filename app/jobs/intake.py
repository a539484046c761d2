"""Leads coming in: files on their way, and what a lost process left at the door."""

from __future__ import annotations

from app.services import intake


def advance_import(import_id: int) -> None:
    """Bring one file in, or go on where another process stopped."""
    intake.advance_import(import_id)


def tend_intake() -> None:
    """Settle what was stored but not settled, and take up imports that stand still."""
    intake.settle_waiting_submissions()
    intake.resume_imports()

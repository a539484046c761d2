"""What other programs leave with us."""

from __future__ import annotations

from app.services import idempotency


def forget_old_answers() -> None:
    """Delete the answers kept for repeated requests after a day. Twice is no harm."""
    idempotency.forget_old_answers()

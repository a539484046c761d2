"""Periodic work about the board."""

from __future__ import annotations

from app.services.saved_views import owe_view_mails


def mail_saved_views() -> int:
    """Owe a mail to everybody whose saved view has new leads; how many views had any."""
    return owe_view_mails()

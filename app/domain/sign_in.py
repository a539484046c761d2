"""How long people stay signed in, and how long the links mailed to them hold."""

from __future__ import annotations

from datetime import timedelta

from app.domain.errors import NotFound
from app.domain.identity import OneTimePurpose
from app.domain.phrases import N_, Phrase

SESSION_IDLE = timedelta(days=14)
"""A browser unused for this long has to sign in again."""

SESSION_AGE = timedelta(days=90)
"""However busy, a session ends this long after signing in."""

SEEN_EVERY = timedelta(minutes=1)
"""How exact "last seen" and "last used" are: finer would be a write with every page."""

LINK_LIFE = {
    OneTimePurpose.INVITATION: timedelta(days=7),
    OneTimePurpose.PASSWORD_RESET: timedelta(hours=1),
}

LINK_PATHS = {
    OneTimePurpose.INVITATION: "/join",
    OneTimePurpose.PASSWORD_RESET: "/reset-password",
}


class LinkDead(NotFound):
    """A mailed link was used, replaced by a newer one, or has expired; which of these is not said."""

    code = "link_dead"

    def __init__(self) -> None:
        super().__init__(
            Phrase(N_("This link does not work any more: it was used, replaced by a newer one, or has expired."))
        )


def link_path(purpose: OneTimePurpose, token: str) -> str:
    """Where a mailed link leads, below the installation's address."""
    return f"{LINK_PATHS[purpose]}/{token}"

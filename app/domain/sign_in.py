"""How long people stay signed in, and how long the links mailed to them hold."""

from __future__ import annotations

from datetime import timedelta

from app.domain.identity import OneTimePurpose

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

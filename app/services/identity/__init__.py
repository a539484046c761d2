"""Who signs in: sessions, passwords, mailed links, people, API keys, and the manufacturers they belong to."""

from app.services.identity.log_in import LogInRefused, log_in, note_throttled
from app.services.identity.sessions import (
    end_other_sessions,
    end_session,
    log_out,
    see_session,
    start_session,
)

__all__ = [
    "LogInRefused",
    "end_other_sessions",
    "end_session",
    "log_in",
    "log_out",
    "note_throttled",
    "see_session",
    "start_session",
]

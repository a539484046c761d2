"""Whose fault an error is, where many pieces of work are done one by one and none may stop the others."""

from __future__ import annotations

from app.adapters.job_queue import OutOfTime
from app.database import is_database_away


def is_its_own(error: Exception) -> bool:
    """Whether an error is the piece of work's own: neither is the job's time over, nor the database away.

    What is not its own ends the run, and the work is left as it was, to be done by the next.
    """
    return not isinstance(error, OutOfTime) and not is_database_away(error)

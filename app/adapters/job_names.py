"""Jobs by dotted name, so that services can ask for work without importing it. A guard test resolves every name."""

from __future__ import annotations

ENFORCE_DEADLINES = "app.jobs.deadlines.enforce_deadlines"
DELIVER_OUTBOX = "app.jobs.notifications.deliver_outbox"

# A worker empties the queues in this order.
QUEUE_NAMES = ("urgent", "default", "mail")
QUEUE_OF_JOB = {ENFORCE_DEADLINES: "urgent", DELIVER_OUTBOX: "mail"}


def queue_of(job_name: str) -> str:
    """The queue a job waits in."""
    return QUEUE_OF_JOB.get(job_name, "default")

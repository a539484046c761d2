"""How long a prospect waited: for a partner, for the first answer, for the quotation (W-01, W-18)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class LeadTimes:
    """The moments of one lead that are measured; what has not happened is None.

    `asked_at` is when the prospect asked, `received_at` when the lead came in: an import may bring leads of last week.
    """

    asked_at: datetime
    received_at: datetime
    taken_at: datetime | None = None
    answered_at: datetime | None = None
    quoted_at: datetime | None = None

    @property
    def to_partner(self) -> timedelta | None:
        """From receipt until somebody took the lead (W-01)."""
        return _between(self.received_at, self.taken_at)

    @property
    def to_answer(self) -> timedelta | None:
        """Speed to lead: from the prospect's asking to the first contact attempt (W-18)."""
        return _between(self.asked_at, self.answered_at)

    @property
    def to_quote(self) -> timedelta | None:
        """RFQ turnaround: from receipt to the first quotation sent (W-18)."""
        return _between(self.received_at, self.quoted_at)


def _between(start: datetime, end: datetime | None) -> timedelta | None:
    """Never negative: what is logged for a moment before the lead came in was at once."""
    return None if end is None else max(end - start, timedelta(0))

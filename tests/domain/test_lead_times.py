"""How long a prospect waited."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.lead_times import LeadTimes

ASKED = datetime(2026, 3, 2, 9, tzinfo=UTC)
RECEIVED = ASKED + timedelta(hours=1)


@pytest.mark.covers("W-01", "W-18")
def test_each_time_has_its_beginning_and_its_end() -> None:
    times = LeadTimes(
        ASKED, RECEIVED, RECEIVED + timedelta(hours=2), RECEIVED + timedelta(hours=3), RECEIVED + timedelta(days=2)
    )
    assert (times.to_partner, times.to_answer, times.to_quote) == (
        timedelta(hours=2),
        timedelta(hours=4),
        timedelta(days=2),
    )


def test_what_has_not_happened_takes_no_time_and_nothing_takes_less_than_none() -> None:
    assert (LeadTimes(ASKED, RECEIVED).to_partner, LeadTimes(ASKED, RECEIVED).to_answer) == (None, None)
    assert LeadTimes(ASKED, RECEIVED, quoted_at=ASKED).to_quote == timedelta(0)

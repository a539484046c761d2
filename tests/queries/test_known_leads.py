"""Which known lead a second arrival repeats."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.domain.intake.duplicates import SAME_REQUEST_WITHIN, Request
from app.queries.intake.known_leads import KnownLeads

FIRST = Request("A-1", "a@b.de", "+4930542597", "mueller", frozenset({"PUMP"}), datetime(2026, 11, 1, tzinfo=UTC))
LATER = replace(FIRST, external_id="A-2", received_at=datetime(2026, 11, 2, tzinfo=UTC))


@pytest.mark.covers("I-02")
def test_the_external_id_finds_before_the_person_does_and_of_a_persons_the_latest() -> None:
    first_id, later_id = uuid.UUID(int=2), uuid.UUID(int=1)
    known = KnownLeads()
    assert known.find(FIRST, within=SAME_REQUEST_WITHIN) is None
    known.add(first_id, FIRST)
    known.add(later_id, LATER)
    assert known.find(FIRST, within=SAME_REQUEST_WITHIN) == first_id
    assert known.find(replace(LATER, external_id="A-3"), within=SAME_REQUEST_WITHIN) == later_id
    long_after = replace(LATER, external_id="A-3", received_at=datetime(2026, 12, 3, tzinfo=UTC))
    assert known.find(long_after, within=SAME_REQUEST_WITHIN) is None

"""A lead that a partner works."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.deadlines import DeadlineKind
from app.models import Deadline, Lead
from tests import factories
from tests.cast import Cast


@pytest.fixture
def lead(session: Session, cast: Cast) -> Lead:
    """A lead Nordwind has claimed and not contacted yet, due in four hours."""
    made = factories.lead(session, cast.acme, [cast.products["pump"]])
    work = factories.assignment(session, made, partnership=cast.partnerships["nordwind"])
    due_at = read_clock(session) + timedelta(hours=4)
    session.add(
        Deadline(
            manufacturer_id=cast.acme.id,
            lead_id=made.id,
            kind=DeadlineKind.CONTACT_DUE,
            assignment_id=work.id,
            due_at=due_at,
        )
    )
    session.commit()
    return made

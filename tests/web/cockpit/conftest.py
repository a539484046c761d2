"""A lead to work on, shared by the tests of every action."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.models import Lead
from tests import factories
from tests.cast import Cast


@pytest.fixture
def lead(session: Session, cast: Cast) -> Lead:
    """A lead Nordwind has claimed and not contacted yet."""
    made = factories.lead(session, cast.acme, [cast.products["pump"]], phone="+4989123456")
    factories.assignment(session, made, partnership=cast.partnerships["nordwind"])
    session.commit()
    return made

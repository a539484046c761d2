"""A partner that stayed silent until its claims were suspended, and its territory put before a person."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.domain.response_score import ResponseKind
from app.models import Lead, TerritoryReview
from app.services.response_noting import note_response
from app.services.response_scores import settle_responses
from tests import factories
from tests.cast import Cast

SILENCES = 11


@pytest.fixture
def silent_lead(session: Session, cast: Cast) -> Lead:
    """The lead Nordwind stayed silent about, so often that it may not claim any more."""
    lead = factories.lead(session, cast.acme, [cast.products["pump"]], title="Two pumps for Bremen")
    nordwind = cast.partnerships["nordwind"].id
    for number in range(SILENCES):
        note_response(session, nordwind, ResponseKind.SILENT, lead.id, f"silent:{number}")
    session.commit()
    settle_responses()
    return lead


@pytest.fixture
def review(session: Session, cast: Cast, silent_lead: Lead) -> TerritoryReview:
    """Its territory review."""
    figures = {"score": 45, "days": 90, "silent": SILENCES, "asked": SILENCES, "answered": 0}
    made = TerritoryReview(
        manufacturer_id=cast.acme.id, partnership_id=cast.partnerships["nordwind"].id, figures=figures
    )
    session.add(made)
    session.commit()
    return made

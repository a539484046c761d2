"""What the mails about a response score say when they are sent: to whom it belongs, while it still is so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.database import clock_now, read_clock
from app.domain.response_score import ResponseKind
from app.models import TerritoryReview
from app.queries.response_mails import review_facts, standing_facts, suspension_facts
from app.services.response_noting import note_response
from app.services.response_scores import settle_responses
from tests.cast import Cast

pytestmark = pytest.mark.covers("W-15")


def _stay_silent(session: Session, cast: Cast, times: int) -> dict[str, int]:
    partnership_id = cast.partnerships["nordwind"].id
    for number in range(times):
        note_response(session, partnership_id, ResponseKind.SILENT, None, f"silent:{number}")
    session.commit()
    settle_responses()
    return {"partnership_id": partnership_id}


def test_a_warning_says_what_is_missing_until_it_is_mended(session: Session, cast: Cast) -> None:
    payload = _stay_silent(session, cast, 7)
    facts = standing_facts(session, payload, organisation_id=cast.nordwind.id)
    assert facts is not None
    assert (facts["score"], facts["manufacturer"], facts["suspended_until"]) == (65, "Acme", None)
    assert suspension_facts(session, payload, organisation_id=cast.nordwind.id) is None
    for number in range(3):
        note_response(session, payload["partnership_id"], ResponseKind.ACCEPTED, None, f"accepted:{number}")
    assert standing_facts(session, payload, organisation_id=cast.nordwind.id) is None


def test_no_other_partner_reads_it(session: Session, cast: Cast) -> None:
    payload = _stay_silent(session, cast, 11)
    assert suspension_facts(session, payload, organisation_id=cast.kansai.id) is None
    assert standing_facts(session, payload, organisation_id=cast.acme.id) is None


def test_a_suspension_that_was_lifted_is_not_told_any_more(session: Session, cast: Cast) -> None:
    payload = _stay_silent(session, cast, 11)
    facts = suspension_facts(session, payload, organisation_id=cast.nordwind.id)
    assert facts is not None
    assert facts["suspended_until"] > read_clock(session) + timedelta(days=13)
    cast.partnerships["nordwind"].claims_suspended_until = None
    assert suspension_facts(session, payload, organisation_id=cast.nordwind.id) is None


def test_a_review_is_told_until_it_is_decided(session: Session, cast: Cast) -> None:
    partnership_id = cast.partnerships["nordwind"].id
    review = TerritoryReview(manufacturer_id=cast.acme.id, partnership_id=partnership_id, figures={"score": 45})
    session.add(review)
    session.flush()
    payload = {"review_id": review.id}
    expected = {"territory_review_id": review.id, "partner": "Nordwind", "score": 45}
    assert review_facts(session, payload, organisation_id=cast.acme.id) == expected
    assert review_facts(session, payload, organisation_id=cast.globex.id) is None
    review.decided_at = clock_now()
    session.flush()
    assert review_facts(session, payload, organisation_id=cast.acme.id) is None

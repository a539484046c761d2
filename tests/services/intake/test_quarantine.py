"""What cannot be read, or nobody wants: kept with the reason until a person mends or rejects it."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.domain.errors import Forbidden, Invalid, NotFound, Refused
from app.domain.intake.arrival import Arrival
from app.domain.leads import SourceKind
from app.domain.submissions import Channel, SubmissionState
from app.models import Submission
from app.services import intake
from tests.cast import Cast
from tests.services.intake.arrivals import KATRIN, count, send, store


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"country": "Absurdistan"}, "country"),
        ({"country": "", "phone": ""}, "country"),
        ({"products": "Steam engines"}, "products"),
        ({"products": ""}, "products"),
        ({"consent": "named:P-unknown"}, "consent"),
        ({"company": "", "email": "", "phone": ""}, "email"),
    ],
)
def test_what_cannot_be_read_waits_in_quarantine_with_the_reason(
    session: Session, cast: Cast, changes: dict[str, str], field: str
) -> None:
    submission_id = store(cast.acme, **changes)
    outcome = intake.settle_submission(submission_id)
    kept = session.get_one(Submission, submission_id)
    assert outcome.state is kept.state is SubmissionState.QUARANTINED
    assert field in {finding.field for finding in outcome.findings if finding.is_fatal}
    assert kept.raw == KATRIN | changes
    assert count(session) == 0


def test_what_a_trap_caught_is_kept_as_rejected(session: Session, cast: Cast) -> None:
    submission_id = intake.receive_submission(
        manufacturer_id=cast.acme.id, channel=Channel.FORM, raw=KATRIN, arrival=Arrival(is_spam=True)
    )
    assert intake.settle_submission(submission_id).state is SubmissionState.REJECTED
    assert session.get_one(Submission, submission_id).raw["email"] == KATRIN["email"]
    assert count(session) == 0


def test_a_correction_makes_a_lead_and_keeps_what_was_received(session: Session, cast: Cast) -> None:
    submission_id = store(cast.acme, country="Absurdistan")
    intake.settle_submission(submission_id)
    ines = cast.viewer("ines")
    still = intake.correct_submission(actor=ines, submission_id=submission_id, corrections={"country": "Utopia"})
    assert still.state is SubmissionState.QUARANTINED
    mended = intake.correct_submission(actor=ines, submission_id=submission_id, corrections={"country": "Germany"})
    kept = session.get_one(Submission, submission_id)
    assert mended.state is kept.state is SubmissionState.CREATED
    assert kept.raw["country"] == "Absurdistan"
    with pytest.raises(Refused):
        intake.correct_submission(actor=ines, submission_id=submission_id, corrections={})


def test_a_later_row_with_the_same_number_answers_the_one_in_quarantine(session: Session, cast: Cast) -> None:
    waiting = store(cast.acme, external_id="X-1", country="Absurdistan")
    intake.settle_submission(waiting)
    send(cast.acme, external_id="X-1")
    assert session.get_one(Submission, waiting).state is SubmissionState.REJECTED


def test_rejecting_needs_a_reason_and_keeps_it(session: Session, cast: Cast) -> None:
    submission_id = store(cast.acme, country="")
    intake.settle_submission(submission_id)
    session.get_one(Submission, submission_id).state = SubmissionState.QUARANTINED
    session.commit()
    with pytest.raises(Invalid):
        intake.reject_submission(actor=cast.viewer("ines"), submission_id=submission_id, reason=" ")
    intake.reject_submission(actor=cast.viewer("ines"), submission_id=submission_id, reason="A student's test.")
    kept = session.get_one(Submission, submission_id)
    assert kept.state is SubmissionState.REJECTED
    assert "A student's test." in str(kept.problems)


def test_who_may_work_at_the_door(session: Session, cast: Cast) -> None:
    submission_id = store(cast.acme, country="Absurdistan")
    intake.settle_submission(submission_id)
    for name, refusal in (("gina", NotFound), ("nora", NotFound), ("vera", Forbidden), ("arne", Forbidden)):
        with pytest.raises(refusal):
            intake.correct_submission(actor=cast.viewer(name), submission_id=submission_id, corrections={})
        with pytest.raises(refusal):
            intake.reject_submission(actor=cast.viewer(name), submission_id=submission_id, reason="no")


def test_a_person_is_told_what_to_mend_and_nothing_is_stored(session: Session, cast: Cast) -> None:
    with pytest.raises(Invalid) as told:
        intake.take_in_lead(
            actor=cast.viewer("ines"),
            raw=KATRIN | {"country": "", "phone": "", "products": ""},
            channel=Channel.MANUAL,
            arrival=Arrival(source_kind=SourceKind.PHONE),
            is_quarantine_refused=True,
        )
    assert set(told.value.fields) == {"country", "products"}
    assert count(session, Submission) == 0

"""One arrival: what it becomes, that it is kept whatever happens, and that it becomes it once."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.audit import EventKind
from app.domain.consent import ConsentScope
from app.domain.leads import LeadState
from app.domain.submissions import SubmissionState
from app.models import Consent, Event, Lead, LeadTouch, ManufacturerSettings, ScoreRule, Submission
from app.services import intake
from app.services.intake import submissions
from tests.cast import Cast
from tests.conftest import TimeMachine
from tests.services.intake.arrivals import count, send, store


@pytest.mark.covers("I-01", "I-02", "I-05")
def test_a_readable_arrival_becomes_a_normalised_lead(session: Session, cast: Cast) -> None:
    outcome = send(cast.acme, products="ｒｏｂｏｔ; Industrial Pumps", job_title="Geschäftsführer", external_id="X-1")
    lead = session.get_one(Lead, outcome.lead_id)
    assert outcome.state is SubmissionState.CREATED
    assert (lead.state, lead.external_id, lead.is_hot) == (LeadState.RECEIVED, "X-1", True)
    assert (lead.email, lead.phone) == ("k.vogel@hofmann-praezision.example", "+49895550101")
    assert (lead.country, lead.subdivision, lead.postal_code) == ("DE", "DE-BY", "80331")
    assert (lead.company_key, lead.company_domain) == ("hofmann praezision", "hofmann-praezision.example")
    assert (lead.amount_cents, lead.currency) == (3_800_000, "EUR")
    assert lead.title == "Robot cells, Industrial pumps"
    assert {line.code for line in lead.product_lines} == {"PUMP", "ROBOT"}
    assert lead.consent.scope is ConsentScope.ANY_ELIGIBLE
    assert (lead.score, lead.score_lines) == (70, [{"label": "Given by the source", "points": 70}])
    events = session.scalars(select(Event).where(Event.lead_id == lead.id)).all()
    assert [event.kind for event in events] == [EventKind.LEAD_RECEIVED]
    assert "Vogel" not in str(events[0].data)


def test_the_title_holds_no_word_of_the_prospects(session: Session, cast: Cast) -> None:
    outcome = send(cast.acme, message="SECRET", company="SECRET AG", campaign="SECRET")
    assert session.get_one(Lead, outcome.lead_id).title == "Industrial pumps"


@pytest.mark.covers("T-20")
def test_without_a_score_the_rules_make_one_line_by_line(session: Session, cast: Cast) -> None:
    session.add_all(
        [
            ScoreRule(
                manufacturer_id=cast.acme.id,
                position=1,
                label="Pays",
                field="amount",
                operator="at_least",
                value="10000",
                points=30,
            ),
            ScoreRule(
                manufacturer_id=cast.acme.id,
                position=2,
                label="Calls",
                field="has_phone",
                operator="equals",
                value="True",
                points=12,
            ),
            ScoreRule(
                manufacturer_id=cast.acme.id,
                position=3,
                label="Swiss",
                field="country",
                operator="equals",
                value="CH",
                points=50,
            ),
        ]
    )
    session.commit()
    lead = session.get_one(Lead, send(cast.acme, score="").lead_id)
    assert lead.score == 42
    assert lead.score_lines == [{"label": "Pays", "points": 30}, {"label": "Calls", "points": 12}]


def test_named_partners_are_found_by_their_codes(session: Session, cast: Cast) -> None:
    nordwind = cast.partnerships["nordwind"]
    outcome = send(cast.acme, consent=f"named:{nordwind.code.lower()}")
    consent = session.get_one(Consent, outcome.lead_id)
    assert (consent.scope, consent.partnership_ids) == (ConsentScope.NAMED_PARTNERS, [nordwind.id])


def test_a_foreign_manufacturers_product_is_unknown(cast: Cast) -> None:
    assert send(cast.acme, products="DRIVE").state is SubmissionState.QUARANTINED


def test_settling_again_changes_nothing(session: Session, cast: Cast) -> None:
    submission_id = store(cast.acme)
    first = intake.settle_submission(submission_id)
    second = intake.settle_submission(submission_id)
    assert (second.state, second.lead_id, second.is_unchanged) == (SubmissionState.CREATED, first.lead_id, True)
    assert (count(session), count(session, LeadTouch)) == (1, 0)


def test_the_same_external_id_again_is_a_touch(session: Session, cast: Cast) -> None:
    first = send(cast.acme, external_id="X-1")
    second = send(cast.acme, external_id="X-1", email="other@elsewhere.example", phone="", products="ROBOT")
    assert (second.state, second.lead_id) == (SubmissionState.MERGED, first.lead_id)
    touch = session.scalars(select(LeadTouch)).one()
    assert (touch.lead_id, touch.external_id) == (first.lead_id, "X-1")


def test_the_same_external_id_at_another_manufacturer_is_another_lead(session: Session, cast: Cast) -> None:
    first = send(cast.acme, external_id="X-1")
    second = send(cast.globex, external_id="X-1", products="DRIVE")
    assert first.lead_id != second.lead_id
    assert second.state is SubmissionState.CREATED


@pytest.mark.parametrize(
    ("days", "changes", "state"),
    [
        (29, {}, SubmissionState.MERGED),
        (29, {"email": "k.vogel@HOFMANN-praezision.example", "phone": ""}, SubmissionState.MERGED),
        (29, {"email": "", "phone": "+49 89 5550101"}, SubmissionState.MERGED),
        (29, {"products": "ROBOT"}, SubmissionState.CREATED),
        (29, {"email": "someone.else@hofmann-praezision.example", "phone": ""}, SubmissionState.CREATED),
        (31, {}, SubmissionState.CREATED),
    ],
)
def test_the_same_person_asking_for_the_same_within_30_days(
    session: Session, cast: Cast, clock: TimeMachine, days: int, changes: dict[str, str], state: SubmissionState
) -> None:
    send(cast.acme)
    clock.pass_time(days=days)
    assert send(cast.acme, **changes).state is state


def test_a_closed_lead_is_not_touched_but_a_new_one_made(session: Session, cast: Cast) -> None:
    first = send(cast.acme)
    session.get_one(Lead, first.lead_id).state = LeadState.WITHDRAWN
    session.commit()
    assert send(cast.acme).state is SubmissionState.CREATED


def test_a_touch_with_consent_brings_a_nurtured_lead_back_to_the_door(session: Session, cast: Cast) -> None:
    first = send(cast.acme, consent="none", score="30")
    session.get_one(Lead, first.lead_id).state = LeadState.NURTURING
    session.commit()
    send(cast.acme, consent="any", score="80")
    lead = session.get_one(Lead, first.lead_id)
    assert (lead.state, lead.score, lead.consent.scope) == (LeadState.RECEIVED, 80, ConsentScope.ANY_ELIGIBLE)


def test_a_touch_changes_nothing_of_a_lead_that_partners_see(session: Session, cast: Cast) -> None:
    first = send(cast.acme)
    session.get_one(Lead, first.lead_id).state = LeadState.DISTRIBUTING
    session.commit()
    send(cast.acme, consent="none", score="10")
    lead = session.get_one(Lead, first.lead_id)
    assert (lead.state, lead.score, lead.consent.scope) == (
        LeadState.DISTRIBUTING,
        70,
        ConsentScope.ANY_ELIGIBLE,
    )


def test_what_was_received_outlives_a_failure(session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    submission_id = store(cast.acme)
    monkeypatch.setattr(submissions, "judge_lead", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        intake.settle_submission(submission_id)
    monkeypatch.undo()
    assert session.get_one(Submission, submission_id).state is SubmissionState.RECEIVED


def test_what_a_lost_process_left_is_settled_by_the_sweep(session: Session, cast: Cast, clock: TimeMachine) -> None:
    store(cast.acme)
    assert intake.settle_waiting_submissions() == 0
    clock.pass_time(minutes=1)
    assert intake.settle_waiting_submissions() == 1
    assert intake.settle_waiting_submissions() == 0
    assert count(session) == 1


@pytest.mark.covers("P-28", "W-13")
def test_a_title_the_manufacturer_has_added_marks_the_lead_hot(session: Session, cast: Cast) -> None:
    titled = {"job_title": "Einkaufsleiterin Nord", "email": "e@hofmann-praezision.example", "phone": ""}
    before = send(cast.acme, **titled)
    session.get_one(ManufacturerSettings, cast.acme.id).executive_titles = ["Einkaufsleiterin"]
    session.commit()
    after = send(cast.acme, **titled | {"email": "f@hofmann-praezision.example"})
    hot = [session.get_one(Lead, outcome.lead_id).is_hot for outcome in (before, after)]
    assert hot == [False, True]


@pytest.mark.covers("P-27", "P-02")
def test_department_and_company_number_are_kept(session: Session, cast: Cast) -> None:
    outcome = send(cast.acme, department=" Einkauf ", corporate_number="DE 123 456 789")
    lead = session.get_one(Lead, outcome.lead_id)
    assert (lead.department, lead.corporate_number) == ("Einkauf", "DE123456789")

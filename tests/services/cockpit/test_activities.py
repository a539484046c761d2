"""Logging what happened with a prospect: what counts, what it keeps, who may; and who was shown the contact data."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.audit import EventKind
from app.domain.cockpit import ActivityKind, ContactOutcome
from app.domain.distribution import AssignmentEnd
from app.domain.errors import Forbidden, Invalid, NotFound, Refused
from app.domain.leads import Stage
from app.models import Activity, Assignment, Event, Lead
from app.services import cockpit
from app.services.cockpit import LeadEdit
from tests import factories
from tests.cast import Cast
from tests.services.cockpit.working import call, kinds_told, pending


@pytest.mark.covers("K-03")
def test_first_attempt_keeps_the_promise(session: Session, cast: Cast, lead: Lead) -> None:
    call(cast, lead)

    work = session.scalars(select(Assignment).where(Assignment.lead_id == lead.id)).one()
    assert work.first_attempt_at is not None
    assert (lead.attempts, lead.reached, lead.stage) == (1, 0, Stage.CONTACTED)
    assert lead.first_contact_at is not None
    assert pending(session, lead) == []
    assert cast.partnerships["nordwind"].unworked_claims == 0
    assert kinds_told(session, lead) == [EventKind.ACTIVITY_LOGGED, EventKind.STAGE_CHANGED]


@pytest.mark.covers("K-03")
def test_attempts_and_reached_are_counted_apart(session: Session, cast: Cast, lead: Lead) -> None:
    call(cast, lead)
    call(cast, lead, "nils", outcome=ContactOutcome.REACHED)
    call(cast, lead, kind=ActivityKind.EMAIL, outcome=ContactOutcome.REPLIED)
    call(cast, lead, kind=ActivityKind.NOTE, outcome=None, note="Budget is planned for spring.")

    assert (lead.attempts, lead.reached) == (3, 2)
    assert cast.partnerships["nordwind"].unworked_claims == 0


def test_a_note_is_no_attempt(session: Session, cast: Cast, lead: Lead) -> None:
    call(cast, lead, kind=ActivityKind.NOTE, outcome=None, note="Call after ten.")

    assert (lead.attempts, lead.stage) == (0, Stage.NEW)
    assert len(pending(session, lead)) == 1
    assert cast.partnerships["nordwind"].unworked_claims == 1


def test_the_same_form_counts_once(session: Session, cast: Cast, lead: Lead) -> None:
    first = call(cast, lead, submitted_key="form-1")
    second = call(cast, lead, submitted_key="form-1")

    assert first == second
    assert lead.attempts == 1
    assert session.scalar(select(func.count()).select_from(Activity)) == 1


def test_the_manufacturer_logs_on_behalf(session: Session, cast: Cast, lead: Lead) -> None:
    call(cast, lead, "ines")

    told = session.scalars(select(Event).where(Event.kind == EventKind.ACTIVITY_LOGGED)).one()
    assert told.data["is_on_behalf"] is True
    assert cast.partnerships["nordwind"].unworked_claims == 0


def test_a_direct_seller_works_as_himself(session: Session, cast: Cast) -> None:
    lead = factories.lead(session, cast.acme, [cast.products["pump"]])
    factories.assignment(session, lead, seller=cast.people["ines"])
    session.commit()

    call(cast, lead, "ines")

    told = session.scalars(select(Event).where(Event.kind == EventKind.ACTIVITY_LOGGED)).one()
    assert told.data["is_on_behalf"] is False


@pytest.mark.parametrize("name", ["kenji", "rita", "gina"])
def test_outsiders_find_no_lead(session: Session, cast: Cast, lead: Lead, name: str) -> None:
    viewer = cast.viewer(name)
    with pytest.raises(NotFound):
        call(cast, lead, name)
    with pytest.raises(NotFound):
        cockpit.edit_lead(lead_id=lead.id, actor=viewer, version=1, edit=LeadEdit(Stage.QUALIFIED))
    with pytest.raises(NotFound):
        cockpit.close_won(lead_id=lead.id, actor=viewer, version=1)
    with pytest.raises(NotFound):
        cockpit.disqualify_lead(lead_id=lead.id, actor=viewer, reason="Spam")
    with pytest.raises(NotFound):
        cockpit.record_reveal(lead_id=lead.id, actor=viewer)


@pytest.mark.parametrize("name", ["arne", "vera"])
def test_readers_may_not_work(session: Session, cast: Cast, lead: Lead, name: str) -> None:
    with pytest.raises(Forbidden):
        call(cast, lead, name)


def test_a_partner_no_longer_works_what_was_taken_from_it(session: Session, cast: Cast, lead: Lead) -> None:
    work = session.scalars(select(Assignment).where(Assignment.lead_id == lead.id)).one()
    work.ended_at, work.end = read_clock(session), AssignmentEnd.REASSIGNED
    session.flush()
    factories.assignment(session, lead, partnership=cast.partnerships["kansai"])
    session.commit()

    with pytest.raises(NotFound):
        call(cast, lead)
    call(cast, lead, "kenji")
    assert cast.partnerships["kansai"].unworked_claims == 0


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"outcome": None}, "outcome"),
        ({"kind": ActivityKind.QUOTE}, "outcome"),
        ({"kind": ActivityKind.NOTE, "outcome": None}, "note"),
        ({"happened_at": datetime.now(UTC) + timedelta(hours=1)}, "happened_at"),
        ({"happened_at": datetime.now(UTC) - timedelta(days=1)}, "happened_at"),
    ],
)
def test_unusable_activities(session: Session, cast: Cast, lead: Lead, values: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        call(cast, lead, **values)
    assert set(refused.value.fields) == {field}
    assert session.scalar(select(func.count()).select_from(Activity)) == 0


def test_nobody_works_a_lead_on_offer(session: Session, cast: Cast) -> None:
    lead = factories.lead(session, cast.acme, [cast.products["pump"]])
    factories.round_(session, lead)
    session.commit()
    with pytest.raises(Refused) as refused:
        call(cast, lead, "carl")
    assert refused.value.code == "not_assigned"


def test_a_reveal_is_kept_once_per_person(session: Session, cast: Cast, lead: Lead) -> None:
    for name in ("nora", "nils", "nora"):
        cockpit.record_reveal(lead_id=lead.id, actor=cast.viewer(name))
    assert kinds_told(session, lead) == [EventKind.LEAD_REVEALED] * 2

"""Working a lead: what each action changes, and what it refuses."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.audit import EventKind
from app.domain.cockpit import ActivityKind, ContactOutcome, StaleEdit
from app.domain.deadlines import DeadlineKind
from app.domain.distribution import AssignmentEnd, OfferAnswer, RoundOutcome
from app.domain.errors import Forbidden, Invalid, NotFound, Refused
from app.domain.leads import LeadState, LostReason, Stage
from app.domain.money import Money
from app.models import Activity, Assignment, Deadline, Event, Lead
from app.services import cockpit
from app.services.cockpit import LeadEdit
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


def call(cast: Cast, lead: Lead, name: str = "nora", **values: Any) -> int:
    given = {"kind": ActivityKind.CALL, "outcome": ContactOutcome.NOT_REACHED} | values
    return cockpit.log_activity(lead_id=lead.id, actor=cast.viewer(name), **given)


def kinds_told(session: Session, lead: Lead) -> list[EventKind]:
    return list(session.scalars(select(Event.kind).where(Event.lead_id == lead.id).order_by(Event.id)))


def pending(session: Session, lead: Lead, *kinds: DeadlineKind) -> list[Deadline]:
    """What is promised about the first contact and the follow-up; what silence later leads to is told elsewhere."""
    wanted = kinds or (DeadlineKind.CONTACT_DUE, DeadlineKind.ESCALATION_DUE, DeadlineKind.FOLLOW_UP_DUE)
    is_pending = Deadline.cancelled_at.is_(None) & Deadline.fired_at.is_(None)
    return list(
        session.scalars(select(Deadline).where(Deadline.lead_id == lead.id, is_pending, Deadline.kind.in_(wanted)))
    )


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


EDIT = LeadEdit(
    Stage.QUALIFIED,
    Money(84_000_00, "EUR"),
    date(2099, 3, 15),
    datetime(2099, 1, 10, 9, 30, tzinfo=UTC),
)


@pytest.mark.covers("K-01", "K-04", "K-05", "K-06")
@pytest.mark.parametrize("name", ["nora", "nils", "carl"])
def test_both_sides_edit(session: Session, cast: Cast, lead: Lead, name: str) -> None:
    changed = cockpit.edit_lead(lead_id=lead.id, actor=cast.viewer(name), version=1, edit=EDIT)

    assert changed == ["close_on", "expected_revenue", "follow_up_at", "stage"]
    assert (lead.stage, lead.close_on, lead.follow_up_at) == (EDIT.stage, EDIT.close_on, EDIT.follow_up_at)
    assert (lead.expected_revenue_cents, lead.expected_revenue_currency) == (84_000_00, "EUR")
    assert lead.version == 2
    told = {event.kind: event.data for event in session.scalars(select(Event).where(Event.lead_id == lead.id))}
    assert told[EventKind.STAGE_CHANGED]["old"] == "new"
    assert told[EventKind.STAGE_CHANGED]["new"] == "qualified"
    assert told[EventKind.FORECAST_CHANGED]["expected_revenue"] == [None, [84_000_00, "EUR"]]
    assert told[EventKind.FOLLOW_UP_CHANGED]["old"] is None


def test_the_same_edit_again_changes_nothing(session: Session, cast: Cast, lead: Lead) -> None:
    cockpit.edit_lead(lead_id=lead.id, actor=cast.viewer("nora"), version=1, edit=EDIT)
    assert cockpit.edit_lead(lead_id=lead.id, actor=cast.viewer("nora"), version=1, edit=EDIT) == []
    assert lead.version == 2


@pytest.mark.covers("K-01")
def test_a_stale_edit_is_refused_with_both_versions(session: Session, cast: Cast, lead: Lead) -> None:
    cockpit.edit_lead(lead_id=lead.id, actor=cast.viewer("carl"), version=1, edit=EDIT)
    mine = LeadEdit(Stage.PROPOSAL, Money(90_000_00, "EUR"), EDIT.close_on, EDIT.follow_up_at)

    with pytest.raises(StaleEdit) as refused:
        cockpit.edit_lead(lead_id=lead.id, actor=cast.viewer("nora"), version=1, edit=mine)

    assert refused.value.current_version == 2
    assert refused.value.mine == {"stage": Stage.PROPOSAL, "expected_revenue": Money(90_000_00, "EUR")}
    assert refused.value.theirs == {"stage": Stage.QUALIFIED, "expected_revenue": Money(84_000_00, "EUR")}
    cockpit.edit_lead(lead_id=lead.id, actor=cast.viewer("nora"), version=2, edit=mine)
    assert lead.stage is Stage.PROPOSAL


def test_the_follow_up_has_one_deadline(session: Session, cast: Cast, lead: Lead) -> None:
    call(cast, lead)
    cockpit.edit_lead(lead_id=lead.id, actor=cast.viewer("nora"), version=lead.version, edit=EDIT)
    later = LeadEdit(EDIT.stage, EDIT.expected_revenue, EDIT.close_on, datetime(2099, 2, 1, 9, 0, tzinfo=UTC))
    cockpit.edit_lead(lead_id=lead.id, actor=cast.viewer("nora"), version=lead.version, edit=later)

    assert [(row.kind, row.due_at) for row in pending(session, lead)] == [
        (DeadlineKind.FOLLOW_UP_DUE, later.follow_up_at)
    ]
    cockpit.edit_lead(lead_id=lead.id, actor=cast.viewer("nora"), version=lead.version, edit=LeadEdit(EDIT.stage))
    assert pending(session, lead) == []


@pytest.mark.parametrize(
    ("edit", "field"),
    [
        (LeadEdit(Stage.NEW, follow_up_at=datetime(2020, 1, 1, tzinfo=UTC)), "follow_up_at"),
        (LeadEdit(Stage.NEW, close_on=date(2020, 1, 1)), "close_on"),
        (LeadEdit(Stage.NEW, expected_revenue=Money(-1, "EUR")), "expected_revenue"),
    ],
)
def test_unusable_edits(session: Session, cast: Cast, lead: Lead, edit: LeadEdit, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        cockpit.edit_lead(lead_id=lead.id, actor=cast.viewer("nora"), version=1, edit=edit)
    assert set(refused.value.fields) == {field}


def test_winning_is_not_a_stage_to_choose(session: Session, cast: Cast, lead: Lead) -> None:
    with pytest.raises(Refused):
        cockpit.edit_lead(lead_id=lead.id, actor=cast.viewer("nora"), version=1, edit=LeadEdit(Stage.WON))


@pytest.mark.covers("K-08")
def test_winning_ends_the_work(session: Session, cast: Cast, lead: Lead) -> None:
    cockpit.close_won(
        lead_id=lead.id,
        actor=cast.viewer("nils"),
        version=1,
        revenue=Money(80_000_00, "EUR"),
        quality=5,
        note="Signed.",
    )

    work = session.scalars(select(Assignment).where(Assignment.lead_id == lead.id)).one()
    assert (lead.state, lead.stage, lead.quality) == (LeadState.WON, Stage.WON, 5)
    assert lead.expected_revenue_cents == 80_000_00
    assert lead.closed_at is not None
    assert (work.end, work.ended_at is not None) == (AssignmentEnd.WON, True)
    assert cast.partnerships["nordwind"].unworked_claims == 0
    assert pending(session, lead) == []
    cockpit.close_won(lead_id=lead.id, actor=cast.viewer("nils"), version=1)
    assert kinds_told(session, lead) == [EventKind.LEAD_WON]


@pytest.mark.covers("K-07")
def test_losing_needs_a_reason(session: Session, cast: Cast, lead: Lead) -> None:
    actor = cast.viewer("nora")
    for reason, field in ((None, "lost_reason"), (LostReason.COMPETITOR, "lost_to"), (LostReason.OTHER, "text")):
        with pytest.raises(Invalid) as refused:
            cockpit.close_lost(lead_id=lead.id, actor=actor, version=1, reason=reason)
        assert set(refused.value.fields) == {field}

    cockpit.close_lost(
        lead_id=lead.id, actor=actor, version=1, reason=LostReason.COMPETITOR, competitor="Pumpwerk AG", quality=2
    )
    assert (lead.state, lead.lost_reason, lead.lost_to) == (LeadState.LOST, LostReason.COMPETITOR, "Pumpwerk AG")
    assert cast.partnerships["nordwind"].unworked_claims == 0


def test_quality_goes_from_one_to_five(session: Session, cast: Cast, lead: Lead) -> None:
    with pytest.raises(Invalid):
        cockpit.close_won(lead_id=lead.id, actor=cast.viewer("nora"), version=1, quality=6)
    assert lead.state is LeadState.ASSIGNED


def test_a_stale_close_is_refused(session: Session, cast: Cast, lead: Lead) -> None:
    cockpit.edit_lead(lead_id=lead.id, actor=cast.viewer("carl"), version=1, edit=EDIT)
    with pytest.raises(StaleEdit):
        cockpit.close_lost(lead_id=lead.id, actor=cast.viewer("nora"), version=1, reason=LostReason.PRICE)
    assert lead.state is LeadState.ASSIGNED


@pytest.mark.parametrize("take_out", [cockpit.disqualify_lead, cockpit.withdraw_lead])
def test_taking_out_a_lead_on_offer(session: Session, cast: Cast, take_out: Any) -> None:
    lead = factories.lead(session, cast.acme, [cast.products["pump"]])
    board = factories.round_(session, lead)
    offered = factories.offer(session, board, cast.partnerships["nordwind"])
    session.commit()

    take_out(lead_id=lead.id, actor=cast.viewer("carl"), reason="A test entry.")

    session.refresh(offered)
    assert lead.state in (LeadState.DISQUALIFIED, LeadState.WITHDRAWN)
    assert (board.outcome, offered.answer) == (RoundOutcome.WITHDRAWN, OfferAnswer.WITHDRAWN)
    assert lead.closing_note == "A test entry."


def test_withdrawing_takes_the_lead_from_its_partner(session: Session, cast: Cast, lead: Lead) -> None:
    cockpit.withdraw_lead(lead_id=lead.id, actor=cast.viewer("ada"), reason="The prospect asked for it.")

    assert cast.partnerships["nordwind"].unworked_claims == 0
    assert pending(session, lead) == []
    with pytest.raises(NotFound):
        cockpit.record_reveal(lead_id=lead.id, actor=cast.viewer("nora"))


def test_who_may_take_out(session: Session, cast: Cast, lead: Lead) -> None:
    with pytest.raises(Forbidden):
        cockpit.disqualify_lead(lead_id=lead.id, actor=cast.viewer("nora"), reason="Spam")
    with pytest.raises(Forbidden):
        cockpit.withdraw_lead(lead_id=lead.id, actor=cast.viewer("ines"), reason="Spam")
    with pytest.raises(Invalid):
        cockpit.disqualify_lead(lead_id=lead.id, actor=cast.viewer("ines"), reason=" ")
    with pytest.raises(NotFound):
        cockpit.disqualify_lead(lead_id=uuid.uuid4(), actor=cast.viewer("ines"), reason="Spam")


def test_a_reveal_is_kept_once_per_person(session: Session, cast: Cast, lead: Lead) -> None:
    for name in ("nora", "nils", "nora"):
        cockpit.record_reveal(lead_id=lead.id, actor=cast.viewer(name))
    assert kinds_told(session, lead) == [EventKind.LEAD_REVEALED] * 2

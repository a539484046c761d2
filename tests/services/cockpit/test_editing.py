"""Editing a lead: both sides may, nothing is overwritten silently, and a follow-up has one deadline."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.audit import EventKind
from app.domain.cockpit import StaleEdit
from app.domain.deadlines import DeadlineKind
from app.domain.errors import Invalid, Refused
from app.domain.leads import Stage
from app.domain.money import Money
from app.models import Event, Lead
from app.services import cockpit
from app.services.cockpit import LeadEdit
from tests.cast import Cast
from tests.services.cockpit.working import EDIT, call, pending


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

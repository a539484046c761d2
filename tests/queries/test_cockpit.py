"""Which leads a viewer finds, in which order, in how many statements; and what one lead's page tells whom."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.database import db, read_clock
from app.domain.audit import EventKind
from app.domain.cockpit import ActivityKind, ContactOutcome, DutyOf
from app.domain.consent import ConsentScope
from app.domain.deadlines import DeadlineKind
from app.domain.distribution import AssignmentEnd
from app.domain.errors import NotFound
from app.domain.leads import LeadState, Stage
from app.domain.money import Money
from app.models import Deadline, Lead
from app.queries.cockpit import LeadFilters, lead_page, list_leads
from app.services.audit import record_event
from app.services.cockpit import LeadEdit, edit_lead, log_activity
from app.services.distribution.assigning import assign_lead
from tests import factories
from tests.cast import Cast


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            statements.append(statement)

    target = db.engines[None]
    event.listen(target, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(target, "before_cursor_execute", note)


def worked_lead(session: Session, cast: Cast, partner: str = "nordwind", **values: object) -> Lead:
    made = factories.lead(session, cast.acme, [cast.products["pump"]], **values)
    factories.assignment(session, made, partnership=cast.partnerships[partner])
    session.commit()
    return made


def found(cast: Cast, name: str, sort: str = "received", **filters: object) -> list[uuid.UUID]:
    page = list_leads(viewer=cast.viewer(name), filters=LeadFilters(**filters), sort=sort)  # type: ignore[arg-type]
    return [row.id for row in page.rows]


@pytest.mark.covers("K-01", "K-02")
def test_each_side_finds_what_it_may(session: Session, cast: Cast) -> None:
    mine = worked_lead(session, cast)
    open_lead = factories.lead(session, cast.acme, [cast.products["pump"]])
    factories.offer(session, factories.round_(session, open_lead), cast.partnerships["nordwind"])
    session.commit()

    assert set(found(cast, "carl")) == {mine.id, open_lead.id}
    assert found(cast, "nora") == [mine.id]
    assert found(cast, "kenji") == found(cast, "rita") == found(cast, "gina") == []
    with pytest.raises(NotFound):
        lead_page(viewer=cast.viewer("nora"), lead_id=open_lead.id)


@pytest.mark.parametrize(
    ("end", "is_still_seen"),
    [
        (AssignmentEnd.WON, True),
        (AssignmentEnd.LOST, True),
        (AssignmentEnd.DISQUALIFIED, True),
        (AssignmentEnd.RETURNED, False),
        (AssignmentEnd.RE_ROUTED, False),
        (AssignmentEnd.REASSIGNED, False),
        (AssignmentEnd.WITHDRAWN, False),
        (AssignmentEnd.ERASED, False),
    ],
)
def test_a_partner_sees_a_lead_until_it_is_taken_away(
    session: Session, cast: Cast, end: AssignmentEnd, is_still_seen: bool
) -> None:
    lead = factories.lead(session, cast.acme, [cast.products["pump"]])
    factories.assignment(
        session, lead, partnership=cast.partnerships["nordwind"], ended_at=read_clock(session), end=end
    )
    session.commit()

    assert (found(cast, "nora") == [lead.id]) is is_still_seen
    if is_still_seen:
        assert lead_page(viewer=cast.viewer("nora"), lead_id=lead.id).id == lead.id
    else:
        with pytest.raises(NotFound):
            lead_page(viewer=cast.viewer("nora"), lead_id=lead.id)


def test_a_re_assigned_lead_is_the_next_partners(session: Session, cast: Cast) -> None:
    lead = factories.lead(session, cast.acme, [cast.products["pump"]])
    ended = {"ended_at": read_clock(session), "end": AssignmentEnd.LOST}
    factories.assignment(session, lead, partnership=cast.partnerships["nordwind"], **ended)
    factories.assignment(session, lead, partnership=cast.partnerships["kansai"])
    session.commit()

    assert found(cast, "nora") == []
    assert found(cast, "kenji") == [lead.id]


def test_filters(session: Session, cast: Cast) -> None:
    hot = worked_lead(session, cast, is_hot=True, company="Alpha Pumpen GmbH")
    lost = worked_lead(session, cast, "kansai", company="Beta KG", stage=Stage.LOST, lost_reason="price")
    lost.state = LeadState.LOST
    session.commit()

    assert found(cast, "carl", is_hot=True) == [hot.id]
    assert found(cast, "carl", is_open=True) == [hot.id]
    assert found(cast, "carl", state=LeadState.LOST) == [lost.id]
    assert found(cast, "carl", stage=Stage.NEW) == [hot.id]
    assert found(cast, "carl", partnership_id=cast.partnerships["kansai"].id) == [lost.id]
    assert found(cast, "carl", product_line_id=cast.products["robot"].id) == []
    assert found(cast, "carl", text="alpha") == [hot.id]
    assert found(cast, "carl", text=hot.reference) == [hot.id]
    assert found(cast, "carl", text="100%") == []
    assert found(cast, "nora", text="beta") == []


def test_overdue_is_what_the_next_duty_says(session: Session, cast: Cast) -> None:
    late, in_time, answered = (worked_lead(session, cast) for _ in range(3))
    now = read_clock(session)
    for lead, due_at in ((late, now - timedelta(hours=1)), (in_time, now + timedelta(hours=1))):
        work_id = list_leads(viewer=cast.viewer("carl"), filters=LeadFilters(text=lead.reference)).rows[0]
        page = lead_page(viewer=cast.viewer("carl"), lead_id=work_id.id)
        assert page.work is not None
        session.add(
            Deadline(
                manufacturer_id=cast.acme.id,
                lead_id=lead.id,
                kind=DeadlineKind.CONTACT_DUE,
                assignment_id=page.work.assignment_id,
                due_at=due_at,
            )
        )
    session.commit()
    log_activity(lead_id=answered.id, actor=cast.viewer("nora"), kind=ActivityKind.CALL, outcome=ContactOutcome.REACHED)

    assert found(cast, "nora", is_overdue=True) == [late.id]
    assert found(cast, "nora", sort="due") == [late.id, in_time.id, answered.id]
    duty = lead_page(viewer=cast.viewer("nora"), lead_id=late.id).duty
    assert (duty.who, duty.is_overdue) == (DutyOf.PARTNER, True)


@pytest.mark.parametrize(
    "sort", ["received", "due", "follow_up", "close", "revenue", "company", "attempts", "nonsense"]
)
def test_pages_follow_each_other_in_every_order(session: Session, cast: Cast, sort: str) -> None:
    for number in range(7):
        worked_lead(session, cast, company=f"Company {number % 3}", expected_revenue_cents=number % 2 or None)
    viewer = cast.viewer("carl")
    whole = found(cast, "carl", sort)

    walked: list[uuid.UUID] = []
    place: str | None = ""
    while place is not None:
        page = list_leads(viewer=viewer, filters=LeadFilters(), sort=sort, place=place, limit=3)
        walked += [row.id for row in page.rows]
        place = page.next_place
    assert walked == whole
    assert len(set(whole)) == 7
    back = list_leads(viewer=viewer, filters=LeadFilters(), sort=sort, place=page.previous_place or "", limit=3)
    assert [row.id for row in back.rows] == whole[3:6]
    assert back.next_place is not None


@pytest.mark.parametrize("place", ["nonsense", "WzAsInQiLCJ4Iiwi", "bnVsbA", "é"])
def test_a_forged_place_is_the_first_page(session: Session, cast: Cast, place: str) -> None:
    lead = worked_lead(session, cast)
    page = list_leads(viewer=cast.viewer("carl"), filters=LeadFilters(), place=place)
    assert [row.id for row in page.rows] == [lead.id]


@pytest.mark.parametrize("count", [1, 12])
def test_a_list_takes_as_many_statements_for_many_as_for_one(session: Session, cast: Cast, count: int) -> None:
    for _ in range(count):
        worked_lead(session, cast)
    viewer = cast.viewer("carl")
    session.expunge_all()
    with counted_statements() as statements:
        assert len(list_leads(viewer=viewer, filters=LeadFilters()).rows) == count
    assert len(statements) <= 5


def test_the_timeline_is_told_to_each_as_far_as_it_may(session: Session, cast: Cast) -> None:
    lead = worked_lead(session, cast)
    log_activity(
        lead_id=lead.id,
        actor=cast.viewer("nils"),
        kind=ActivityKind.CALL,
        outcome=ContactOutcome.REACHED,
        note="Nils of Nordwind spoke to her.",
    )
    record_event(
        session, EventKind.CLAIM_REFUSED, actor=cast.viewer("kenji"), manufacturer_id=cast.acme.id, lead_id=lead.id
    )
    work = lead_page(viewer=cast.viewer("carl"), lead_id=lead.id).work
    assert work is not None
    session.commit()

    def told(name: str) -> str:
        page = lead_page(viewer=cast.viewer(name), lead_id=lead.id)
        return "\n".join(f"{entry.text} {entry.note} {entry.details}" for entry in page.timeline)

    assert "Nils (Nordwind) called" in told("carl")
    assert "Kenji" in told("carl")
    assert "spoke to her" in told("nora")
    assert "Kenji" not in told("nora")
    assign_lead(
        lead_id=lead.id,
        actor=cast.viewer("carl"),
        reason="Nordwind is on holiday.",
        partnership_id=cast.partnerships["kansai"].id,
    )
    assert "An earlier partner called" in told("kenji")
    assert "Nils" not in told("kenji")
    assert "Nordwind (" not in told("kenji")
    assert "spoke to her" not in told("kenji")


def test_what_stays_with_the_manufacturer(session: Session, cast: Cast) -> None:
    lead = worked_lead(
        session,
        cast,
        consent=ConsentScope.NAMED_PARTNERS,
        named=list(cast.partnerships.values())[:2],
        score_lines=[{"label": "Fair", "points": 20}],
    )
    session.commit()

    theirs, ours = (lead_page(viewer=cast.viewer(name), lead_id=lead.id) for name in ("nora", "carl"))
    assert theirs.prospect == ours.prospect
    assert theirs.consent is not None
    assert ours.consent is not None
    assert theirs.consent.partners == ()
    assert set(ours.consent.partners) == {"Nordwind", "Kansai"}
    assert theirs.score_lines == ()


def test_key_figures(session: Session, cast: Cast) -> None:
    lead = worked_lead(session, cast)
    edit = LeadEdit(Stage.PROPOSAL, Money(50_000_00, "USD"), None, datetime(2099, 1, 1, 12, tzinfo=UTC))
    edit_lead(lead_id=lead.id, actor=cast.viewer("carl"), version=1, edit=edit)

    page = lead_page(viewer=cast.viewer("nora"), lead_id=lead.id)
    row = list_leads(viewer=cast.viewer("nora"), filters=LeadFilters()).rows[0]
    assert (page.expected_revenue, page.stage, page.follow_up_at) == (
        edit.expected_revenue,
        edit.stage,
        edit.follow_up_at,
    )
    assert (row.expected_revenue, row.stage, row.worker, row.manufacturer) == (
        edit.expected_revenue,
        edit.stage,
        "Nordwind",
        "Acme",
    )
    assert page.version == 2

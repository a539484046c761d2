"""Files: every row accounted for, nothing twice, and a killed run goes on where it stopped."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.adapters.spreadsheets import write_xlsx
from app.domain.audit import EventKind
from app.domain.errors import Forbidden, NotFound, Refused
from app.domain.submissions import ImportState, SubmissionState
from app.models import Event, ImportProblem, Lead, LeadImport, LeadTouch, Submission
from app.queries.intake.imports import import_counts, line_problems
from app.services import intake
from app.services.intake import import_run, lead_writing
from tests.cast import Cast
from tests.conftest import TimeMachine
from tests.services.intake.arrivals import CSV_DE, CSV_EN, CSV_JA, count
from tests.services.intake.lists import HEADER, bring_in, rows, sums


@pytest.mark.covers("I-02")
@pytest.mark.parametrize(
    ("data", "expected"),
    [(CSV_DE, (2, 0, 0, 0, 1)), (CSV_JA, (1, 0, 0, 0, 0)), (CSV_EN, (1, 0, 0, 0, 1))],
    ids=["german cp1252", "japanese cp932", "english utf-8"],
)
def test_lists_as_people_have_them(session: Session, cast: Cast, data: bytes, expected: tuple[int, ...]) -> None:
    counts = bring_in(cast, data)
    assert sums(counts) == expected
    assert counts.done == counts.total
    assert sums(bring_in(cast, data)) == (0, expected[0], expected[0], 0, expected[4])
    assert count(session) == expected[0]
    assert count(session, LeadTouch) == 0


def test_german_and_japanese_cells_are_read(session: Session, cast: Cast) -> None:
    bring_in(cast, CSV_DE)
    bring_in(cast, CSV_JA)
    leads = {lead.external_id: lead for lead in session.scalars(select(Lead))}
    german, japanese = leads["D-1"], leads["J-1"]
    assert (german.amount_cents, german.currency, german.subdivision) == (3_800_000, "EUR", "DE-NW")
    assert (german.message, german.is_hot) == ("Große Anlage;\nbitte anrufen", True)
    assert (japanese.amount_cents, japanese.currency, japanese.subdivision) == (180_000_000, "JPY", "JP-12")
    assert (japanese.family_name, japanese.given_name, japanese.is_hot) == ("高橋", "翔", True)
    assert japanese.title == "Industrial pumps, Robot cells"


def test_a_workbook_is_a_list_too(session: Session, cast: Cast) -> None:
    cells = [line.split(",") for line in rows(1, 3).decode().splitlines()]
    assert sums(bring_in(cast, write_xlsx(cells), "list.xlsx")) == (3, 0, 0, 0, 0)


def test_a_row_twice_in_one_file_is_one_lead(session: Session, cast: Cast) -> None:
    data = rows(1, 2) + rows(2, 2).split(b"\n", 1)[1]
    assert sums(bring_in(cast, data, is_dry_run=True)) == (2, 1, 1, 0, 0)
    assert sums(bring_in(cast, data)) == (2, 1, 1, 0, 0)


def test_a_changed_row_of_the_same_number_is_a_touch(session: Session, cast: Cast) -> None:
    bring_in(cast, rows(1, 1))
    assert sums(bring_in(cast, rows(1, 1).replace(b",60", b",75"))) == (0, 1, 0, 0, 0)
    assert (count(session), count(session, LeadTouch)) == (1, 1)


def test_a_torn_row_waits_in_quarantine(session: Session, cast: Cast) -> None:
    data = rows(1, 1) + b"R-2,Company, Inc.,buyer2@company2.example,Germany,PUMP,any,60\n"
    assert sums(bring_in(cast, data)) == (1, 0, 0, 0, 1)
    kept = session.scalars(select(Submission).where(Submission.state == SubmissionState.QUARANTINED)).one()
    assert "60" in kept.raw.values()


def test_a_dry_run_counts_the_same_and_leaves_nothing(session: Session, cast: Cast) -> None:
    assert sums(bring_in(cast, CSV_DE, is_dry_run=True)) == (2, 0, 0, 0, 1)
    assert (count(session), count(session, Submission)) == (0, 0)
    assert count(session, ImportProblem) == 1
    assert sums(bring_in(cast, CSV_DE)) == (2, 0, 0, 0, 1)


def test_a_row_in_quarantine_is_tried_again_when_the_file_comes_again(session: Session, cast: Cast) -> None:
    data = HEADER.encode() + b"R-1,Company 1 Ltd,buyer@company1.example,Germany,Steam engines,any,60\n"
    assert sums(bring_in(cast, data)) == (0, 0, 0, 0, 1)
    cast.products["pump"].name = "Steam engines"
    session.commit()
    assert sums(bring_in(cast, data)) == (1, 0, 0, 0, 0)
    assert count(session, Submission) == 1


def test_one_row_the_database_refuses_stops_no_other(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = lead_writing._columns
    monkeypatch.setattr(
        lead_writing,
        "_columns",
        lambda reading, arrival: columns(reading, arrival) | ({"quality": 9} if reading.external_id == "R-2" else {}),
    )
    assert sums(bring_in(cast, rows(1, 3))) == (2, 0, 0, 1, 0)
    assert {lead.external_id for lead in session.scalars(select(Lead))} == {"R-1", "R-3"}


def test_a_killed_import_goes_on_where_it_stopped(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = intake.upload_import(actor=cast.viewer("ines"), filename="list.csv", data=rows(1, 25))
    intake.start_import(actor=cast.viewer("ines"), import_id=import_id, is_dry_run=False)
    whole, calls = import_run.bring_in_rows, []

    def dying(*arguments: object) -> object:
        calls.append(arguments)
        outcomes = whole(*arguments)  # type: ignore[arg-type]
        if len(calls) == 2:
            raise KeyboardInterrupt
        return outcomes

    monkeypatch.setattr(import_run, "bring_in_rows", dying)
    with pytest.raises(KeyboardInterrupt):
        intake.advance_import(import_id, batch_rows=10)
    stored = session.get_one(LeadImport, import_id)
    assert (stored.state, stored.rows_created, stored.next_line) == (ImportState.RUNNING, 10, 12)
    intake.advance_import(import_id, batch_rows=10)
    counts = import_counts(import_id)
    assert (sums(counts), counts.done) == ((25, 0, 0, 0, 0), 25)
    assert count(session) == 25
    intake.advance_import(import_id)
    assert import_counts(import_id) == counts


def test_a_stalled_import_is_rung_for_again(session: Session, cast: Cast, clock: TimeMachine) -> None:
    import_id = intake.upload_import(actor=cast.viewer("ines"), filename="list.csv", data=rows(1, 2))
    intake.start_import(actor=cast.viewer("ines"), import_id=import_id, is_dry_run=False)
    assert intake.resume_imports() == 0
    clock.pass_time(seconds=61)
    assert intake.resume_imports() == 1
    intake.advance_import(import_id)
    assert intake.resume_imports() == 0


def test_cancel_stops_between_batches_and_the_rest_comes_later(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ines = cast.viewer("ines")
    import_id = intake.upload_import(actor=ines, filename="list.csv", data=rows(1, 25))
    intake.start_import(actor=ines, import_id=import_id, is_dry_run=False)
    advance = import_run._advance_once

    def cancelled_after(progress: import_run._Progress, batch_rows: int) -> bool:
        more = advance(progress, batch_rows)
        if import_counts(import_id).done == 10:
            intake.cancel_import(actor=ines, import_id=import_id)
        return more

    monkeypatch.setattr(import_run, "_advance_once", cancelled_after)
    intake.advance_import(import_id, batch_rows=10)
    assert count(session) == 10
    intake.cancel_import(actor=ines, import_id=import_id)
    monkeypatch.undo()
    intake.start_import(actor=ines, import_id=import_id, is_dry_run=False)
    intake.advance_import(import_id)
    assert sums(import_counts(import_id)) == (15, 10, 10, 0, 0)


def test_a_file_brought_in_is_not_changed_any_more(session: Session, cast: Cast) -> None:
    ines = cast.viewer("ines")
    import_id = intake.upload_import(actor=ines, filename="a.csv", data=rows(1, 1))
    intake.start_import(actor=ines, import_id=import_id, is_dry_run=False)
    intake.advance_import(import_id)
    with pytest.raises(Refused):
        intake.start_import(actor=ines, import_id=import_id, is_dry_run=False)
    with pytest.raises(Refused):
        intake.cancel_import(actor=ines, import_id=import_id)
    told = session.scalars(select(Event).where(Event.kind == EventKind.INTAKE_IMPORTED)).one()
    assert (told.actor_user_id, told.data["created"]) == (ines.user_id, 1)


def test_what_was_left_out_comes_back_with_its_reasons(session: Session, cast: Cast) -> None:
    ines = cast.viewer("ines")
    import_id = intake.upload_import(actor=ines, filename="de.csv", data=CSV_DE)
    intake.start_import(actor=ines, import_id=import_id, is_dry_run=True)
    intake.advance_import(import_id)
    left_out = intake.export_left_out(actor=ines, import_id=import_id)
    assert [row.cells[0] for row in left_out.rows] == ["D-3"]
    assert "Absurdistan" in str(left_out.rows[0].findings[0].phrase)
    assert [problem.line_no for problem in line_problems(import_id)] == [5]


def test_who_may_import(session: Session, cast: Cast) -> None:
    import_id = intake.upload_import(actor=cast.viewer("ines"), filename="a.csv", data=rows(1, 1))
    for name, refusal in (("vera", Forbidden), ("nora", NotFound)):
        with pytest.raises(refusal):
            intake.upload_import(actor=cast.viewer(name), filename="a.csv", data=rows(1, 1))
    with pytest.raises(NotFound):
        intake.start_import(actor=cast.viewer("gina"), import_id=import_id, is_dry_run=False)
    with pytest.raises(NotFound):
        intake.preview_import(viewer=cast.viewer("gina"), import_id=import_id)

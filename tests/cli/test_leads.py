"""`flask leads import`: the sums, the reasons, and nothing twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.leads import LeadState
from app.models import Lead, LeadTouch
from tests.cast import Cast
from tests.services.intake.arrivals import CSV_DE, CSV_EN, CSV_JA, count

WORLD = Path(__file__).resolve().parents[3] / "shared" / "data" / "world"


def run(app: Flask, *arguments: str) -> Result:
    """`flask …` as a person runs it."""
    return app.test_cli_runner().invoke(args=list(arguments))


@pytest.mark.covers("I-02")
@pytest.mark.parametrize(
    ("name", "data", "sums"),
    [
        ("de.csv", CSV_DE, "3 rows: 2 created, 0 merged, 0 rejected, 1 in quarantine."),
        ("ja.csv", CSV_JA, "1 rows: 1 created, 0 merged, 0 rejected, 0 in quarantine."),
        ("en.csv", CSV_EN, "2 rows: 1 created, 0 merged, 0 rejected, 1 in quarantine."),
    ],
)
def test_a_file_is_brought_in_with_its_sums(
    app: Flask, committed: Session, committed_cast: Cast, tmp_path: Path, name: str, data: bytes, sums: str
) -> None:
    file = tmp_path / name
    file.write_bytes(data)
    tried = run(app, "leads", "import", str(file), "--manufacturer", "Acme", "--dry-run")
    assert tried.exit_code == 0, tried.output
    assert f"{name}: {sums} (dry run, nothing written)" in tried.output
    assert count(committed) == 0
    done = run(app, "leads", "import", str(file), "--manufacturer", "Acme")
    assert f"{name}: {sums}" in done.output
    again = run(app, "leads", "import", str(file), "--manufacturer", "Acme")
    assert "0 created" in again.output
    assert "already in)" in again.output
    assert count(committed, LeadTouch) == 0


def test_each_row_left_out_is_named_with_its_reason(
    app: Flask, committed: Session, committed_cast: Cast, tmp_path: Path
) -> None:
    file = tmp_path / "de.csv"
    file.write_bytes(CSV_DE)
    output = run(app, "leads", "import", str(file), "--manufacturer", "Acme").output
    assert "de.csv:5: quarantined: country: “Absurdistan” is not a country we know." in output


def test_columns_that_are_not_read_are_named(
    app: Flask, committed: Session, committed_cast: Cast, tmp_path: Path
) -> None:
    file = tmp_path / "messe.csv"
    file.write_text("Firma;E-Mail;Land;Produkt;Standbesuch;Lieblingsfarbe\nA GmbH;a@a.example;DE;PUMP;ja;rot\n")
    warning = "No column tells the prospect's consent: these leads will be nurtured and offered to nobody."
    output = run(app, "leads", "import", str(file), "--manufacturer", "Acme", "--dry-run").output
    assert "columns not used: Standbesuch, Lieblingsfarbe\n" in output
    assert warning in output
    file.write_bytes(CSV_DE)
    output = run(app, "leads", "import", str(file), "--manufacturer", "Acme", "--dry-run").output
    assert "columns not used" not in output
    assert warning not in output


def test_a_manufacturer_that_is_not_there(app: Flask, committed: Session, tmp_path: Path) -> None:
    file = tmp_path / "de.csv"
    file.write_bytes(CSV_DE)
    answer = run(app, "leads", "import", str(file), "--manufacturer", "Nobody")
    assert answer.exit_code == 1
    assert "There is no manufacturer called “Nobody”." in answer.output


def test_what_is_no_list(app: Flask, committed: Session, committed_cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "list.pdf"
    file.write_bytes(b"%PDF-1.7")
    answer = run(app, "leads", "import", str(file), "--manufacturer", "Acme")
    assert answer.exit_code == 1
    assert "is not a list" in answer.output


@pytest.mark.skipif(not WORLD.exists(), reason=f"the test world is not at {WORLD}")
def test_the_three_real_files(app: Flask, committed: Session) -> None:
    """1,500 rows of three exports: every one a lead, routed; a second run changes nothing."""
    built = run(app, "network", "import", str(WORLD), "--manufacturer", "Acme")
    assert built.exit_code == 0, built.output
    for name, rows in (("leads_us.csv", 622), ("leads_de.csv", 468), ("leads_jp.csv", 410)):
        output = run(app, "leads", "import", str(WORLD / name), "--manufacturer", "Acme").output
        assert f"{name}: {rows} rows: {rows} created, 0 merged, 0 rejected, 0 in quarantine." in output
        assert f"{rows} leads routed." in output
        again = run(app, "leads", "import", str(WORLD / name), "--manufacturer", "Acme").output
        assert f"{rows} rows: 0 created, {rows} merged ({rows} already in)" in again
    assert (count(committed), count(committed, LeadTouch)) == (1500, 0)
    waiting = select(func.count()).select_from(Lead).where(Lead.state == LeadState.RECEIVED)
    assert committed.scalar(waiting) == 0

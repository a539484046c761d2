"""`flask postal-codes import`."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import PostalPlace


def test_a_list_goes_in_and_bad_lines_are_named(app: Flask, session: Session, tmp_path: Path) -> None:
    good = "DE\t80331\tMünchen\tBayern\tBY\t\t\t\t\t48.1345\t11.571\t4\n"
    (tmp_path / "DE.txt").write_text(good + "DE\t80333\tMünchen\n" + good, encoding="utf-8")
    result = app.test_cli_runner().invoke(args=["postal-codes", "import", str(tmp_path / "DE.txt")])
    assert result.exit_code == 0
    assert "DE.txt:2: The line has only 3 of 11 columns." in result.output
    assert "2 lines read, 1 postal codes known by them, 1 lines passed by" in result.output
    assert session.scalar(select(func.count()).select_from(PostalPlace)) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_list_from_german_excel_goes_in(app: Flask, session: Session, tmp_path: Path, encoding: str) -> None:
    lines = "country;postal_code;latitude;longitude;note\r\nÖsterreich;1010;48,2082;16,3738;Innere Stadt, für Wien\r\n"
    (tmp_path / "at.csv").write_text(lines, encoding=encoding, newline="")
    result = app.test_cli_runner().invoke(args=["postal-codes", "import", str(tmp_path / "at.csv")])
    assert result.exit_code == 0, result.output
    place = session.scalars(select(PostalPlace)).one()
    assert (place.country, place.postal_code, place.latitude, place.longitude) == ("AT", "1010", 48.2082, 16.3738)


def test_another_kind_of_file_is_refused(app: Flask, session: Session, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    result = app.test_cli_runner().invoke(args=["postal-codes", "import", str(tmp_path / "x.csv")])
    assert result.exit_code == 1
    assert "has no column country, postal_code, latitude, longitude" in result.output

"""`flask postal-codes import`."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import PostalPlace


def test_a_list_goes_in_and_bad_lines_are_named(app: Flask, session: Session, tmp_path: Path) -> None:
    good = "DE\t80331\tMünchen\tBayern\tBY\t\t\t\t\t48.1345\t11.571\t4\n"
    (tmp_path / "DE.txt").write_text(good + "DE\t80333\tMünchen\n" + good, encoding="utf-8")
    result = app.test_cli_runner().invoke(args=["postal-codes", "import", str(tmp_path / "DE.txt")])
    assert result.exit_code == 0
    assert "DE.txt:2: The line has only 3 columns." in result.output
    assert "2 lines read, 1 postal codes known by them, 1 lines passed by" in result.output
    assert session.scalar(select(func.count()).select_from(PostalPlace)) == 1


def test_another_kind_of_file_is_refused(app: Flask, session: Session, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    result = app.test_cli_runner().invoke(args=["postal-codes", "import", str(tmp_path / "x.csv")])
    assert result.exit_code == 1
    assert "has no column country, postal_code, latitude, longitude" in result.output

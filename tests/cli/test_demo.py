"""`flask demo reset`: in a demo only."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import db
from app.models import Lead, Organisation
from tests import factories
from tests.cast import Cast


def test_refuses_to_empty_an_installation_that_is_no_demo(app: Flask, session: Session, cast: Cast) -> None:
    factories.lead(session, cast.acme, [cast.products["pump"]])
    session.commit()
    answer = app.test_cli_runner().invoke(args=["demo", "reset"])
    assert answer.exit_code != 0
    assert "nothing was changed" in answer.output
    assert session.scalars(select(Lead)).all()


def test_empties_a_demo_and_its_mailbox(
    app: Flask, committed: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox = tmp_path / "mailbox"
    mailbox.mkdir()
    (mailbox / "20261121T201500123456-0a1b2c3d.eml").write_text("Subject: old\n\nold\n")
    monkeypatch.setitem(app.extensions, "config", replace(app.extensions["config"], demo_mode=True, var=tmp_path))
    factories.organisation(committed, "Stale", factories.OrganisationKind.PARTNER)
    committed.commit()
    answer = app.test_cli_runner().invoke(args=["demo", "reset"])
    assert (answer.exit_code, answer.exception) == (0, None)
    assert list(mailbox.iterdir()) == []
    names = db.session.scalars(select(Organisation.name)).all()
    assert "Nordwind Technik GmbH" in names
    assert "Stale" not in names

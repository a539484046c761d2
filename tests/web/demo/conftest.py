"""An application in demo mode with two personas and a person who is none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import create_app
from app.database import db
from app.domain.identity import OrganisationKind, Role
from tests import factories

STRANGER = "rita@rival.example"


@pytest.fixture
def people(committed: Session) -> None:
    """Nora and Ada as the demo knows them, and Rita, whom it does not."""
    for name, kind, role, email in (
        ("Nordwind", OrganisationKind.PARTNER, Role.PARTNER_ADMIN, "nora@nordwind.example"),
        ("Acme", OrganisationKind.MANUFACTURER, Role.ADMIN, "ada@acme.example"),
        ("Rival", OrganisationKind.PARTNER, Role.PARTNER_ADMIN, STRANGER),
    ):
        organisation = factories.organisation(committed, name, kind)
        factories.user(committed, organisation, role, email.partition("@")[0], email=email)
    committed.commit()


@pytest.fixture
def demo_app(app: Flask, people: None, tmp_path: Path) -> Iterator[Flask]:
    """The same installation in demo mode, with a mailbox of its own."""
    made = create_app(replace(app.extensions["config"], demo_mode=True, var=tmp_path))
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def visitor(demo_app: Flask) -> FlaskClient:
    """A browser nobody is signed in to."""
    return demo_app.test_client()

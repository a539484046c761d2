"""The manufacturer's forms and consent wordings."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import ConsentWording, WebForm
from app.services import intake
from app.services.intake import FormValues
from tests.browsing import Browse
from tests.cast import Cast
from tests.services.intake.arrivals import count
from tests.web.intake.actions import DoorAction

VALUES = {
    "title": "Ask Acme",
    "language": "de",
    "consent_scope": "any_eligible",
    "is_active": "y",
    "allowed_origins": "https://www.acme.example",
}


class TestCreate(DoorAction):
    """POST /intake/forms/new"""

    person = "ada"
    wrong_role = "ines"
    is_shared = True

    @pytest.fixture
    def url(self, session: Session, cast: Cast) -> str:
        return "/intake/forms/new"

    def good(self, cast: Cast) -> dict[str, Any]:
        return VALUES | {"slug": "acme"}

    def bad(self, cast: Cast) -> dict[str, Any]:
        return VALUES | {"slug": "Not an address"}

    def has_worked(self, cast: Cast, session: Session) -> bool:
        return count(session, WebForm) == 1


class TestChange(DoorAction):
    """POST /intake/forms/<id>"""

    person = "carl"
    wrong_role = "ines"

    @pytest.fixture
    def url(self, session: Session, cast: Cast) -> str:
        values = FormValues(title="Old", language="en")
        return f"/intake/forms/{intake.create_form(actor=cast.viewer('ada'), slug='acme', values=values)}"

    def good(self, cast: Cast) -> dict[str, Any]:
        return VALUES

    def bad(self, cast: Cast) -> dict[str, Any]:
        return VALUES | {"consent_scope": "named_partners"}

    def has_worked(self, cast: Cast, session: Session) -> bool:
        session.rollback()
        form = session.scalars(select(WebForm)).one()
        return (form.title, form.allowed_origins) == ("Ask Acme", ["https://www.acme.example"])


class TestWording(DoorAction):
    """POST /intake/wording"""

    person = "ada"
    wrong_role = "ines"
    is_shared = True

    @pytest.fixture
    def url(self, session: Session, cast: Cast) -> str:
        return "/intake/wording"

    def good(self, cast: Cast) -> dict[str, Any]:
        return {"en": "You agree that a partner of {manufacturer} calls you about this request."}

    def bad(self, cast: Cast) -> dict[str, Any]:
        return {"en": "Yes."}

    def has_worked(self, cast: Cast, session: Session) -> bool:
        return count(session, ConsentWording) == 1


def test_the_code_to_embed_is_shown(browse: Browse, cast: Cast) -> None:
    form_id = intake.create_form(actor=cast.viewer("ada"), slug="acme", values=FormValues(title='A "form"'))
    page = browse("ada").get(f"/intake/forms/{form_id}").text
    assert "&lt;iframe src=&#34;" in page
    assert "/f/acme?lang=en" in page


def test_a_refused_address_says_why(browse: Browse, cast: Cast) -> None:
    refused = browse("ada").post("/intake/forms/new", data=VALUES | {"slug": "Hamburg Form!"})
    assert refused.status_code == 422
    assert "Use 3 to 60 lower case letters, digits and hyphens." in refused.text


def test_a_refused_change_says_why(browse: Browse, cast: Cast) -> None:
    form_id = intake.create_form(actor=cast.viewer("ada"), slug="acme", values=FormValues(title="Ask"))
    refused = browse("ada").post(f"/intake/forms/{form_id}", data=VALUES | {"allowed_origins": "nowhere"})
    assert refused.status_code == 422
    assert "“nowhere” is not an address like https://www.example.com." in refused.text

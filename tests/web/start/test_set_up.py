"""A new manufacturer is led through what is missing, and only as long as something is."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.models import WebForm
from tests import factories
from tests.browsing import Browse
from tests.cast import Cast


@pytest.mark.covers("B-10")
def test_shows_what_is_done_and_what_comes_next(browse: Browse, cast: Cast) -> None:
    admin = browse("ada")
    assert admin.get("/").location == "/set-up"
    page = admin.get("/set-up").text
    assert page.count("Done") == 4
    assert "Make a form" in page
    assert "Add a partner" not in page


def test_is_over_with_the_form_and_the_first_lead(browse: Browse, session: Session, cast: Cast) -> None:
    session.add(WebForm(manufacturer_id=cast.acme.id, slug="acme", title="Ask Acme"))
    factories.lead(session, cast.acme, [cast.products["pump"]])
    session.commit()
    assert browse("ada").get("/").location == "/leads"
    assert browse("gina").get("/").location == "/set-up", "another manufacturer's things do not count"


def test_who_cannot_set_up_is_not_sent_there(browse: Browse) -> None:
    for name in ("ines", "vera", "nora"):
        assert browse(name).get("/").location != "/set-up"
        assert browse(name).get("/set-up").status_code == 403
    assert "/log-in" in browse(None).get("/set-up").location

"""Writing companies down, changing them, taking them out of use."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from app.domain.network.drafts import AccountDraft
from app.models import Account
from app.services.network.accounts import create_account
from tests.browsing import Browse
from tests.cast import Cast
from tests.web.network_actions import NetworkAction, OnOneRow, WithForm

FORM = {
    "name": "Hofmann Präzision GmbH",
    "code": "A-2",
    "country": "DE",
    "aliases": "HPG\nHofmann",
    "domains": "https://www.hofmann.example/contact",
    "status": "customer",
    "flags": ["strategic", "named"],
}


def _known(cast: Cast) -> Account:
    """An account of Acme's, written down once per test."""
    session = object_session(cast.acme)
    assert session is not None
    found = session.scalars(select(Account).where(Account.code == "A-1")).one_or_none()
    if found is None:
        create_account(actor=cast.viewer("ada"), draft=AccountDraft(code="A-1", name="Müller & Söhne KG"))
        found = session.scalars(select(Account).where(Account.code == "A-1")).one()
    return found


class TestCreate(NetworkAction, WithForm):
    form = FORM
    bad = {"churned_on": "2026-01-01"}
    form_id = "account-form"

    def url(self, cast: Cast) -> str:
        return "/accounts/new"

    def has_worked(self, cast: Cast, session: Session) -> bool:
        found = session.scalars(select(Account).where(Account.code == "A-2")).one_or_none()
        if found is None:
            return False
        assert [domain.domain for domain in found.domains] == ["hofmann.example"]
        assert (found.names[0].name, found.names[0].legal_form) == ("Hofmann Präzision GmbH", "GmbH")
        assert found.flags == ["strategic", "named"]
        return True


class TestChange(NetworkAction, OnOneRow, WithForm):
    form = FORM | {"code": "A-1"}
    bad = {"parent_code": "nobody"}
    form_id = "account-form"

    def url(self, cast: Cast) -> str:
        return f"/accounts/{_known(cast).id}/edit"

    def sent(self, cast: Cast) -> dict[str, Any]:
        return self.form | {"version": str(_known(cast).version)}

    def has_worked(self, cast: Cast, session: Session) -> bool:
        return _known(cast).name == "Hofmann Präzision GmbH"


class TestEnd(NetworkAction, OnOneRow):
    def url(self, cast: Cast) -> str:
        return f"/accounts/{_known(cast).id}/end"

    def has_worked(self, cast: Cast, session: Session) -> bool:
        return _known(cast).ended_at is not None


def test_reading_is_for_everybody_of_the_manufacturer(browse: Browse, cast: Cast) -> None:
    url = f"/accounts/{_known(cast).id}"
    assert browse("vera").get(url).status_code == 200
    assert browse("gina").get(url).status_code == 404
    assert browse("gina").get(f"{url}/edit").status_code == 404
    for name in ("nora", "rita"):
        assert browse(name).get(url).status_code == browse(name).get("/accounts").status_code == 403


def test_a_company_is_found_by_any_of_its_names(browse: Browse, cast: Cast) -> None:
    browse("ada").post("/accounts/new", data=FORM)
    _known(cast)
    for text in ("hofmann.example", "HPG", "PRÄZISION", "Hofmann Praezision", "A-2"):
        page = browse("vera").get("/accounts", query_string={"q": text}).text
        assert "Hofmann Präzision GmbH" in page and "Müller" not in page
    assert "No company fits these filters" in browse("vera").get("/accounts?q=nothing-like-it").text
    assert "Müller" not in browse("vera").get("/accounts?flag=strategic").text


def test_a_company_is_not_its_own_ancestor(browse: Browse, cast: Cast, session: Session) -> None:
    parent = _known(cast)
    browse("ada").post("/accounts/new", data=FORM | {"parent_code": "A-1"})
    child = session.scalars(select(Account).where(Account.code == "A-2")).one()
    assert child.parent_id == parent.id
    form = {"name": parent.name, "code": "A-1", "status": "prospect", "parent_code": "A-2", "version": "1"}
    assert browse("ada").post(f"/accounts/{parent.id}/edit", data=form).status_code == 422
    assert parent.parent_id is None


def test_pages_go_forth_and_back_by_name(browse: Browse, cast: Cast, session: Session) -> None:
    names = [f"Company {number:03}" for number in range(120)]
    session.add_all(
        Account(manufacturer_id=cast.acme.id, code=f"C-{name[-3:]}", name=name, flags=[]) for name in reversed(names)
    )
    session.commit()
    edge = session.scalars(select(Account.id).where(Account.name == "Company 049")).one()
    first = browse("vera").get("/accounts").text
    assert f'href="/accounts?after={edge}"' in first and "Company 050" not in first
    second = browse("vera").get(f"/accounts?after={edge}").text
    assert "Company 050" in second and "Company 099" in second and "Company 049" not in second
    start = session.scalars(select(Account.id).where(Account.name == "Company 050")).one()
    back = browse("vera").get(f"/accounts?before={start}").text
    assert "Company 000" in back and "Company 049" in back and "Company 050" not in back

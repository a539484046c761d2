"""Writing companies down, changing them, taking them out of use."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from app.domain.network.drafts import AccountDraft
from app.models import Account
from app.queries.network.drafts import draft_of_account
from app.services.network.accounts import create_account
from tests import factories
from tests.browsing import Browse
from tests.cast import Cast
from tests.web.accounts.companies import company, known
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


def test_a_stale_edit_shows_both_versions_and_writes_nothing(browse: Browse, cast: Cast, session: Session) -> None:
    url = f"/accounts/{_known(cast).id}/edit"
    form = {"name": "Müller & Söhne KG", "code": "A-1", "status": "prospect", "version": "1"}
    assert browse("ada").post(url, data=form | {"city": "Wien"}).status_code == 303
    graz = {"city": "Graz", "country": "AT", "contract_cents": "80,000", "contract_currency": "EUR"}
    stale = browse("carl").post(url, data=form | graz)
    assert stale.status_code == 409
    assert all(text in stale.text for text in ("Wien", "Graz", ">80,000<"))
    assert "Where the two versions differ" in stale.text
    assert _known(cast).city == "Wien"
    assert browse("carl").post(url, data=form | {"city": "Graz", "version": "2"}).status_code == 303


@pytest.mark.covers("P-11", "P-17", "P-20", "P-22", "P-34", "P-35", "P-36")
def test_everything_that_is_known_is_kept_and_shown(browse: Browse, cast: Cast, session: Session) -> None:
    parent = _known(cast)
    pump, nordwind, ines = cast.products["pump"].id, cast.partnerships["nordwind"].id, cast.people["ines"].id
    form = FORM | {
        "city": "München",
        "corporate_number": "hrb 12-345",
        "kana": "ホフマン",
        "english": "Hofmann Precision",
        "networks": "192.0.2.7\n198.51.100.0/24",
        "parent_code": "A-1",
        "health": "low",
        "contract_cents": "80,000.50",
        "contract_currency": "EUR",
        "has_open_ticket": "y",
        "is_enterprise": "y",
        "keeps_own_owner": "y",
        "product_line_ids": [str(pump)],
        "owner_partnership_id": str(nordwind),
        "owner_user_id": str(ines),
        "listed_from": "2026-01-01",
        "listed_until": "2026-12-31",
        "listed_owner_user_id": str(ines),
        "listed_note": "Met at the fair.",
    }
    assert browse("ada").post("/accounts/new", data=form).status_code == 303
    made = session.scalars(select(Account).where(Account.code == "A-2")).one()
    draft = draft_of_account(made)
    assert (draft.contract_cents, draft.contract_currency) == (8_000_050, "EUR")
    assert draft.networks == ("192.0.2.7/32", "198.51.100.0/24")
    assert (draft.corporate_number, draft.kana, draft.product_line_ids) == ("HRB12345", ("ホフマン",), (pump,))
    assert (draft.owner_partnership_id, draft.owner_user_id, draft.parent_id) == (nordwind, ines, parent.id)
    page = browse("vera").get(f"/accounts/{made.id}").text
    for text in ("München", "HRB12345", "ホフマン", "Hofmann Precision", "198.51.100.0/24", "Met at the fair.", "Ines"):
        assert text in page
    edited = browse("ada").get(f"/accounts/{made.id}/edit").text
    assert "80,000.5" in edited and 'value="A-1"' in edited
    assert browse("ada").post("/accounts/new", data=form).status_code == 422


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"networks": "300.1.1.1"}, "is not a network"),
        ({"networks": "0.0.0.0/0"}, "too wide"),
        ({"networks": "10.0.0.0/15"}, "too wide"),
        ({"networks": "2001:d00::/31"}, "too wide"),
        ({"domains": "gmail.com"}, "is a free mail service"),
        ({"domains": "mailinator.com"}, "gives addresses to throw away"),
        ({"corporate_number": "9" * 41}, "too long"),
        ({"contract_cents": "plenty", "contract_currency": "EUR"}, "cannot be read as an amount"),
        ({"contract_cents": "80000"}, "Say the currency of the contract"),
        ({"listed_until": "2026-01-01", "flags": []}, "Only a strategic or named account is listed"),
        ({"listed_from": "2026-02-01", "listed_until": "2026-01-01"}, "must not end before it begins"),
        ({"owner_user_id": "999999"}, "Not a valid choice"),
    ],
)
def test_each_fault_stands_at_its_field(browse: Browse, cast: Cast, changed: dict[str, Any], told: str) -> None:
    answer = browse("ada").post("/accounts/new", data=FORM | changed)
    assert answer.status_code == 422 and told in answer.text


def test_everything_wrong_is_told_in_one_round(browse: Browse, cast: Cast, session: Session) -> None:
    company(cast, "A-1", "Hofmann")
    wrong = {
        "code": "A-1",
        "corporate_number": "9" * 41,
        "domains": "gmail.com\nnot a domain",
        "networks": "10.0.0.0/8",
        "parent_code": "NONE",
        "listed_from": "2026-02-01",
        "flags": [],
        "contract_cents": "plenty",
        "contract_currency": "EUR",
    }
    page = browse("ada").post("/accounts/new", data=FORM | wrong).text
    for told in (
        "The code A-1 is taken.",
        "too long",
        "is a free mail service",
        "is not an internet domain",
        "too wide",
        "There is no account NONE.",
        "Only a strategic or named account is listed",
        "cannot be read as an amount",
    ):
        assert told in page, told
    assert (
        'value="' + "9" * 41 + '"' in page and "maxlength" not in page.split('id="corporate_number"')[1].split(">")[0]
    )


def test_a_domain_of_another_account_is_warned_of_by_name(browse: Browse, cast: Cast, session: Session) -> None:
    company(cast, "A030", "Sonnenhof Automation GmbH", city="Lübeck", domains=("sonnenhof.example",))
    company(cast, "G-1", "Fremd GmbH", person="gina", domains=("sonnenhof.example",))
    ada = browse("ada")
    answer = ada.post("/accounts/new", data=FORM | {"code": "A-9", "domains": "sonnenhof.example\nother.example"})
    assert answer.status_code == 303
    page = ada.get(answer.location).text
    assert "sonnenhof.example is a domain of Sonnenhof Automation GmbH (A030, Lübeck) too." in page
    assert "Fremd" not in page and "other.example is a domain" not in page
    made = known(session, "A-9")
    form = FORM | {"code": "A-9", "domains": "sonnenhof.example", "city": "Kiel", "version": made.version}
    ada.post(f"/accounts/{made.id}/edit", data=form)
    assert "is a domain of" not in ada.get(f"/accounts/{made.id}").text, "it was said when it was written"


@pytest.mark.covers("P-17", "T-16")
def test_the_tree_shows_owners_that_are_at_odds(browse: Browse, cast: Cast) -> None:
    ada = cast.viewer("ada")
    nordwind, kansai = (cast.partnerships[name].id for name in ("nordwind", "kansai"))
    top = create_account(actor=ada, draft=AccountDraft(code="T", name="Top", owner_partnership_id=nordwind))
    odd = AccountDraft(code="O", name="Odd", owner_partnership_id=kansai, parent_id=top)
    meant = AccountDraft(code="M", name="Meant", owner_partnership_id=kansai, parent_id=top, keeps_own_owner=True)
    below = [create_account(actor=ada, draft=draft) for draft in (odd, meant)]
    assert browse("vera").get(f"/accounts/{top}").text.count("two owners") == 1
    assert "not its parent&#39;s" in browse("vera").get(f"/accounts/{below[0]}").text
    assert "not its parent&#39;s" not in browse("vera").get(f"/accounts/{below[1]}").text


@pytest.mark.covers("K-11")
def test_the_page_shows_every_contact_of_the_company(browse: Browse, cast: Cast, session: Session) -> None:
    account = _known(cast)
    for name in ("Vogel", "Amsel"):
        factories.lead(session, cast.acme, [cast.products["pump"]], account_id=account.id, family_name=name)
    page = browse("vera").get(f"/accounts/{account.id}").text
    assert "Katrin Vogel" in page and "Katrin Amsel" in page and "2 open of 2" in page

"""Linking all leads of a company: preview, confirmation, taking it back."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.leads import LeadState
from app.models import Account, AccountChange, AccountName, Lead
from tests import factories
from tests.browsing import HTMX, Browse
from tests.cast import Cast

URL = "/reviews/bulk-link"


@pytest.fixture
def corp(session: Session, cast: Cast) -> Account:
    return factories.account(session, cast.acme, "Acme Corp", code="A-7")


@pytest.fixture
def lab(session: Session, cast: Cast, corp: Account) -> Lead:
    """A lead of a subsidiary that no rule knows; another one is somebody's already."""
    worked = factories.lead(
        session, cast.acme, [cast.products["pump"]], company="Acme Labs Ltd", company_key="acme labs"
    )
    factories.assignment(session, worked, partnership=cast.partnerships["nordwind"])
    values = {"company": "Acme Labs", "company_key": "acme labs", "state": LeadState.NURTURING}
    return factories.lead(session, cast.acme, [cast.products["pump"]], **values)


def account_of(session: Session, lead: Lead) -> int | None:
    return session.get_one(Lead, lead.id, populate_existing=True).account_id


def ticked(*leads: Lead, **more: str) -> dict[str, Any]:
    """The pattern, with these leads ticked in its preview."""
    return asked(**more) | {"lead_id": [str(lead.id) for lead in leads]}


def asked(**more: str) -> dict[str, str]:
    return {"company": "Acme Labs*", "domain": "", "fits": "both", "account": "A-7"} | more


@pytest.mark.covers("P-16", "P-17")
def test_a_preview_says_what_would_happen_and_changes_nothing(browse: Browse, session: Session, lab: Lead) -> None:
    page = browse("vera").get(URL, query_string=asked()).text
    assert "1 lead would belong to Acme Corp" in page
    assert ("1 lead fits, but stays as it is" in page, "Somebody works it already: 1" in page) == (True, True)
    assert 'id="confirm"' not in page
    assert 'id="confirm"' in browse("ines").get(URL, query_string=asked()).text
    assert account_of(session, lab) is None


@pytest.mark.covers("P-16")
def test_confirmed_it_is_linked_and_taken_back(browse: Browse, session: Session, corp: Account, lab: Lead) -> None:
    ines = browse("ines")
    answer = ines.post(URL, data=ticked(lab, learns="1"))
    assert (answer.status_code, answer.location) == (303, URL)
    assert account_of(session, lab) == corp.id
    assert session.scalars(select(AccountName.name).where(AccountName.is_learned)).one() == "Acme Labs"
    change_id = session.scalars(select(AccountChange.id)).one()
    page = ines.get(URL).text
    assert ("1 lead was linked." in page, f"/reviews/bulk-links/{change_id}/undo" in page) == (True, True)

    undone = ines.post(f"/reviews/bulk-links/{change_id}/undo")
    assert (undone.status_code, account_of(session, lab)) == (303, None)
    page = ines.get(URL).text
    assert ("1 lead is as it was." in page, "Taken back" in page) == (True, True)
    assert ines.post(f"/reviews/bulk-links/{change_id}/undo").status_code == 409


@pytest.mark.parametrize(
    "wrong", [{"company": ""}, {"company": "*"}, {"account": ""}, {"account": "Nobody"}, {"domain": "gmail.com"}]
)
def test_bad_input_is_asked_for_again(browse: Browse, session: Session, lab: Lead, wrong: dict[str, str]) -> None:
    for answer in (
        browse("ines").post(URL, data=asked(**wrong)),
        browse("ines").get(URL, query_string=asked(**wrong)),
    ):
        assert (answer.status_code, 'id="form-errors"' in answer.text) == (422, True)
    assert account_of(session, lab) is None


def test_a_name_of_several_accounts_is_asked_about(browse: Browse, session: Session, cast: Cast, lab: Lead) -> None:
    factories.account(session, cast.acme, "Acme Holding", code="A-8")
    answer = browse("ines").get(URL, query_string=asked(account="Acme"))
    assert (answer.status_code, "Several accounts go by this name" in answer.text) == (422, True)
    assert ("account=A-7" in answer.text, "account=A-8" in answer.text) == (True, True)
    assert browse("ines").get(URL, query_string=asked(account="Acme Corp")).status_code == 200


@pytest.mark.covers("P-16")
def test_only_what_is_ticked_is_linked_and_what_is_anothers_is_not_ticked(
    browse: Browse, session: Session, cast: Cast, corp: Account, lab: Lead
) -> None:
    other = factories.account(session, cast.acme, "Else KG")
    values = {"company_key": "acme labs", "state": LeadState.NURTURING}
    pump = [cast.products["pump"]]
    elsewhere = factories.lead(session, cast.acme, pump, company="Acme Labs 2", account_id=other.id, **values)
    unticked = factories.lead(session, cast.acme, pump, company="Acme Labs 3", **values)
    session.commit()
    page = browse("ines").get(URL, query_string=asked()).text
    boxes = {one: page.partition(f'value="{one.id}"')[2].partition(">")[0] for one in (lab, elsewhere)}
    assert [" checked" in boxes[one] for one in (lab, elsewhere)] == [True, False]
    assert "now: Else KG" in page
    assert browse("ines").post(URL, data=asked()).status_code == 422
    browse("ines").post(URL, data=ticked(lab))
    assert [account_of(session, one) for one in (lab, elsewhere, unticked)] == [corp.id, other.id, None]


@pytest.mark.parametrize(("company", "is_offered"), [("Acme Labs*", True), ("Acme*", False), ("Acme*Labs", False)])
def test_only_a_full_name_is_remembered(browse: Browse, lab: Lead, company: str, is_offered: bool) -> None:
    page = browse("ines").get(URL, query_string=asked(company=company)).text
    assert ('id="confirm"' in page, 'name="learns"' in page) == (True, is_offered)


@pytest.mark.parametrize(("name", "status"), [("nora", 403), ("vera", 403), ("arne", 403), (None, 303)])
def test_others_link_nothing(browse: Browse, session: Session, lab: Lead, name: str | None, status: int) -> None:
    assert browse(name).post(URL, data=asked()).status_code == status
    assert account_of(session, lab) is None


def test_another_manufacturer_finds_neither_account_nor_change(browse: Browse, session: Session, lab: Lead) -> None:
    assert browse("gina").post(URL, data=asked()).status_code == 422
    browse("ines").post(URL, data=ticked(lab))
    change_id = session.scalars(select(AccountChange.id)).one()
    assert browse("gina").post(f"/reviews/bulk-links/{change_id}/undo").status_code == 404


def test_htmx_is_told_where_to_go(browse: Browse, lab: Lead) -> None:
    answer = browse("ines").post(URL, data=ticked(lab), headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, URL)

"""The network's files on screen: tried out, then brought in."""

from __future__ import annotations

import html
import io
import re

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.domain.network.account_draft import AccountDraft
from app.models import Account, Partnership, ProductLine
from app.services.network.accounts import create_account
from app.web.network.packing import pack_files, unpack_files
from tests.browsing import HTMX, Browse, Browser
from tests.cast import Cast

PRODUCTS = b"code,name,min_tier,requires_certification\nVALVE,Valves,,0\nPUMP,Industrial pumps,gold,0\n"


def _try_out(browser: Browser, **files: bytes) -> TestResponse:
    sent = {"files": [(io.BytesIO(data), f"{name}.csv") for name, data in files.items()]}
    return browser.post("/network/import", data=sent, content_type="multipart/form-data")


def _packed(page: str) -> str:
    found = re.search(r'name="packed" type="hidden" value="([^"]+)"', page)
    assert found is not None
    return html.unescape(found[1])


def test_trying_out_writes_nothing_and_bringing_in_does(browse: Browse, cast: Cast, session: Session) -> None:
    browser = browse("carl")
    tried = _try_out(browser, products=PRODUCTS)
    assert tried.status_code == 200 and "Nothing is written yet." in tried.text
    assert session.scalar(select(func.count()).select_from(ProductLine).where(ProductLine.code == "VALVE")) == 0
    done = browser.post("/network/import/apply", data={"packed": _packed(tried.text)})
    assert done.status_code == 200 and "Brought in" in done.text
    assert cast.products["pump"].min_tier_id == cast.tiers["gold"].id
    again = _try_out(browser, products=PRODUCTS)
    assert "Bring them in" not in again.text


def test_bad_rows_are_named_with_line_and_reason(browse: Browse, cast: Cast) -> None:
    tried = _try_out(
        browse("ada"), partners=b"code,name,tier\nP1,One,gold\nP2,,tin\n", territories=b"partner,country\nP1,DE\n"
    )
    assert "Line 3" in tried.text and "name: This must not be empty." in tried.text
    assert "Waits for partners" in tried.text
    assert "Bring them in" not in tried.text


@pytest.mark.parametrize("files", [{}, {"something": PRODUCTS}])
def test_nothing_to_bring_in_is_said(browse: Browse, cast: Cast, files: dict[str, bytes]) -> None:
    assert _try_out(browse("ada"), **files).status_code == 422


def test_what_did_not_arrive_whole_is_refused(browse: Browse, cast: Cast) -> None:
    assert browse("ada").post("/network/import/apply", data={"packed": "scrap"}).status_code == 422


@pytest.mark.parametrize("address", ["/network/import", "/network/import/apply"])
def test_only_those_who_may_write(browse: Browse, cast: Cast, address: str) -> None:
    assert browse(None).post(address).location == "/log-in"
    for name in ("vera", "ines", "nora", "rita"):
        assert browse(name).post(address).status_code == 403
    assert browse("ines").get("/network/import").status_code == 403


def test_htmx_gets_the_report_alone(browse: Browse, cast: Cast) -> None:
    sent = {"packed": pack_files({"products.csv": PRODUCTS})}
    answer = browse("ada").post("/network/import/apply", data=sent, headers=HTMX)
    assert answer.status_code == 200 and answer.text.lstrip().startswith('<div id="network-report"')


def test_a_file_lands_in_the_senders_own_network(browse: Browse, cast: Cast, session: Session) -> None:
    sent = {"packed": pack_files({"partners.csv": b"code,name\nP-X,Newcomer\n"})}
    assert browse("gina").post("/network/import/apply", data=sent).status_code == 200
    owner = session.scalars(select(Partnership.manufacturer_id).where(Partnership.code == "P-X")).one()
    assert owner == cast.globex.id


def test_packed_files_come_out_as_they_went_in() -> None:
    files = {"accounts.csv": "会社\n".encode("cp932"), "products.csv": bytes(range(256))}
    assert unpack_files(pack_files(files)) == files


ACCOUNTS = b"code,name,domains,owner_email\nN-1,Hofmann,hofmann.example,\n"


def test_companies_that_may_be_known_already_are_settled_on_screen(
    browse: Browse, cast: Cast, session: Session
) -> None:
    draft = AccountDraft(code="A-1", name="Hofmann GmbH", domains=("hofmann.example",))
    account_id = create_account(actor=cast.viewer("ada"), draft=draft)
    tried = _try_out(browse("carl"), accounts=ACCOUNTS)
    assert "1 company may be known already" in tried.text and 'value="alias:A-1"' in tried.text
    sent = {"packed": _packed(tried.text), "double-2": "alias:A-1", "double-x": "skip:A-1", "double-3": "nonsense"}
    done = browse("carl").post("/network/import/apply", data=sent)
    assert done.status_code == 200
    assert [name.name for name in session.get_one(Account, account_id).names] == ["Hofmann GmbH", "Hofmann"]


def test_every_problem_can_be_taken_out_as_a_file(browse: Browse, cast: Cast) -> None:
    bad = ACCOUNTS + b"N-2,=cmd(),,nobody@acme.example\nN-3,,,\n"
    tried = _try_out(browse("carl"), accounts=bad)
    answer = browse("carl").post("/network/import/problems", data={"packed": _packed(tried.text)})
    assert answer.status_code == 200 and "problems.csv" in answer.headers["Content-Disposition"]
    assert "accounts,3,None of your people has the address nobody@acme.example." in answer.text
    assert "accounts,4,name: This must not be empty." in answer.text
    for name in ("vera", "nora"):
        assert browse(name).post("/network/import/problems").status_code == 403

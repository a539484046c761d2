"""Companies of a file that may be known already: shown before anything is written, and settled as a person says."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.adapters.network_files import open_network_file
from app.domain.network.account_draft import AccountDraft
from app.domain.network.files import NetworkFile
from app.models import Account
from app.queries.network.drafts import draft_of_account
from app.services.network.accounts import create_account
from app.services.network.importing import Decision, DoubleChoice, FileReport, import_network, preview_network
from tests.cast import Cast

FILE = """code,name,country,domains,parent
N-1,Hofmann Prazision GmbH,DE,hofmann.example,
N-2,HOFMANN PRÄZISION AG,DE,,
N-3,Hofmann Präzission,DE,,
N-4,Hofmann Präzision,FR,,
N-5,Quarz Optik,DE,quarz.example,N-1
N-6,Quarz Optik GmbH,,,
N-7,Somebody Else,DE,gmail.com,
"""


@pytest.fixture
def known(cast: Cast) -> int:
    draft = AccountDraft(
        code="A-1", name="Hofmann Präzision GmbH", country="DE", domains=("hofmann.example", "gmail.com")
    )
    return create_account(actor=cast.viewer("ada"), draft=draft)


def bring_in(cast: Cast, decisions: Mapping[int, Decision]) -> FileReport:
    opened = {NetworkFile.ACCOUNTS: open_network_file(FILE.encode(), "accounts.csv")}
    [report] = import_network(
        manufacturer_id=cast.acme.id, actor=cast.viewer("carl"), files=opened, decisions=decisions
    )
    return report


@pytest.mark.covers("I-05")
def test_a_dry_run_shows_what_may_be_known_already_and_why(cast: Cast, session: Session, known: int) -> None:
    opened = {NetworkFile.ACCOUNTS: open_network_file(FILE.encode(), "accounts.csv")}
    [report] = preview_network(manufacturer_id=cast.acme.id, actor=cast.viewer("carl"), files=opened)
    assert [(one.line_no, one.other_code, str(one.reason)) for one in report.doubles] == [
        (2, "A-1", "The same domain hofmann.example"),
        (3, "A-1", "The same name"),
        (4, "A-1", "A similar name"),
        (7, "N-5", "The same name"),
    ]
    assert report.created == 7
    assert session.scalars(select(Account.code)).all() == ["A-1"]


def test_a_row_is_another_name_or_left_out_and_its_subsidiaries_follow(
    cast: Cast, session: Session, known: int
) -> None:
    decisions = {
        2: Decision(DoubleChoice.ALIAS, "A-1"),
        3: Decision(DoubleChoice.SKIP, "A-1"),
        7: Decision(DoubleChoice.ALIAS, "N-5"),
        4: Decision(DoubleChoice.CREATE),
    }
    report = bring_in(cast, decisions)
    assert (report.created, report.changed, report.unchanged, report.skipped) == (4, 2, 0, 1)
    assert report.counts == {"created": 4, "changed": 2, "unchanged": 0, "skipped": 1}
    session.expire_all()
    assert draft_of_account(session.get_one(Account, known)).aliases == ("Hofmann Prazision GmbH",)
    quarz = session.scalars(select(Account).where(Account.code == "N-5")).one()
    assert (quarz.parent_id, draft_of_account(quarz).aliases) == (known, ("Quarz Optik GmbH",))
    assert set(session.scalars(select(Account.code))) == {"A-1", "N-3", "N-4", "N-5", "N-7"}


@pytest.mark.parametrize(
    "decision",
    [Decision(DoubleChoice.SKIP, "nobody"), Decision(DoubleChoice.ALIAS, "N-1"), Decision(DoubleChoice.ALIAS, "")],
)
def test_a_choice_about_nothing_is_no_choice(cast: Cast, session: Session, known: int, decision: Decision) -> None:
    assert bring_in(cast, {2: decision}).created == 7


def test_without_choices_every_row_is_an_account_as_the_command_line_has_it(cast: Cast, known: int) -> None:
    assert bring_in(cast, {}).created == 7

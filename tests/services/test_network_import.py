"""The network's files: each whole or not at all, a second time without effect."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.adapters.network_files import open_network_file
from app.adapters.spreadsheets import write_xlsx
from app.domain.errors import Forbidden, NotFound
from app.domain.network.files import NetworkFile, file_named
from app.domain.partners import PartnershipStatus
from app.models import Account, AccountName, Authorisation, Certification, Event, Organisation, Partnership, ProductLine
from app.models import TerritoryRule as Rule
from app.services.network.importing import FileReport, import_network, preview_network
from tests.cast import Cast

WORLD = Path(__file__).resolve().parents[3] / "shared" / "data" / "world"

FILES = {
    NetworkFile.PRODUCTS: "code,name,min_tier,requires_certification\nVALVE,Valves,silver,1\nGEAR,Gears,,0\n",
    NetworkFile.PARTNERS: (
        "code,name,country,timezone,language,tier,status,max_open_claims,domain,note\n"
        "P1,Süd-Antrieb KG,Deutschland,Europe/Berlin,de,gold,active,3,www.sued.example,read by nobody\n"
        "P2,エスフーズ株式会社,JP,Asia/Tokyo,ja,silver,ended,,,\n"
    ),
    NetworkFile.TERRITORIES: (
        "partner,mode,country,subdivision,postal_from,postal_to\n"
        "P1,include,DE,DE-BY,,\nP1,exclude,DE,,80331,80331\nP2,include,JP,,600-0000,619-9999\n"
    ),
    NetworkFile.AUTHORISATIONS: "partner,product,certified_until\nP1,VALVE,2030-06-30\nP1,GEAR,\nP2,VALVE,\n",
    NetworkFile.ACCOUNTS: (
        "code,name,country,aliases,domains,status,flag,owner_partner,open_opportunity_owner,churned_on,parent\n"
        "A1,Hofmann Präzision GmbH,DE,HPG|Hofmann,hofmann.example|hofmann-group.example,customer,strategic,P1,P2,,A2\n"
        "A2,Hofmann Holding AG,DE,,,churned,,,,2026-07-24,\n"
    ),
}


def bring_in(cast: Cast, files: Mapping[NetworkFile, str | bytes]) -> dict[NetworkFile, FileReport]:
    opened = {
        kind: open_network_file(text.encode("utf-8-sig") if isinstance(text, str) else text, f"{kind.value}.csv")
        for kind, text in files.items()
    }
    reports = import_network(manufacturer_id=cast.acme.id, actor=cast.viewer("carl"), files=opened)
    return {report.file: report for report in reports}


def faults(report: FileReport) -> list[tuple[int, str]]:
    return [(fault.line_no, str(fault.reason)) for fault in report.faults]


def partnership(session: Session, code: str) -> Partnership:
    return session.scalars(select(Partnership).where(Partnership.code == code)).one()


@pytest.mark.covers("T-01", "T-02", "T-03")
def test_all_five_files_go_in(cast: Cast, session: Session) -> None:
    reports = bring_in(cast, FILES)
    assert [(kind.value, report.created) for kind, report in reports.items()] == [
        ("products", 2), ("partners", 2), ("territories", 3), ("authorizations", 3), ("accounts", 2),
    ]  # fmt: skip
    one, two = partnership(session, "P1"), partnership(session, "P2")
    assert (one.tier.code, one.max_open_claims, two.max_open_claims) == ("gold", 3, None)
    assert two.status is PartnershipStatus.ENDED and two.ended_at is not None
    organisation = session.get_one(Organisation, one.partner_id)
    assert (organisation.country, organisation.time_zone, organisation.domain) == (
        "DE",
        "Europe/Berlin",
        "sued.example",
    )
    ranges = session.execute(select(Rule.postal_from, Rule.is_exclude).where(Rule.postal_from.is_not(None)))
    assert sorted(map(tuple, ranges)) == [("6000000", False), ("80331", True)]
    certified = select(Certification.valid_until).where(Certification.partnership_id.in_([one.id, two.id]))
    assert list(session.scalars(certified)) == [date(2030, 6, 30)]
    assert session.get(Authorisation, (two.id, _line(session, "VALVE"))) is not None
    child = session.scalars(select(Account).where(Account.code == "A1")).one()
    parent = session.scalars(select(Account).where(Account.code == "A2")).one()
    assert (child.parent_id, child.owner_partnership_id, child.flags) == (parent.id, one.id, ["strategic"])
    assert [domain.domain for domain in child.domains] == ["hofmann.example", "hofmann-group.example"]
    assert parent.churned_on == date(2026, 7, 24)
    key = select(AccountName.name_key, AccountName.legal_form).where(AccountName.name == "Hofmann Präzision GmbH")
    assert tuple(session.execute(key).one()) == ("hofmann praezision", "GmbH")


def test_a_second_run_changes_nothing(cast: Cast, session: Session) -> None:
    bring_in(cast, FILES)
    one = partnership(session, "P1")
    before = (one.version, one.eligibility_version, session.scalar(select(func.count()).select_from(Event)))
    reports = bring_in(cast, FILES)
    assert all((report.created, report.changed) == (0, 0) for report in reports.values())
    assert sum(report.unchanged for report in reports.values()) == 12
    after = (one.version, one.eligibility_version, session.scalar(select(func.count()).select_from(Event)))
    assert after == before


def test_a_changed_row_changes_only_what_it_says(cast: Cast, session: Session) -> None:
    bring_in(cast, FILES)
    one, two = partnership(session, "P1"), partnership(session, "P2")
    versions = (one.eligibility_version, two.eligibility_version)
    reports = bring_in(
        cast, {NetworkFile.PARTNERS: "code,name,tier\nP1,Süd-Antrieb KG,platinum\nP2,エスフーズ株式会社,silver\n"}
    )
    assert reports[NetworkFile.PARTNERS].counts == {"created": 0, "changed": 1, "unchanged": 1}
    assert (one.tier.code, one.max_open_claims) == ("platinum", 3)
    assert (one.eligibility_version, two.eligibility_version) == (versions[0] + 1, versions[1])


def test_a_mode_turned_round_and_a_renewed_certification_are_changes(cast: Cast, session: Session) -> None:
    bring_in(cast, FILES)
    reports = bring_in(
        cast,
        {
            NetworkFile.TERRITORIES: FILES[NetworkFile.TERRITORIES].replace("exclude", "include"),
            NetworkFile.AUTHORISATIONS: "partner,product,certified_until\nP1,VALVE,2031-06-30\nP2,VALVE,2031-01-01\n",
        },
    )
    assert reports[NetworkFile.TERRITORIES].counts == {"created": 0, "changed": 1, "unchanged": 2}
    assert reports[NetworkFile.AUTHORISATIONS].counts == {"created": 0, "changed": 2, "unchanged": 0}
    bring_in(cast, {NetworkFile.AUTHORISATIONS: "partner,product,certified_until\nP1,VALVE,\n"})
    one = partnership(session, "P1")
    assert session.scalars(select(Certification).where(Certification.partnership_id == one.id)).all() == []
    assert session.get(Authorisation, (one.id, _line(session, "VALVE"))) is not None


def test_every_bad_row_is_named_and_nothing_of_its_file_is_written(cast: Cast, session: Session) -> None:
    text = (
        "code,name,country,timezone,tier,status,max_open_claims\n"
        "P1,Fine,DE,Europe/Berlin,gold,active,3\n"
        ",Nameless code,DE,Europe/Berlin,gold,active,3\n"
        "P3,Wrong,Atlantis,Mars/Olympus,tin,asleep,many\n"
        "P4,No such tier,DE,UTC,tin,,\n"
        "P1,Twice,DE,UTC,gold,,\n"
    )
    report = bring_in(cast, {NetworkFile.PARTNERS: text})[NetworkFile.PARTNERS]
    assert faults(report) == [
        (3, "code: This must not be empty."),
        (4, "country: “Atlantis” is not a country."),
        (4, "timezone: “Mars/Olympus” is not a time zone. Write it like Europe/Berlin."),
        (4, "status: “asleep” is not one of invited, active, paused, suspended, ended."),
        (4, "max_open_claims: “many” is not a whole number from 0 on."),
        (5, "There is no tier tin. The tiers are registered, silver, gold, platinum."),
        (6, "Line 2 already says something about this."),
    ]
    assert session.scalar(select(func.count()).select_from(Partnership).where(Partnership.code == "P1")) == 0


def test_files_that_build_on_a_refused_one_wait_and_the_others_go_on(cast: Cast, session: Session) -> None:
    reports = bring_in(cast, FILES | {NetworkFile.PARTNERS: "code,name\nP1,\n"})
    assert reports[NetworkFile.PRODUCTS].created == 2
    waiting = (NetworkFile.TERRITORIES, NetworkFile.AUTHORISATIONS, NetworkFile.ACCOUNTS)
    assert all(reports[kind].waits_for is NetworkFile.PARTNERS for kind in waiting)
    assert session.scalar(select(func.count()).select_from(Account)) == 0


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (NetworkFile.TERRITORIES, "partner,country\nP7,DE\n", (2, "There is no partner P7.")),
        (NetworkFile.AUTHORISATIONS, "partner,product\nP-X,PUMP\n", (2, "There is no partner P-X.")),
        (NetworkFile.ACCOUNTS, "code,name,parent\nA1,One,A2\n", (2, "There is no account A2 to be the parent.")),
        (NetworkFile.ACCOUNTS, "code,name,owner_partner\nA1,One,P7\n", (2, "There is no partner P7.")),
        (NetworkFile.PRODUCTS, "name\nPumps\n", (0, "The column code is missing.")),
        (NetworkFile.PRODUCTS, b"%PDF-1.7", (0, "products.csv is not a list. Upload a CSV or Excel file.")),
    ],
)
def test_what_a_file_names_must_be_there(
    cast: Cast, kind: NetworkFile, text: str | bytes, expected: tuple[int, str]
) -> None:
    assert expected in faults(bring_in(cast, {kind: text})[kind])


def test_a_circle_of_parents_is_refused(cast: Cast) -> None:
    text = "code,name,parent\nA1,One,A2\nA2,Two,A3\nA3,Three,A1\nA4,Four,\n"
    report = bring_in(cast, {NetworkFile.ACCOUNTS: text})[NetworkFile.ACCOUNTS]
    assert [fault.line_no for fault in report.faults] == [2, 3, 4]


def test_trying_out_leaves_no_trace(cast: Cast, session: Session) -> None:
    opened = {kind: open_network_file(text.encode(), f"{kind.value}.csv") for kind, text in FILES.items()}
    reports = preview_network(manufacturer_id=cast.acme.id, actor=cast.viewer("ada"), files=opened)
    assert [report.created for report in reports] == [2, 2, 3, 3, 2]
    assert session.scalar(select(func.count()).select_from(Account)) == 0
    assert session.scalar(select(func.count()).select_from(Event)) == 0
    assert cast.partnerships["nordwind"].eligibility_version == 1


def test_partners_of_two_manufacturers_are_never_linked(cast: Cast, session: Session) -> None:
    bring_in(cast, FILES)
    opened = {NetworkFile.PARTNERS: open_network_file(FILES[NetworkFile.PARTNERS].encode(), "partners.csv")}
    import_network(manufacturer_id=cast.globex.id, actor=cast.viewer("gina"), files=opened)
    partners = list(session.scalars(select(Partnership.partner_id).where(Partnership.code == "P1")))
    assert len(partners) == len(set(partners)) == 2


def test_only_ones_own_network(cast: Cast) -> None:
    with pytest.raises(NotFound):
        import_network(manufacturer_id=cast.acme.id, actor=cast.viewer("gina"), files={})
    for name in ("vera", "nora"):
        with pytest.raises(Forbidden):
            preview_network(manufacturer_id=cast.acme.id, actor=cast.viewer(name), files={})


def test_a_workbook_is_read_like_a_text_file(cast: Cast) -> None:
    data = write_xlsx([["Code", "Name"], ["VALVE", "Valves"]])
    assert bring_in(cast, {NetworkFile.PRODUCTS: data})[NetworkFile.PRODUCTS].created == 1


def test_files_are_told_by_their_names() -> None:
    names = ("Products.CSV", "authorisations.xlsx", "dir/accounts.csv", "partners.2026.csv", "leads.csv", "truth")
    assert [kind.value if (kind := file_named(name)) else None for name in names] == [
        "products", "authorizations", "accounts", "partners", None, None,
    ]  # fmt: skip


def test_the_command_makes_the_manufacturer_and_reports_each_file(app: Flask, session: Session, tmp_path: Path) -> None:
    for kind, text in FILES.items():
        (tmp_path / f"{kind.value}.csv").write_text(text, encoding="utf-8")
    command = ["network", "import", str(tmp_path), "--manufacturer", "Initech"]
    first = app.test_cli_runner().invoke(args=command)
    assert first.exit_code == 0, first.output
    assert "accounts.csv: 2 created, 0 changed, 0 unchanged." in first.output
    assert session.scalars(select(Organisation.name).where(Organisation.name == "Initech")).one() == "Initech"
    second = app.test_cli_runner().invoke(args=command)
    assert "accounts.csv: 0 created, 0 changed, 2 unchanged." in second.output
    (tmp_path / "products.csv").write_text("code,name\nVALVE,\n", encoding="utf-8")
    third = app.test_cli_runner().invoke(args=command)
    assert third.exit_code == 1
    assert "products.csv:2: name: This must not be empty." in third.output
    assert "authorizations.csv: not read, because products.csv was refused." in third.output
    assert "accounts.csv: 0 created, 0 changed, 2 unchanged." in third.output


@pytest.mark.skipif(not WORLD.is_dir(), reason=f"the shared world is not at {WORLD}")
def test_the_shared_world_goes_in_and_a_second_time_does_nothing(cast: Cast, session: Session) -> None:
    files = {kind: (WORLD / f"{kind.value}.csv").read_bytes() for kind in NetworkFile}
    first = {kind.value: report.created for kind, report in bring_in(cast, files).items()}
    # The cast knows two of the six products already.
    assert first == {"products": 4, "partners": 60, "territories": 181, "authorizations": 249, "accounts": 3000}
    again = bring_in(cast, files)
    assert all((report.created, report.changed) == (0, 0) for report in again.values())


def _line(session: Session, code: str) -> int:
    return session.scalars(select(ProductLine.id).where(ProductLine.code == code)).one()

"""Whole leads: every field read, problems named, nothing raised; scores, executives, repeats."""

from __future__ import annotations

import csv
import io
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.consent import ConsentScope
from app.domain.intake.arrival import Arrival, cells_of
from app.domain.intake.consent import Consent
from app.domain.intake.duplicates import Request, is_same_request
from app.domain.intake.executives import is_executive, title_rules_with
from app.domain.intake.fields import LeadField
from app.domain.intake.headers import propose_mapping
from app.domain.intake.people import EmailReading, PhoneReading
from app.domain.intake.reading import IntakeDefaults, LeadReading, read_lead, split_products
from app.domain.intake.scoring import ScoreField, ScoreOperator, ScoreRule, score_lead
from app.domain.leads import SourceKind
from app.domain.money import Money

F = LeadField
WORLD = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "world"
FILES = (("leads_us.csv", "utf-8", ",", 622), ("leads_de.csv", "cp1252", ";", 468), ("leads_jp.csv", "cp932", ",", 410))
ROW = {
    F.EXTERNAL_ID: "DE-1", F.GIVEN_NAME: "Käthe", F.FAMILY_NAME: "Koch", F.JOB_TITLE: "Geschäftsführerin",
    F.COMPANY: " Müller GmbH ", F.EMAIL: "K.Koch@Mueller.example", F.PHONE: "030 542597", F.POSTAL_CODE: "1067",
    F.COUNTRY: "Deutschland", F.PRODUCTS: "PUMP, VALVE", F.AMOUNT: "38.000,00 €", F.SCORE: "60",
    F.CONSENT: "named:P1|P2",
    F.SOURCE: "Messe", F.MESSAGE: "Zeile 1\r\nZeile 2\x00", F.CREATED_AT: "21.11.2026 11:45", F.EMPLOYEES: "51-200",
}  # fmt: skip


def fatal_fields(reading: LeadReading) -> set[LeadField]:
    return {problem.field for problem in reading.problems if problem.is_fatal}


def problem_fields(reading: LeadReading) -> set[LeadField]:
    return {problem.field for problem in reading.problems}


@pytest.mark.covers("I-02")
def test_every_field_is_normalised() -> None:
    reading = read_lead(ROW, IntakeDefaults(time_zone="Europe/Berlin"))
    assert reading.is_readable
    assert reading.problems == ()
    assert (reading.person.full, reading.is_executive) == ("Käthe Koch", True)
    assert (reading.company.display, reading.company.key, reading.company.legal_form) == (
        "Müller GmbH",
        "mueller",
        "GmbH",
    )
    assert (reading.email.address, reading.email_domain) == ("k.koch@mueller.example", "mueller.example")
    assert reading.phone.number == "+4930542597"
    assert (reading.country, reading.subdivision, reading.postal_code) == ("DE", "DE-SN", "01067")
    assert (reading.products, reading.amount, reading.score) == (("PUMP", "VALVE"), Money(38_000_00, "EUR"), 60)
    assert reading.consent == Consent(ConsentScope.NAMED_PARTNERS, ("P1", "P2"))
    assert (reading.source, reading.source_kind) == ("Messe", SourceKind.TRADE_FAIR)
    assert reading.message == "Zeile 1\nZeile 2"
    assert reading.created_at == datetime(2026, 11, 21, 10, 45, tzinfo=UTC)
    assert (reading.employees, reading.language) == (51, "de")


@pytest.mark.parametrize(
    ("changes", "fatal"),
    [
        ({F.COUNTRY: "Atlantis"}, {F.COUNTRY}),
        ({F.COUNTRY: ""}, {F.COUNTRY}),
        ({F.EMAIL: "", F.PHONE: "", F.COMPANY: ""}, {F.EMAIL}),
        ({F.EMAIL: "nonsense", F.PHONE: "n/a", F.COMPANY: ""}, {F.EMAIL}),
        ({F.EMAIL: "", F.PHONE: ""}, {F.EMAIL}),
        ({F.EMAIL: "nonsense", F.PHONE: "n/a"}, {F.EMAIL}),
        ({F.EMAIL: "nonsense", F.COMPANY: ""}, set()),
    ],
)
def test_only_what_cannot_be_distributed_is_fatal(changes: dict[LeadField, str], fatal: set[LeadField]) -> None:
    reading = read_lead({**ROW, **changes})
    assert fatal_fields(reading) == fatal
    assert reading.is_readable is not bool(fatal)


@pytest.mark.parametrize(
    ("field", "text"),
    [(F.AMOUNT, "viel"), (F.SCORE, "hot"), (F.CONSENT, "vielleicht"), (F.CREATED_AT, "gestern"), (F.REGION, "Atlantis"),
     (F.POSTAL_CODE, "XXXXX"), (F.LANGUAGE, "klingonisch"), (F.EMAIL, "nonsense"), (F.PHONE, "n/a")],
)  # fmt: skip
def test_other_problems_name_the_cell_and_keep_the_lead(field: LeadField, text: str) -> None:
    reading = read_lead({**ROW, field: text})
    assert reading.is_readable
    assert problem_fields(reading) == {field}
    assert text in str(reading.problems[0].phrase)


def test_unreadable_values_stay_as_received_where_they_are_text() -> None:
    reading = read_lead({**ROW, F.EMAIL: "nonsense", F.PHONE: "n/a", F.POSTAL_CODE: "XXXXX"})
    assert reading.email == EmailReading("nonsense", reading.email.problem)
    assert reading.phone == PhoneReading("n/a", reading.phone.problem)
    assert (reading.postal_code, reading.subdivision) == ("XXXXX", "")


def test_unreadable_consent_counts_as_none_and_silence_as_the_default() -> None:
    asked = IntakeDefaults(consent=Consent(ConsentScope.ANY_ELIGIBLE))
    assert read_lead({**ROW, F.CONSENT: "vielleicht"}, asked).consent.scope is ConsentScope.NONE
    assert read_lead({**ROW, F.CONSENT: ""}, asked).consent.scope is ConsentScope.ANY_ELIGIBLE
    assert read_lead({**ROW, F.CONSENT: ""}).consent.scope is ConsentScope.NONE


def test_defaults_fill_what_a_row_leaves_out() -> None:
    reading = read_lead({F.EMAIL: "a@b.de", F.AMOUNT: "1.234"}, IntakeDefaults(country="DE", source=SourceKind.FILE))
    assert (reading.country, reading.amount, reading.source_kind) == ("DE", Money(1_234_00, "EUR"), SourceKind.FILE)
    assert read_lead({F.AMOUNT: "500", F.CURRENCY: "CHF"}, IntakeDefaults(country="DE")).amount == Money(500_00, "CHF")


def test_the_home_currency_counts_where_nothing_else_tells_one() -> None:
    home = IntakeDefaults(home_currency="EUR")
    assert read_lead({F.AMOUNT: "1.000.000,00"}, home).amount == Money(1_000_000_00, "EUR")
    assert read_lead({F.AMOUNT: "1,000,000.00", F.COUNTRY: "USA"}, home).amount == Money(1_000_000_00, "USD")
    assert read_lead({F.AMOUNT: "1.000.000,00"}).amount is None


def test_a_missing_country_is_told_by_the_international_number() -> None:
    assert read_lead({F.PHONE: "+49 30 542597"}).country == "DE"


def test_the_named_region_wins_over_the_postal_code_and_says_so() -> None:
    reading = read_lead({**ROW, F.REGION: "Bayern"})
    assert reading.subdivision == "DE-BY"
    assert problem_fields(reading) == {F.POSTAL_CODE}


def test_products_are_parted_once_each() -> None:
    assert split_products("PUMP; VALVE") == split_products("PUMP、VALVE,PUMP") == ("PUMP", "VALVE")
    assert split_products(" ") == ()


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(st.sampled_from(list(LeadField)), st.text(max_size=25), max_size=12))
def test_no_cells_make_the_reading_fail(raw: dict[LeadField, str]) -> None:
    reading = read_lead(raw)
    assert reading.is_readable is not any(problem.is_fatal for problem in reading.problems)
    assert all(str(problem.phrase) for problem in reading.problems)


@pytest.mark.parametrize("piece", ["9 ", "a.", "1,", "@a", "(", "株式会社", "chief "])
def test_huge_cells_are_read_in_no_time(piece: str) -> None:
    begun = time.perf_counter()
    reading = read_lead(dict.fromkeys(LeadField, piece * 4_000))
    assert time.perf_counter() - begun < 2
    assert not reading.is_readable


@pytest.mark.covers("I-02")
@pytest.mark.parametrize(("name", "encoding", "delimiter", "count"), FILES)
def test_every_row_of_the_real_files_is_read(name: str, encoding: str, delimiter: str, count: int) -> None:
    if not (WORLD / name).exists():
        pytest.skip(f"needs the shared data file {name}")
    text = (WORLD / name).read_bytes().decode(encoding)
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))
    mapping = propose_mapping(list(rows[0]))
    readings = [read_lead(cells_of(row, Arrival(), mapping)) for row in rows]
    assert len(readings) == count
    assert [reading.external_id for reading in readings if reading.problems] == []
    for reading in readings:
        assert reading.country == reading.subdivision[:2]
        assert reading.score is not None
        assert all((reading.amount, reading.postal_code, reading.products, reading.company.key, reading.created_at))
        assert (reading.email.is_usable, reading.phone.is_usable) == (True, True)


def test_executives_of_the_real_files_are_those_of_the_truth() -> None:
    if not (WORLD / "truth.csv").exists():
        pytest.skip("needs the shared data file truth.csv")
    with (WORLD / "truth.csv").open(encoding="utf-8", newline="") as file:
        hot = {row["external_id"]: row["hot"] == "1" for row in csv.DictReader(file)}
    for name, encoding, delimiter, _ in FILES:
        rows = list(
            csv.DictReader(io.StringIO((WORLD / name).read_bytes().decode(encoding), newline=""), delimiter=delimiter)
        )
        mapping = propose_mapping(list(rows[0]))
        told = {row[mapping[F.EXTERNAL_ID]]: is_executive(row[mapping[F.JOB_TITLE]]) for row in rows}
        assert {key for key, is_hot in told.items() if is_hot != hot[key]} == set()


@pytest.mark.covers("W-13")
@pytest.mark.parametrize(
    "title",
    ["CEO", "C.E.O. (CEO)", "Chief Operating Officer", "VP Manufacturing", "Vice-President, Sales", "President",
     "Founder & Owner",
     "Managing Director", "Geschäftsführer", "Geschäftsführerin", "Geschäftsführender Gesellschafter", "Vorstand",
     "Inhaberin",
     "Technischer Leiter (CTO)", "Mitglied der Geschäftsleitung", "代表取締役社長", "取締役", "常務取締役",
     "執行役員 製造本部長",
     "社長", "ＣＥＯ", "代表", "C.E.O.", "CCO", "Chief Marketing Officer", "Chief Information Security Officer",
     "Vorstandsvorsitzender", "Eigentümer", "Firmeninhaber", "Teilhaber", "Geschäftsführer:in",
     "最高情報セキュリティ責任者", "最高マーケティング責任者", "副社長", "役員", "共同創業者"],
)  # fmt: skip
def test_executive_titles(title: str) -> None:
    assert is_executive(title)


@pytest.mark.parametrize(
    "title",
    ["Assistant to the CEO", "Executive Assistant", "Secretary of the President",
     "Vertriebsassistent der Geschäftsführung",
     "Vorstandsassistentin", "Vorstandsreferent", "Product Owner", "Chief Engineer", "Sales Manager",
     "Director of Sales", "Coordinator",
     "International Sales", "Intern", "Service Owner", "Data Owner", "プロダクトオーナー", "役員秘書", "役員室",
     "Assistant Vice President", "Assistenz der Geschäftsführung", "Referentin des Vorstands",
     "部長", "課長", "営業", "社長秘書", "社長室", "主任", "一般", "代表電話担当", ""],
)  # fmt: skip
def test_other_titles(title: str) -> None:
    assert not is_executive(title)


@pytest.mark.covers("P-28", "W-12", "W-13")
@pytest.mark.parametrize(
    ("title", "is_hot"),
    [
        ("Einkaufsleiter", True), ("Einkaufsleiter Nord (m/w/d)", True), ("EINKAUFSLEITER", True),
        ("Einkaufsleiterassistenz", False), ("Assistent Einkaufsleiter", False), ("調達部長", True),
        ("東日本調達部長", True), ("調達部長秘書", False), ("Head of R&D (Pumps)", True),
        ("CEO", True), ("Verkauf", False),
    ],
)  # fmt: skip
def test_a_manufacturer_may_add_its_own_titles(title: str, is_hot: bool) -> None:
    rules = title_rules_with(["Einkaufsleiter", "調達部長", "Head of R&D", " "])
    assert is_executive(title, rules) is is_hot


@pytest.mark.covers("T-20")
def test_the_score_is_a_visible_sum() -> None:
    reading = read_lead({**ROW, F.SCORE: ""})
    result = score_lead(reading)
    assert result.total == min(100, sum(line.points for line in result.lines))
    assert {"Business e-mail address", "Executive", "Budget named"} <= {line.label for line in result.lines}
    assert "Budget of 50,000 or more" not in {line.label for line in result.lines}


def test_a_throw_away_address_costs_and_the_sum_stays_in_its_bounds() -> None:
    throw_away = score_lead(read_lead({F.EMAIL: "x@mailinator.com", F.COUNTRY: "US"}))
    assert throw_away.total == 0
    always = ScoreRule(ScoreField.ALWAYS, ScoreOperator.EQUALS, True, 90, "A")
    assert score_lead(read_lead(ROW), (always, always)).total == 100


@pytest.mark.parametrize(
    ("amount", "counts"), [("￥1,800,000", False), ("￥13,500,000", True), ("60.000 €", True), ("", False)]
)
def test_large_amounts_are_told_in_any_currency(amount: str, counts: bool) -> None:
    labels = {line.label for line in score_lead(read_lead({**ROW, F.AMOUNT: amount})).lines}
    assert ("Budget of 50,000 or more" in labels) is counts


FIRST = Request("A-1", "a@b.de", "+4930542597", "mueller", frozenset({"PUMP"}), datetime(2026, 11, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("changes", "is_same"),
    [
        ({}, True),
        ({"external_id": "A-2"}, True),
        ({"email": "other@b.de"}, True),
        ({"external_id": "A-2", "products": frozenset({"PUMP", "VALVE"})}, False),
        ({"external_id": "A-2", "email": "c@b.de"}, True),
        ({"external_id": "A-2", "email": "c@b.de", "company_key": "other"}, False),
        ({"external_id": "A-2", "email": "c@b.de", "phone": ""}, False),
        ({"external_id": "", "email": "", "phone": "", "company_key": ""}, False),
        ({"external_id": "A-2", "received_at": FIRST.received_at + timedelta(days=30)}, True),
        ({"external_id": "A-2", "received_at": FIRST.received_at + timedelta(days=30, seconds=1)}, False),
        ({"external_id": "A-2", "received_at": None}, False),
        ({"received_at": FIRST.received_at + timedelta(days=300)}, True),
    ],
)
def test_same_request_again(changes: dict[str, object], is_same: bool) -> None:
    assert is_same_request(FIRST, replace(FIRST, **changes)) is is_same


def test_two_unknown_requests_are_never_the_same() -> None:
    assert not is_same_request(Request(), Request())

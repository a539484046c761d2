"""Columns find their fields without a hand-written mapping."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.intake.arrival import Arrival, cells_of
from app.domain.intake.fields import SYNONYMS, LeadField
from app.domain.intake.folding import fold
from app.domain.intake.headers import propose_mapping

F = LeadField
ENGLISH = (
    "Record ID,First Name,Last Name,Job Title,Company Name,Email,Phone Number,City,State/Region,Postal Code,"
    "Country/Region,Product Interest,Expected Amount,Lead Score,Partner Consent,Original Source,Message,Create Date"
)
GERMAN = (
    "Lead-ID,Firma,Vorname,Nachname,Position,E-Mail,Telefon,PLZ,Ort,Bundesland,Land,Produktinteresse,"
    "Erwarteter Umsatz,Score,Einwilligung,Quelle,Nachricht,Erstellt am"
)
JAPANESE = (
    "問い合わせ番号,会社名,氏名,役職,メールアドレス,電話番号,郵便番号,都道府県,住所,国,希望製品,予算,スコア,同意,流入元,"
    "お問い合わせ内容,作成日時"
)


@pytest.mark.covers("I-02")
@pytest.mark.parametrize("line", [ENGLISH, GERMAN, JAPANESE])
def test_real_lists_map_whole(line: str) -> None:
    headers = line.split(",")
    mapping = propose_mapping(headers)
    assert sorted(mapping.values()) == sorted(headers)


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("E-Mail-Adresse", F.EMAIL),
        ("e_mail", F.EMAIL),
        ("EMAIL ADDRESS", F.EMAIL),
        ("Contact: Email", F.EMAIL),
        ("Email (work)", F.EMAIL),
        ("Email*", F.EMAIL),
        ("メール", F.EMAIL),
        ("Ｅメール", F.EMAIL),
        ("メールアドレス（必須）", F.EMAIL),
        ("Firmenname", F.COMPANY),
        ("Abteilung", F.DEPARTMENT),
        ("部署", F.DEPARTMENT),
        ("部門", F.DEPARTMENT),
        ("Business Unit", F.DEPARTMENT),
        ("Handelsregisternummer", F.CORPORATE_NUMBER),
        ("USt-IdNr.", F.CORPORATE_NUMBER),
        ("VAT number", F.CORPORATE_NUMBER),
        ("法人番号", F.CORPORATE_NUMBER),
        ("会社", F.COMPANY),
        ("company_name", F.COMPANY),
        ("Straße", F.STREET),
        ("Strasse", F.STREET),
        ("POSTLEITZAHL", F.POSTAL_CODE),
        ("〒", F.POSTAL_CODE),
        ("ＴＥＬ", F.PHONE),
        ("Tel.-Nr.", F.PHONE),
        ("Telefonnumer", F.PHONE),
        ("Erwarteter Umsaz", F.AMOUNT),
        ("Währung", F.CURRENCY),
        ("Waehrung", F.CURRENCY),
        ("Company Country", F.COUNTRY),
        ("部署・役職", F.JOB_TITLE),
        ("Anzahl Mitarbeiter", F.EMPLOYEES),
        ("Datenschutzeinwilligung", F.CONSENT),
        ("DSGVO-Einwilligung", F.CONSENT),
        ("Opt-in", F.CONSENT),
        ("Zustimmung", F.CONSENT),
        ("Kontakterlaubnis", F.CONSENT),
        ("個人情報同意", F.CONSENT),
        ("同意", F.CONSENT),
    ],
)
def test_close_variants_are_known(header: str, field: LeadField) -> None:
    assert propose_mapping(["x", header, "y"]) == {field: header}


@pytest.mark.parametrize(
    "header", ["", "#3", "Foo", "Status", "Lead Owner", "フリガナ", "姓（カナ）", "UTM Term", "Notify"]
)
def test_what_is_not_certain_is_left_to_a_person(header: str) -> None:
    assert propose_mapping([header]) == {}


def test_name_beside_a_first_name_is_the_family_name() -> None:
    assert propose_mapping(["Name", "Vorname"]) == {F.FAMILY_NAME: "Name", F.GIVEN_NAME: "Vorname"}
    assert propose_mapping(["Name", "Firma"]) == {F.FULL_NAME: "Name", F.COMPANY: "Firma"}


def test_of_two_columns_for_one_field_the_surer_name_wins() -> None:
    assert propose_mapping(["Mobile", "Phone"]) == {F.PHONE: "Phone"}
    assert propose_mapping(["姓", "姓（カナ）", "名"]) == {F.FAMILY_NAME: "姓", F.GIVEN_NAME: "名"}


def test_no_name_stands_for_two_fields() -> None:
    owners: dict[str, set[LeadField]] = {}
    for field, lines in SYNONYMS.items():
        for name in "|".join(lines).split("|"):
            owners.setdefault(fold(name) or name, set()).add(field)
    assert {name: fields for name, fields in owners.items() if len(fields) > 1} == {}


def test_picking_takes_the_cells_as_received() -> None:
    mapping = {F.COMPANY.value: "Firma", F.EMAIL.value: "Mail"}
    assert cells_of({"Firma": " A ", "Other": "x"}, Arrival(), mapping) == {F.COMPANY: " A "}


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=20), max_size=8, unique=True))
def test_any_headers_map_to_at_most_one_field_each(headers: list[str]) -> None:
    mapping = propose_mapping(headers)
    assert set(mapping.values()) <= set(headers)
    assert len(set(mapping.values())) == len(mapping)

"""Company names, their keys and legal forms."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.intake.companies import company_key, company_name


@pytest.mark.covers("P-08", "I-05")
@pytest.mark.parametrize(
    ("raw", "key", "form"),
    [
        ("ACME Corp.", "acme", "Corp."), ("Acme Corporation", "acme", "Corp."), ("Acme, Inc.", "acme", "Inc."),
        ("Acme Holdings LLC", "acme holdings", "LLC"), ("Ford Motor Company LLC", "ford motor", "LLC"),
        ("Acme L.L.C.", "acme", "LLC"), ("Foo Co., Ltd.", "foo", "Co. Ltd."), ("Foo Ltd", "foo", "Ltd."),
        ("Foo PLC", "foo", "PLC"), ("The Homs Refinery Company", "homs refinery", "Co."),
        ("I.B.M. Corp", "ibm", "Corp."),
        ("J. P. Morgan", "jp morgan", ""), ("  GS  FAIRMOUNT PROJECT OWNER, LP ", "gs fairmount project owner", "LP"),
        ("Müller & Söhne GmbH", "mueller and soehne", "GmbH"),
        ("Mueller und Soehne G.m.b.H.", "mueller and soehne", "GmbH"),
        ("KAPITALVERWALTUNGSGESELLSCHAFT MBH", "kapitalverwaltungsgesellschaft", "GmbH"),
        ("Foo GmbH & Co. KG", "foo", "GmbH & Co. KG"), ("Foo GmbH&Co.KG", "foo", "GmbH & Co. KG"),
        ("Foo GmbH & Co KG", "foo", "GmbH & Co. KG"), ("Foo AG & Co. KGaA", "foo", "AG & Co. KGaA"),
        ("Foo KGaA", "foo", "KGaA"),
        ("Foo UG (haftungsbeschränkt)", "foo", "UG"), ("Foo e. K.", "foo", "e.K."), ("Foo e.K.", "foo", "e.K."),
        ("Foo e.V.", "foo", "e.V."), ("Foo eG", "foo", "eG"), ("Siemens Aktiengesellschaft", "siemens", "AG"),
        ("Foo GmbH i.L.", "foo", "GmbH"), ("Firma Groß KG", "gross", "KG"), ("Foo GesbR", "foo gesbr", ""),
        ("Bar e.U.", "bar", "e.U."), ("Solar EU", "solar eu", ""), ("Dupont S.à r.l.", "dupont", "SARL"),
        ("SARL Dupont", "dupont", "SARL"), ("Société Générale SA", "societe generale", "SA"),
        ("Bar SAS", "bar", "SAS"), ("SAS Institute Inc.", "sas institute", "Inc."),
        ("SAS Institute", "sas institute", ""),
        ("Fiat S.p.A.", "fiat", "SpA"), ("Foo S.r.l.", "foo", "Srl"), ("Telefónica, S.A.", "telefonica", "SA"),
        ("Foo S.L.U.", "foo", "SL"), ("Philips N.V.", "philips", "NV"), ("Foo B.V.", "foo", "BV"),
        ("Ørsted A/S", "orsted", "A/S"),
        ("㈱アクメ", "アクメ", "株式会社"), ("株式会社アクメ", "アクメ", "株式会社"),
        ("アクメ(株)", "アクメ", "株式会社"),
        ("（株）ｱｸﾒ", "アクメ", "株式会社"), ("アクメ　株式会社", "アクメ", "株式会社"),
        ("有限会社山田商店", "山田商店", "有限会社"),
        ("合同会社Foo", "foo", "合同会社"), ("Acme K.K.", "acme", "株式会社"),
        ("Acme Kabushiki Kaisha", "acme", "株式会社"),
        ("NTT データ株式会社", "nttデータ", "株式会社"), ("キヤノン・電子㈱", "キヤノン電子", "株式会社"),
        ("㈱ＮｅｘＴｏｎｅ", "nextone", "株式会社"), ("GmbH", "gmbh", ""), ("株式会社", "株式会社", ""), ("", "", ""),
        ("...", "", ""),
    ],
)  # fmt: skip
def test_key_and_legal_form(raw: str, key: str, form: str) -> None:
    name = company_name(raw)
    assert (name.raw, name.key, name.legal_form) == (raw, key, form)


@pytest.mark.parametrize(
    ("first", "second"), [("Deutsche Bank", "Deutsche Bahn"), ("東京電力", "東北電力"), ("Acme Labs", "Acme")]
)
def test_different_names_keep_different_keys(first: str, second: str) -> None:
    assert company_key(first) != company_key(second)


def test_kanji_never_turn_into_latin_letters() -> None:
    assert company_key("飛島建設株式会社") == "飛島建設"


def test_blanks_can_be_left_out_of_account() -> None:
    assert company_name("Good Will Co.").compact == company_name("Goodwill Company").compact == "goodwill"


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=40))
def test_any_text_has_a_key_and_its_key_is_stable(text: str) -> None:
    key = company_key(text)
    assert key == company_key(text)
    assert key == key.strip()

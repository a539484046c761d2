"""Countries, subdivisions and postal codes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.intake.german_postcodes import land_of_postal_code
from app.domain.intake.places import (
    blind_postal,
    country_code,
    normalise_postal_code,
    subdivision_code,
    subdivision_of_postal_code,
)


@pytest.mark.covers("T-06")
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Deutschland", "DE"), ("Germany", "DE"), ("ドイツ", "DE"), ("BRD", "DE"), ("de", "DE"), ("DEU", "DE"),
        ("D", "DE"),
        ("日本", "JP"), ("日本国", "JP"), ("Japan", "JP"), ("ｊａｐａｎ", "JP"), ("USA", "US"), ("U.S.A.", "US"),
        ("United States", "US"), ("United States of America", "US"), ("Vereinigte Staaten", "US"),
        ("アメリカ合衆国", "US"),
        ("米国", "US"), ("Österreich", "AT"), ("Oesterreich", "AT"), ("Austria", "AT"), ("Schweiz", "CH"),
        ("Suisse", "CH"),
        ("UK", "GB"), ("England", "GB"), ("France", "FR"), ("Côte d’Ivoire", "CI"), ("Holland", "NL"), ("韓国", "KR"),
        ("Hong Kong", "HK"),
    ],
)  # fmt: skip
def test_countries_in_our_languages(text: str, code: str) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize("text", ["", "  ", "Atlantis", "ZZ", "EU", "Bayern", "?"])
def test_what_is_no_country_is_none(text: str) -> None:
    assert country_code(text) is None


@pytest.mark.parametrize(
    ("text", "country", "code"),
    [
        ("BY", "DE", "DE-BY"), ("Bayern", "DE", "DE-BY"), ("Bavaria", "DE", "DE-BY"), ("DE-BY", "DE", "DE-BY"),
        ("Thüringen", "DE", "DE-TH"), ("Thueringen", "DE", "DE-TH"), ("Thuringen", "DE", "DE-TH"),
        ("NRW", "DE", "DE-NW"),
        ("Baden-Württemberg", "DE", "DE-BW"), ("North Rhine-Westphalia", "DE", "DE-NW"),
        ("Lower Saxony", "DE", "DE-NI"),
        ("東京都", "JP", "JP-13"), ("東京", "JP", "JP-13"), ("Tokyo", "JP", "JP-13"), ("Tōkyō-to", "JP", "JP-13"),
        ("北海道", "JP", "JP-01"), ("京都府", "JP", "JP-26"), ("京都", "JP", "JP-26"),
        ("Osaka Prefecture", "JP", "JP-27"),
        ("NY", "US", "US-NY"), ("New York", "US", "US-NY"), ("US-NY", "US", "US-NY"), ("D.C.", "US", "US-DC"),
        ("Wien", "AT", "AT-9"), ("Vienna", "AT", "AT-9"), ("Zürich", "CH", "CH-ZH"), ("Genf", "CH", "CH-GE"),
        ("Ontario", "CA", "CA-ON"), ("NSW", "AU", "AU-NSW"), ("Île-de-France", "FR", "FR-IDF"),
    ],
)  # fmt: skip
def test_subdivisions_by_name_and_abbreviation(text: str, country: str, code: str) -> None:
    assert subdivision_code(text, country) == code


def test_a_region_of_another_country_is_none() -> None:
    assert subdivision_code("Bayern", "US") is None
    assert subdivision_code("BY", "") is None


@pytest.mark.parametrize(
    ("postal_code", "land"),
    [
        ("01067", "SN"), ("01945", "BB"), ("04109", "SN"), ("04600", "TH"), ("06108", "ST"), ("07545", "TH"),
        ("07919", "SN"),
        ("08523", "SN"), ("10115", "BE"), ("14193", "BE"), ("14467", "BB"), ("15230", "BB"), ("17489", "MV"),
        ("18055", "MV"),
        ("19053", "MV"), ("19322", "BB"), ("20095", "HH"), ("21073", "HH"), ("21335", "NI"), ("21465", "SH"),
        ("22303", "HH"),
        ("22848", "SH"), ("23552", "SH"), ("23966", "MV"), ("24103", "SH"), ("26121", "NI"), ("27498", "SH"),
        ("27568", "HB"),
        ("27749", "NI"), ("28195", "HB"), ("29221", "NI"), ("29410", "ST"), ("30159", "NI"), ("33602", "NW"),
        ("34117", "HE"),
        ("34346", "NI"), ("34414", "NW"), ("36404", "TH"), ("37073", "NI"), ("37308", "TH"), ("37671", "NW"),
        ("38100", "NI"),
        ("39104", "ST"), ("40213", "NW"), ("48455", "NI"), ("48477", "NW"), ("48527", "NI"), ("49074", "NI"),
        ("49477", "NW"),
        ("50667", "NW"), ("53604", "NW"), ("54290", "RP"), ("55116", "RP"), ("55246", "HE"), ("56068", "RP"),
        ("57072", "NW"),
        ("57518", "RP"), ("60311", "HE"), ("63739", "BY"), ("65183", "HE"), ("65582", "RP"), ("66111", "SL"),
        ("66482", "RP"),
        ("67059", "RP"), ("68159", "BW"), ("68519", "HE"), ("69117", "BW"), ("69434", "HE"), ("69469", "BW"),
        ("70173", "BW"),
        ("76131", "BW"), ("76829", "RP"), ("79098", "BW"), ("80331", "BY"), ("87435", "BY"), ("88045", "BW"),
        ("88131", "BY"),
        ("89073", "BW"), ("89231", "BY"), ("90402", "BY"), ("96515", "TH"), ("97070", "BY"), ("97877", "BW"),
        ("97980", "BW"),
        ("98527", "TH"), ("99084", "TH"), ("00000", None), ("87567", None), ("1067", None), ("", None),
        ("0106７", None),
    ],
)  # fmt: skip
def test_german_postal_codes_lie_in_their_land(postal_code: str, land: str | None) -> None:
    assert land_of_postal_code(postal_code) == land


@pytest.mark.parametrize(
    ("postal_code", "country", "code"),
    [
        ("01067", "DE", "DE-SN"), ("10001", "US", "US-NY"), ("06390", "US", "US-NY"), ("06103", "US", "US-CT"),
        ("94105", "US", "US-CA"), ("20001", "US", "US-DC"), ("20190", "US", "US-VA"), ("00901", "US", "US-PR"),
        ("100-0005", "JP", "JP-13"), ("260-0015", "JP", "JP-12"), ("460-0008", "JP", "JP-23"),
        ("420-0851", "JP", "JP-22"),
        ("015-0001", "JP", "JP-05"), ("018-5501", "JP", "JP-02"), ("252-0001", "JP", "JP-14"),
        ("199-0101", "JP", "JP-14"),
        ("520-0001", "JP", "JP-25"), ("618-0001", "JP", "JP-27"), ("817-0001", "JP", "JP-42"),
        ("811-0001", "JP", "JP-40"),
        ("684-0001", "JP", "JP-31"), ("685-0001", "JP", "JP-32"), ("900-0001", "JP", "JP-47"),
        ("060-0001", "JP", "JP-01"),
        ("K1A 0B1", "CA", "CA-ON"), ("2000", "AU", "AU-NSW"), ("28001", "ES", "ES-M"), ("1010", "AT", None),
        ("x", "XX", None),
        ("2540", "AU", None),
    ],
)  # fmt: skip
def test_subdivisions_by_postal_code(postal_code: str, country: str, code: str | None) -> None:
    assert subdivision_of_postal_code(postal_code, country) == code


@pytest.mark.parametrize(
    ("text", "country", "code"),
    [
        ("01067", "DE", "01067"), ("1067", "DE", "01067"), ("D-01067", "DE", "01067"), ("1067.0", "DE", "01067"),
        ("１０６７", "DE", "01067"), ("'01067", "DE", "01067"), ("〒260-0015", "JP", "260-0015"),
        ("2600015", "JP", "260-0015"),
        ("２６０－００１５", "JP", "260-0015"), ("２６０ー００１５", "JP", "260-0015"), ("600001", "JP", "060-0001"),
        ("10001", "US", "10001"), ("10001-1234", "US", "10001"), ("100011234", "US", "10001"), ("2108", "US", "02108"),
        ("sw1a1aa", "GB", "SW1A 1AA"), ("k1a0b1", "CA", "K1A 0B1"), ("1234ab", "NL", "1234 AB"),
        ("CH-8000", "CH", "8000"),
        ("75 008", "FR", "75008"), ("00950", "PL", "00-950"), ("01310-100", "BR", "01310-100"),
    ],
)  # fmt: skip
def test_postal_codes_take_their_countrys_form(text: str, country: str, code: str) -> None:
    assert normalise_postal_code(text, country) == code
    assert normalise_postal_code(code, country) == code


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("", "DE"), ("12", "DE"), ("ABCDE", "US"), ("00000", "DE"), ("1234567", "DE"), ("260-001５6", "JP"),
        ("x", "BR"), ("〒", "JP"),
    ],
)  # fmt: skip
def test_impossible_postal_codes_are_none(text: str, country: str) -> None:
    assert normalise_postal_code(text, country) is None


@pytest.mark.parametrize(
    ("postal_code", "seen"), [("90402", "90xxx"), ("260-0015", "26xxx"), ("SW1A 1AA", "SWxxx"), ("10", ""), ("", "")]
)
def test_before_the_claim_only_two_characters_show(postal_code: str, seen: str) -> None:
    assert blind_postal(postal_code) == seen


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=15), st.sampled_from(["", "DE", "US", "JP", "GB", "XX", "FR", "NL"]))
def test_any_text_is_read_or_none(text: str, country: str) -> None:
    code = normalise_postal_code(text, country)
    assert code is None or isinstance(subdivision_of_postal_code(code, country), str | None)
    assert isinstance(country_code(text), str | None)
    assert isinstance(subdivision_code(text, country), str | None)

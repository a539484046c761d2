"""Domains, consent, times, sources, languages, numbers."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.consent import ConsentScope
from app.domain.intake.consent import Consent, parse_consent
from app.domain.intake.domains import company_domain_of, is_disposable, is_free_mail, registrable_domain
from app.domain.intake.languages import language_code, language_of_country
from app.domain.intake.numbers import corporate_number, read_count, read_score
from app.domain.intake.sources import source_kind
from app.domain.intake.times import parse_time
from app.domain.leads import SourceKind

BERLIN, TOKYO = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Tokyo")


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("a@mail.acme.co.jp", "acme.co.jp"), ("https://www.acme.com:8080/x?y", "acme.com"), ("ACME.COM", "acme.com"),
        ("linda@sub.acme.example", "acme.example"), ("xn--mnchen-3ya.de", "münchen.de"),
        ("www.münchen.de", "münchen.de"),
        ("foo.github.io", "foo.github.io"), ("blogspot.com", "blogspot.com"), ("127.0.0.1", ""), ("localhost", ""),
        ("", ""),
        ("a@[1.2.3.4]", ""), ("not a domain", ""),
    ],
)  # fmt: skip
def test_registrable_domain(text: str, domain: str) -> None:
    assert registrable_domain(text) == domain


@pytest.mark.covers("P-12")
@pytest.mark.parametrize("domain", ["gmail.com", "web.de", "t-online.de", "yahoo.co.jp", "docomo.ne.jp", "hotmail.com"])
def test_free_mail_says_nothing_about_a_company(domain: str) -> None:
    assert is_free_mail(domain)
    assert not is_free_mail(f"acme-{domain}")


def test_disposable_domains_are_known() -> None:
    assert is_disposable("mailinator.com")
    assert not is_disposable("acme.com")


@pytest.mark.covers("P-11", "P-12", "P-13")
@pytest.mark.parametrize(
    ("email_domain", "website_domain", "domain"),
    [
        ("acme.com", "acme.de", "acme.com"), ("gmail.com", "acme.de", "acme.de"), ("", "acme.de", "acme.de"),
        ("mailinator.com", "", ""), ("gmail.com", "facebook.com", ""), ("gmail.com", "gmail.com", ""),
    ],
)  # fmt: skip
def test_a_company_s_domain_is_its_mail_s_else_its_website_s(
    email_domain: str, website_domain: str, domain: str
) -> None:
    assert company_domain_of(email_domain, website_domain) == domain


@pytest.mark.covers("P-02")
@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("DE 123 456 789", "DE123456789"), ("７０１０００１００８８４４", "7010001008844"),
        ("CHE-123.456.789", "CHE123456789"), ("HRB 12345, Amtsgericht Köln", "HRB12345AMTSGERICHTKÖLN"),
        ("HRB 1234567", ""), ("12345", ""), ("unbekannt", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_company_s_number_is_read_where_it_tells_one_from_every_other(text: str, number: str) -> None:
    assert corporate_number(text) == number


@pytest.mark.covers("G-01")
@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("any", ConsentScope.ANY_ELIGIBLE), ("ANY", ConsentScope.ANY_ELIGIBLE), ("Ja", ConsentScope.ANY_ELIGIBLE),
        ("yes", ConsentScope.ANY_ELIGIBLE), ("同意する", ConsentScope.ANY_ELIGIBLE),
        ("同意します。", ConsentScope.ANY_ELIGIBLE),
        ("○", ConsentScope.ANY_ELIGIBLE), ("true", ConsentScope.ANY_ELIGIBLE), ("none", ConsentScope.NONE),
        ("Nein", ConsentScope.NONE), ("同意しない", ConsentScope.NONE), ("×", ConsentScope.NONE),
        ("0", ConsentScope.NONE),
        ("manufacturer_only", ConsentScope.MANUFACTURER_ONLY), ("nur Hersteller", ConsentScope.MANUFACTURER_ONLY),
        ("メーカーのみ", ConsentScope.MANUFACTURER_ONLY),
    ],
)  # fmt: skip
def test_consent_words(text: str, scope: ConsentScope) -> None:
    assert parse_consent(text) == Consent(scope)


@pytest.mark.parametrize("text", ["named:P003|P014", "named: P003, P014", "Named：P003、P014", "named:P003|P014|P003"])
def test_named_partners(text: str) -> None:
    assert parse_consent(text) == Consent(ConsentScope.NAMED_PARTNERS, ("P003", "P014"))


@pytest.mark.parametrize("text", ["", "maybe", "named:", "named:|", "yes but no", "?"])
def test_silence_and_riddles_are_not_consent(text: str) -> None:
    assert parse_consent(text) is None


@pytest.mark.parametrize(
    ("text", "zone", "country", "moment"),
    [
        ("2026-11-21 11:45", BERLIN, "", (2026, 11, 21, 10, 45)),
        ("2026-11-21T11:45:00Z", BERLIN, "", (2026, 11, 21, 11, 45)),
        ("2026-11-21T11:45:00+09:00", BERLIN, "", (2026, 11, 21, 2, 45)),
        ("2026-11-21 11:45 UTC", TOKYO, "", (2026, 11, 21, 11, 45)),
        ("21.11.2026 11:45", BERLIN, "DE", (2026, 11, 21, 10, 45)),
        ("21.11.26", BERLIN, "DE", (2026, 11, 20, 23, 0)),
        ("21.11.2026, 11:45 Uhr", BERLIN, "DE", (2026, 11, 21, 10, 45)),
        ("20. November 2026", BERLIN, "DE", (2026, 11, 19, 23, 0)),
        ("2. März 2026", BERLIN, "DE", (2026, 3, 1, 23, 0)),
        ("11/20/2026", ZoneInfo("America/New_York"), "US", (2026, 11, 20, 5, 0)),
        ("03/04/2026 3:05 PM", ZoneInfo("UTC"), "US", (2026, 3, 4, 15, 5)),
        ("03/04/2026", ZoneInfo("UTC"), "GB", (2026, 4, 3, 0, 0)),
        ("12/31/2026", ZoneInfo("UTC"), "GB", (2026, 12, 31, 0, 0)),
        ("Nov 20, 2026 12:00 am", ZoneInfo("UTC"), "US", (2026, 11, 20, 0, 0)),
        ("2026/11/21", TOKYO, "JP", (2026, 11, 20, 15, 0)),
        ("2026年11月21日", TOKYO, "JP", (2026, 11, 20, 15, 0)),
        ("2026年11月21日 午後3時05分", TOKYO, "JP", (2026, 11, 21, 6, 5)),
        ("２０２６／１１／２１　０９：００", TOKYO, "JP", (2026, 11, 21, 0, 0)),
        ("2026-07-01 12:00", BERLIN, "", (2026, 7, 1, 10, 0)),
    ],
)
def test_moments_become_utc(text: str, zone: ZoneInfo, country: str, moment: tuple[int, ...]) -> None:
    year, month, day, hour, minute = moment
    assert parse_time(text, zone, country=country) == datetime(year, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "1", "soon", "2026-13-01", "31.02.2026", "9999-12-31", "0001-01-01", "2026-11-21 25:00", "20 Foo 2026"]
)
def test_what_is_no_moment_is_none(text: str) -> None:
    assert parse_time(text, BERLIN) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [("Web form", SourceKind.WEB_FORM), ("Messe", SourceKind.TRADE_FAIR), ("展示会", SourceKind.TRADE_FAIR),
     ("メルマガ", SourceKind.NEWSLETTER),
     ("Telefonanruf", SourceKind.PHONE), ("Spring campaign", SourceKind.CAMPAIGN), ("???x", SourceKind.OTHER),
     ("", SourceKind.FILE)],
)  # fmt: skip
def test_source_kinds(text: str, kind: SourceKind) -> None:
    assert source_kind(text, SourceKind.FILE) is kind


def test_languages() -> None:
    assert [language_code(text) for text in ("de", "Deutsch", "German", "日本語", "en-US", "de_AT", "klingonisch")] == [
        "de", "de", "de", "ja", "en", "de", None,
    ]  # fmt: skip
    assert [language_of_country(country) for country in ("AT", "JP", "US", "", "XX")] == ["de", "ja", "en", "", ""]


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("60", 60),
        ("60.0", 60),
        ("60 %", 60),
        ("60/100", 60),
        ("６０点", 60),
        ("150", 100),
        ("-3", 0),
        ("A", None),
        ("", None),
    ],
)
def test_scores(text: str, score: int | None) -> None:
    assert read_score(text) == score


@pytest.mark.parametrize(
    ("text", "count"),
    [("51-200", 51), ("1,000+", 1000), ("1.000", 1000), ("約500名", 500), ("many", None), ("", None), ("9" * 30, None)],
)
def test_counts(text: str, count: int | None) -> None:
    assert read_count(text) == count


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=30))
def test_any_text_is_read_or_none(text: str) -> None:
    moment = parse_time(text, BERLIN)
    assert moment is None or moment.tzinfo is UTC
    score = read_score(text)
    assert score is None or 0 <= score <= 100
    assert isinstance(registrable_domain(text), str)
    assert isinstance(parse_consent(text), Consent | None)
    assert isinstance(read_count(text), int | None)


@settings(max_examples=50, deadline=None)
@given(st.from_regex(r"\A\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}日?( \d{1,2}:\d{2})?\Z"))
def test_anything_like_a_date_is_read_or_none(text: str) -> None:
    assert isinstance(parse_time(text, TOKYO, country="JP"), datetime | None)

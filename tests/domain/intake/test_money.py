"""Amounts as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.intake.money import currency_code, currency_of, parse_money
from app.domain.money import Money


@pytest.mark.parametrize(
    ("text", "country", "cents", "currency"),
    [
        ("$38,000", "US", 38_000_00, "USD"),
        ("$38,000.50", "US", 38_000_50, "USD"),
        ("38.000,00 €", "DE", 38_000_00, "EUR"),
        ("38.000,00\u00a0€", "DE", 38_000_00, "EUR"),
        ("￥1,800,000", "JP", 1_800_000_00, "JPY"),
        ("１，８００円", "JP", 1_800_00, "JPY"),
        ("EUR 12k", "DE", 12_000_00, "EUR"),
        ("50 TEUR", "DE", 50_000_00, "EUR"),
        ("TEUR 50", "DE", 50_000_00, "EUR"),
        ("50 T€", "DE", 50_000_00, "EUR"),
        ("1.5 Mio. €", "DE", 1_500_000_00, "EUR"),
        ("1,5 Mio. €", "DE", 1_500_000_00, "EUR"),
        ("$1.2m", "US", 1_200_000_00, "USD"),
        ("180万円", "JP", 1_800_000_00, "JPY"),
        ("1億5000万円", "JP", 150_000_000_00, "JPY"),
        ("300千円", "JP", 300_000_00, "JPY"),
        ("5百万円", "JP", 5_000_000_00, "JPY"),
        ("約500万円", "JP", 5_000_000_00, "JPY"),
        ("1.234", "DE", 1_234_00, "EUR"),
        ("1.234", "US", 1_23, "USD"),
        ("1,234", "DE", 1_23, "EUR"),
        ("1,234", "US", 1_234_00, "USD"),
        ("12.3450", "DE", 12_34, "EUR"),
        ("38000", "JP", 38_000_00, "JPY"),
        ("38000.5", "DE", 38_000_50, "EUR"),
        ("0,5", "DE", 50, "EUR"),
        ("1'250.50", "CH", 1_250_50, "CHF"),
        ("1 250,50 €", "FR", 1_250_50, "EUR"),
        ("12.000,- €", "DE", 12_000_00, "EUR"),
        ("1.234.567", "US", 1_234_567_00, "USD"),
        ("1,00,000", "IN", 100_000_00, "INR"),
        ("USD 38,000.00", "DE", 38_000_00, "USD"),
        ("$38,000 USD", "US", 38_000_00, "USD"),
        ("$ 500", "CA", 500_00, "CAD"),
        ("¥500", "CN", 500_00, "CNY"),
        ("500 CHF", "", 500_00, "CHF"),
        ("0", "US", 0, "USD"),
    ],
)
def test_amounts_are_read_in_hundredths(text: str, country: str, cents: int, currency: str) -> None:
    assert parse_money(text, country=country) == Money(cents, currency)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "-5",
        "−5",
        "10-20k",
        "10.000 - 20.000 €",
        "12.05.2026",
        "2026-11-21",
        "$",
        "1e9",
        "9" * 15,
        "5 apples",
    ],
)
def test_what_is_no_single_positive_amount_is_not_guessed(text: str) -> None:
    assert parse_money(text, country="DE") is None


def test_without_any_currency_there_is_no_amount() -> None:
    assert parse_money("500") is None
    assert parse_money("500", currency="eur") == Money(500_00, "EUR")


def test_the_named_currency_goes_before_the_hint_and_settles_shared_signs() -> None:
    assert parse_money("€ 500", country="US", currency="USD") == Money(500_00, "EUR")
    assert parse_money("$500", country="US", currency="AUD") == Money(500_00, "AUD")


@pytest.mark.parametrize(
    ("cell", "code"), [("EUR", "EUR"), ("€", "EUR"), ("円", "JPY"), ("Yen", "JPY"), ("", ""), ("foo", "")]
)
def test_a_currency_cell_is_read(cell: str, code: str) -> None:
    assert currency_code(cell) == code


def test_countries_have_their_currency() -> None:
    assert [currency_of(country) for country in ("DE", "US", "JP", "CH", "XX", "")] == [
        "EUR",
        "USD",
        "JPY",
        "CHF",
        "",
        "",
    ]


def test_money_reads_well() -> None:
    assert str(Money(38_000_00, "USD")) == "38,000 USD"
    assert str(Money(-1_50, "EUR")) == "-1.50 EUR"
    assert Money(1_50, "EUR").major == 1.5


@settings(max_examples=50, deadline=None)
@given(
    st.one_of(st.text(max_size=25), st.text("0123456789.,'kmMio€$¥円万億 -", max_size=15)),
    st.sampled_from(["", "DE", "US", "JP"]),
)
def test_any_text_gives_an_amount_or_none(text: str, country: str) -> None:
    amount = parse_money(text, country=country)
    assert amount is None or (0 <= amount.cents <= 10**15 and len(amount.currency) == 3)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**12), st.sampled_from([("DE", ".", ","), ("US", ",", ".")]))
def test_written_amounts_come_back(cents: int, habit: tuple[str, str, str]) -> None:
    country, group, decimal = habit
    whole = f"{cents // 100:,}".replace(",", group)
    assert parse_money(f"{whole}{decimal}{cents % 100:02}", country=country) == Money(cents, currency_of(country))

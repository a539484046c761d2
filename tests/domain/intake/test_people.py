"""Names, e-mail addresses, telephone numbers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.intake.people import PersonName, read_email, read_name, read_phone


@pytest.mark.parametrize(
    ("cell", "country", "given_name", "family", "full"),
    [
        ("山田 太郎", "JP", "太郎", "山田", "山田 太郎"),
        ("山田　太郎様", "JP", "太郎", "山田", "山田 太郎"),
        ("山田太郎", "JP", "", "", "山田太郎"),
        ("Taro Yamada", "JP", "Taro", "Yamada", "Taro Yamada"),
        ("Müller, Max", "DE", "Max", "Müller", "Max Müller"),
        ("Herr Dr. Max Müller", "DE", "Dr. Max", "Müller", "Dr. Max Müller"),
        ("Ludwig van Beethoven", "DE", "Ludwig", "van Beethoven", "Ludwig van Beethoven"),
        ("Frau Müller", "DE", "", "", "Müller"),
        ("Mr. John A. Smith", "US", "John A.", "Smith", "John A. Smith"),
        ("Nagy János", "HU", "János", "Nagy", "Nagy János"),
        ("Mister", "US", "", "", "Mister"),
        ("", "US", "", "", ""),
    ],
)
def test_one_cell_is_parted_by_the_names_own_order(
    cell: str, country: str, given_name: str, family: str, full: str
) -> None:
    assert read_name(full=cell, country=country) == PersonName(given_name, family, full)


def test_parts_are_joined_in_the_names_own_order() -> None:
    assert read_name("Käthe", "Koch").full == "Käthe Koch"
    assert read_name("太郎", "山田").full == "山田 太郎"
    assert read_name("", "Koch", "Käthe Koch") == PersonName("Käthe", "Koch", "Käthe Koch")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Linda@X.Example", "linda@x.example"),
        (" ｉｎｆｏ＠acme.co.jp ", "info@acme.co.jp"),
        ("Max Müller <max@firma.de>", "max@firma.de"),
        ("mailto:a@b.de", "a@b.de"),
        ("a@b.de;", "a@b.de"),
        ("x@münchen.de", "x@münchen.de"),
    ],
)
def test_addresses_are_normalised(text: str, address: str) -> None:
    reading = read_email(text)
    assert (reading.address, reading.problem, reading.is_usable) == (address, None, True)


@pytest.mark.parametrize("text", ["foo", "a@b", "a..b@docomo.ne.jp", "@x.de", "a@b@c.de", "a b@c.de"])
def test_unusable_addresses_stay_as_received_and_say_why(text: str) -> None:
    reading = read_email(text)
    assert (reading.address, reading.is_usable) == (text, False)
    assert text in str(reading.problem)


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("(212) 555-0107", "US", "+12125550107"),
        ("212-555-0107 ext. 5", "US", "+12125550107"),
        ("+49 (0)30 542597", "DE", "+4930542597"),
        ("0761/12345", "DE", "+4976112345"),
        ("0049 30 123456", "JP", "+4930123456"),
        ("03-8496-4082", "JP", "+81384964082"),
        ("０３－１２３４－５６７８", "JP", "+81312345678"),
        ("030 1234567; 0171 1234567", "DE", "+49301234567"),
        ("+81 3-1234-5678", "", "+81312345678"),
    ],
)
def test_numbers_become_e164(text: str, country: str, number: str) -> None:
    reading = read_phone(text, country)
    assert (reading.number, reading.problem) == (number, None)


@pytest.mark.parametrize(("text", "country"), [("n/a", "DE"), ("12", "DE"), ("030 542597", ""), ("9" * 40, "US")])
def test_unusable_numbers_stay_as_received_and_say_why(text: str, country: str) -> None:
    reading = read_phone(text, country)
    assert (reading.number, reading.is_usable) == (text, False)
    assert reading.problem is not None


def test_nothing_given_is_no_problem() -> None:
    assert read_email(" ").problem is None
    assert read_phone("").problem is None


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=40), st.sampled_from(["", "DE", "US", "JP", "XX"]))
def test_any_text_is_read(text: str, country: str) -> None:
    email, phone, name = read_email(text), read_phone(text, country), read_name(full=text, country=country)
    assert not email.is_usable or "@" in email.address
    assert not phone.is_usable or phone.number.startswith("+")
    assert isinstance(name.full, str)

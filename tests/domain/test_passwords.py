"""Which passwords are accepted."""

from __future__ import annotations

import pytest

from app.domain.passwords import password_problem


@pytest.mark.parametrize(
    "password",
    [
        "four words in a row",
        "Tr4il-mix?Tr4il",
        "漢字仮名交じりの長い合言葉です",
        "my passwords are better",
        "nora likes herring",
    ],
)
def test_accepted(password: str) -> None:
    assert password_problem(password, email="nora@nordwind.example", name="Nora Nilsson") is None


@pytest.mark.parametrize(
    "password",
    [
        "",
        "elevenchars",
        "x" * 257,
        "aaaaaaaaaaaaaaaa",
        "abababababababab",
        "password1234",
        "Passwort2026!!",
        "QWERTYUIOP12",
        "passwordpassword",
        "correcthorsebatterystaple",
        "nora@nordwind.example",
        "NoraNilsson1234",
        "nora nilsson",
        "Nora.Nilsson.1990",
        "nora1234nora",
        "!nordwind2026!",
    ],
)
def test_refused(password: str) -> None:
    assert password_problem(password, email="nora@nordwind.example", name="Nora Nilsson") is not None

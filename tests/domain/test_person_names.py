"""How a person's name is written."""

from __future__ import annotations

import pytest

from app.domain.person_names import full_name


@pytest.mark.parametrize(
    ("given", "family", "whole"),
    [
        ("Katrin", "Vogel", "Katrin Vogel"),
        ("桃子", "中村", "中村 桃子"),
        ("ハンナ", "Weber", "Weber ハンナ"),
        ("", "Vogel", "Vogel"),
        ("桃子", "", "桃子"),
        ("", "", ""),
    ],
)
def test_the_whole_name_stands_in_the_order_of_its_culture(given: str, family: str, whole: str) -> None:
    assert full_name(given, family) == whole

"""The terms by which a name is found among a million."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.intake.companies import company_name
from app.domain.matching.grams import (
    KEPT_GRAMS,
    asked_sounds,
    asked_terms,
    rarest_grams,
    search_keys,
    stored_terms,
)


def shared(known: str, asked: str, *, is_japanese: bool = False) -> set[str]:
    kept = stored_terms(company_name(known), is_japanese=is_japanese)
    read = company_name(asked)
    return set(kept) & {*asked_terms(read), *asked_sounds(read)}


class TestRarestGrams:
    def test_what_stands_in_many_names_comes_last(self) -> None:
        grams = rarest_grams("winkelmannmanagement")
        assert {"wink", "inke", "nkel", "elma"} <= set(grams[:8])
        assert {"mana", "nage", "emen", "ment"} <= set(grams[-8:])

    def test_japanese_signs_in_pairs_the_ordinary_words_last(self) -> None:
        assert rarest_grams("熊谷工業")[0] == "熊谷"
        assert rarest_grams("熊谷工業")[-1] == "工業"

    def test_a_name_of_one_sign_is_a_gram(self) -> None:
        assert list(rarest_grams("x")) == ["^x$"]


class TestTerms:
    @pytest.mark.parametrize(
        ("known", "asked"),
        [
            ("Winkelmann Pumpen GmbH", "Winkel mannpumpen"),
            ("Winkelmann Pumpen GmbH", "Winkelmnan Pumpen"),
            ("Abex", "Aebx"),
            ("PBF Management", "Pfb Managemetn"),
            ("東海", "東海旅客鉄道"),
        ],
    )
    def test_a_slip_leaves_something_in_common(self, known: str, asked: str) -> None:
        assert shared(known, asked)

    def test_letters_swapped_leave_all_letters_as_they_were(self) -> None:
        assert asked_terms(company_name("Aebx"))[0] == asked_terms(company_name("Abex"))[0]

    def test_strangers_have_nothing_in_common(self) -> None:
        assert not shared("Winkelmann Pumpen GmbH", "Brotfabrik Oderland")

    def test_blanks_count_for_nothing(self) -> None:
        assert asked_terms(company_name("Winkelmann Pumpen")) == asked_terms(company_name("Wink elmannpumpen"))

    def test_words_are_kept_each_once(self) -> None:
        terms = stored_terms(company_name("Solar and Solar"), is_japanese=False)
        assert terms.count(" solar") == 1
        assert " and" in terms

    def test_only_japanese_companies_are_kept_by_their_sound(self) -> None:
        assert shared("Kumagai Gumi", "クマガイグミ", is_japanese=True)
        assert not shared("Kumagai Gumi", "クマガイグミ")
        assert shared("クマガイグミ", "Kumagai Gumi")

    def test_a_name_without_sound_is_asked_by_its_signs_alone(self) -> None:
        assert asked_sounds(company_name("日本電気")) == []

    @given(st.text(max_size=60))
    def test_any_name_has_few_terms(self, name: str) -> None:
        terms = stored_terms(company_name(name), is_japanese=True)
        assert len(terms) == len(set(terms)) <= 1 + KEPT_GRAMS + 8 + 12 + 12 + 10


class TestSearchKeys:
    def test_manufacturers_never_share_a_list(self) -> None:
        assert not set(search_keys(1, ["wink", "kelm"])) & set(search_keys(2, ["wink", "kelm"]))

    def test_they_are_the_same_in_every_process(self) -> None:
        """The keys are stored: another release must not make others."""
        assert search_keys(1, ["wink", "熊谷"]) == [1251209304, -1303756736]

    @given(st.integers(1, 2**40), st.text(max_size=20))
    def test_they_fit_the_column(self, manufacturer_id: int, term: str) -> None:
        assert -(2**31) <= search_keys(manufacturer_id, [term])[0] < 2**31

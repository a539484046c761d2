"""Kana in Latin letters, and what two spellings of one company's name have in common."""

from __future__ import annotations

import pytest

from app.domain.matching.kana import Sound, consonants, romaji, short_vowels, sound


@pytest.mark.parametrize(
    ("kana", "latin"),
    [
        ("サカタノタネ", "sakatanotane"),
        ("さかた", "sakata"),
        ("シチツフジヂヅ", "shichitsufujijizu"),
        ("トウキョウ", "tokyo"),
        ("オオバヤシグミ", "obayashigumi"),
        ("チュウオウ", "chuo"),
        ("ジャパン", "japan"),
        ("ニッポン", "nipon"),
        ("コーヒー", "kohi"),
        ("ファイナンス", "fainansu"),
        ("ウィズ", "wizu"),
        ("ヴァイオリン", "vaiorin"),
        ("シェル", "sheru"),
        ("ティー", "ti"),
        ("ナンバ", "nanba"),
        ("ABCマート", "ABCmato"),
        ("ァ", "ァ"),
        ("", ""),
    ],
)
def test_romaji(kana: str, latin: str) -> None:
    assert romaji(kana) == latin


@pytest.mark.parametrize("spelling", ["kobo", "koubou", "koobo", "kohboh"])
def test_long_vowels_are_short_however_they_are_written(spelling: str) -> None:
    assert short_vowels(spelling) == "kobo"


@pytest.mark.parametrize(
    ("kana", "english"),
    [
        ("テクノロジー", "technology"),
        ("ホールディングス", "holdings"),
        ("エレクトロニクス", "electronics"),
        ("インターナショナル", "international"),
        ("ソリューションズ", "solutions"),
        ("システム", "system"),
        ("マテリアル", "material"),
        ("ケミカル", "chemical"),
        ("フォト", "photo"),
        ("セントラル", "central"),
        ("バリュー", "value"),
    ],
)
def test_a_loan_word_keeps_its_consonants(kana: str, english: str) -> None:
    assert consonants(romaji(kana)) == consonants(english)


class TestSound:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("ミツビシマテリアルカブシキガイシャ", "MITSUBISHI MATERIALS CORPORATION"),
            ("カブシキガイシャ クマガイグミ", "Kumagaigumi Co.,Ltd."),
            ("チュウガイコウギョウカブシキガイシャ", "Chugai Mining Co.,Ltd."),
            ("ﾄﾖﾀｼﾞﾄﾞｳｼｬ", "Toyota Motor"),
            ("テイエイチケイ", "ＴＨＫ CO., LTD."),
        ],
    )
    def test_two_spellings_of_one_company_sound_alike(self, one: str, other: str) -> None:
        heard, read = sound(one), sound(other)
        assert heard is not None
        assert read is not None
        assert heard.consonants == read.consonants

    def test_ordinary_words_are_told_from_what_sets_a_company_apart(self) -> None:
        assert sound("カジマケンセツカブシキガイシャ") == Sound("kajima", "ksn", frozenset({"construction"}))

    def test_of_ordinary_words_alone_they_are_the_sound(self) -> None:
        assert sound("ニッポンデンキ") == sound("Nippon Electric Co., Ltd.")

    def test_a_reading_may_mean_several_words(self) -> None:
        chugai = sound("チュウガイコウギョウ")
        assert chugai is not None
        assert chugai.words == {"industry", "mining"}

    @pytest.mark.parametrize("name", ["日本電気株式会社", "株式会社", "", "123"])
    def test_what_cannot_be_read_aloud_has_no_sound(self, name: str) -> None:
        assert sound(name) is None

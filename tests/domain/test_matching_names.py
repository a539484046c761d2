"""How surely two names are one company's, and why."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.matching.genericness import is_generic
from app.domain.matching.names import match_name
from app.domain.matching.numerals import with_digits
from app.domain.matching.scoring import NameScore, score_names
from app.domain.matching.weights import WordWeights

REGISTER_ALONE = WordWeights()


def scored(asked: str, known: str) -> NameScore:
    return score_names(match_name(asked), match_name(known), REGISTER_ALONE)


@pytest.mark.covers("P-08", "P-10", "I-05")
@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ("Microsoft Inc", "Microsoft"), ("Acme Inc.", "ACME Corporation"), ("㈱アクメ", "株式会社アクメ"),
        ("アクメ（株）", "株式会社アクメ"), ("ｱｸﾒ株式会社", "アクメ"), ("Müller GmbH", "Mueller GmbH"),
        ("J. P. Morgan", "JP Morgan"), ("J.P. Morgan & Co.", "JP Morgan"), ("S.C. Johnson & Son", "SC Johnson and Son"),
        ("Fund II LLC", "Fund 2, LLC"), ("First International Bank", "1st Intl. Bank"),
        ("Brigade Forty-Four", "Brigade 44"),
        ("Nodric Pump GmbH", "Nordic Pump GmbH"), ("Mülelr Pumpen GmbH", "Müller Pumpen GmbH"),
        ("Nordic PumpG mbH", "Nordic Pump GmbH"), ("Nordic Pump GmHb & Co. KG", "Nordic Pump GmbH & Co. KG"),
        ("Goodwill Pumps", "Good Will Pumps"), ("Van der Bilt Corp", "Vanderbilt Corp"), ("SiemensAG", "Siemens AG"),
        ("Siemens Aktiengeselschaft", "Siemens AG"), ("OAO Gazprom", "Gazprom JSC"), ("Wallmart Inc.", "Walmart Inc."),
        ("International Labour Organisation", "International Labor Organization"),
        ("Agellan REIT US LP", "Agellan REIT U.S. L.P."),
        ("Nordic Pumps & Valves", "Nordic Pumps and Valves"), ("キャノン㈱", "キヤノン株式会社"),
        ("三菱ＨＤ", "三菱ホールディングス株式会社"),
        ("東京鉄鋼株式会社", "東京鐵鋼株式会社"), ("カブシキガイシャ　サカタノタネ", "サカタノタネ"),
        ("Acme Deutschland GmbH", "Acme Germany"),
    ],
)  # fmt: skip
def test_the_same_company_otherwise_written_acts_alone(asked: str, known: str) -> None:
    assert scored(asked, known).score > 80
    assert scored(asked, known).reasons


@pytest.mark.covers("P-10", "P-17")
@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ("X Invest 13 GmbH", "X Invest 92 GmbH"), ("Solar Park II", "Solar Park III"), ("Solar Park", "Solar Park 2"),
        ("Zweite Windpark GmbH", "Dritte Windpark GmbH"), ("Nordic Fund A", "Nordic Fund B"),
        ("Trust 2004-1", "Trust 2005-1"),
        ("Nordic Fund IIIA", "Nordic Fund IIIB"), ("LifeX Fund 1951F", "LifeX Fund 1961F"),
        ("Acme Labs", "Acme Corp"), ("Universal-Investment-Labs GmbH", "Universal-Investment GmbH"),
        ("Acme France SAS", "Acme Germany GmbH"), ("Acme France", "Acme"),
        ("Bank of China (Hong Kong)", "Bank of China (London)"),
        ("Deutsche Bank", "Deutsche Bahn"), ("Cardinal Wealth", "Cardinal Health"),
        ("Saudi Gas Company", "Saudi Oil Company"),
        ("AP Investment Group", "NT Investment Group"), ("東京電力", "東北電力"),
        ("トヨタ販売株式会社", "トヨタ株式会社"),
        ("ＣＧＳホールディングス", "ＣＳＳホールディングス"), ("API Group DE", "API Group"), ("Acme", ""),
        ("...", "Acme"),
    ],
)  # fmt: skip
def test_another_company_is_not_even_near(asked: str, known: str) -> None:
    assert scored(asked, known).score < 70
    assert scored(known, asked).score < 70


@pytest.mark.covers("P-10")
@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ("Toyota", "トヨタ株式会社"),
        ("Pogo Energy LLC", "Logo Energy LLC"),
        ("First Security Bank", "Security First Bank"),
    ],
)
def test_what_may_be_either_needs_a_person(asked: str, known: str) -> None:
    assert 70 <= scored(asked, known).score <= 80


@pytest.mark.covers("P-10")
@pytest.mark.parametrize(
    ("asked", "known", "reason"),
    [
        ("Acme Inc", "Acme Corp", "Same name but for the legal form: Inc. and Corp."),
        ("Nodric Pump", "Nordic Pump", "Two letters swapped: “nodric” and “nordic”"),
        ("X Invest 13 GmbH", "X Invest 92 GmbH", "The number differs: 13 and 92"),
        ("Acme France", "Acme Germany", "The place differs: france and germany"),
        ("Acme Labs", "Acme", "Only one of the names says “labs”"),
        ("IBM", "International Business Machines",
         "One may be the initials of the other: “ibm” and “international business machines”"),
        ("Acme Inc.", "acme, inc", "Same name"),
    ],
)  # fmt: skip
def test_the_score_comes_with_its_reason(asked: str, known: str, reason: str) -> None:
    assert reason in map(str, scored(asked, known).reasons)


@pytest.mark.covers("P-10")
def test_an_exact_name_beats_one_with_another_legal_form() -> None:
    exact, other = scored("Nordic GmbH", "NORDIC GmbH"), scored("Nordic GmbH", "Nordic GmbH & Co. KG")
    assert (exact.score, exact.score > other.score > 80) == (100, True)


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("fund iv", "fund 4"), ("zweite dritte", "2 3"), ("twenty one north", "21 north"), ("xxxviii", "38"),
        ("v holding x", "v holding 10"), ("1st 22nd", "1 22"), ("vierundzwanzig", "vierundzwanzig"), ("007", "7"),
    ],
)  # fmt: skip
def test_numbers_are_read_however_they_are_written(words: str, read: str) -> None:
    assert " ".join(with_digits(words.split())) == read


@pytest.mark.covers("P-10")
def test_rare_words_weigh_more_and_the_manufacturers_names_are_counted_too() -> None:
    own = WordWeights(total=5_000, counts={"nordwind": 2_500})
    assert REGISTER_ALONE.weight("nordwind") > REGISTER_ALONE.weight("consulting") > REGISTER_ALONE.weight("fund")
    assert own.weight("nordwind") < 2 < own.weight("suedwind")


@pytest.mark.covers("P-10")
@pytest.mark.parametrize(
    ("name", "generic"),
    [
        ("Consulting Group LLC", True), ("Growth Fund", True), ("AB", True), ("㈱日", True), ("Industrial 1", True),
        ("Nordwind Consulting", False), ("Siemens", False), ("Global Real Estate Growth Fund", False), ("日立", False),
    ],
)  # fmt: skip
def test_names_that_many_have_are_generic(name: str, generic: bool) -> None:
    assert is_generic(match_name(name), REGISTER_ALONE) is generic


_NAMES = st.one_of(
    st.text(max_size=40),
    st.lists(
        st.sampled_from("Nordic Nodric Pump Pumps GmbH Inc 13 II Fund A of and Germany アクメ 株式会社 Müller".split()),
        max_size=6,
    ).map(" ".join),
)


@pytest.mark.covers("P-10")
@settings(max_examples=300, deadline=None)
@given(_NAMES, _NAMES)
def test_any_two_names_have_a_score_and_reasons_that_read(asked: str, known: str) -> None:
    score = scored(asked, known)
    assert 0 <= score.score <= 100
    assert all(str(reason) for reason in score.reasons)
    assert (score.score > 80) == (scored(known, asked).score > 80)


@pytest.mark.covers("P-10")
@given(_NAMES)
def test_a_name_is_the_same_as_itself(name: str) -> None:
    assert scored(name, name).score == (100 if match_name(name).compact else 0)

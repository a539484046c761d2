"""The candidates of a lead's company: whatever a person may have done to its name, and nobody else's accounts."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.domain.accounts import AccountNameKind
from app.domain.matching.signals import LeadCompany
from app.models import Account, AccountDomain, AccountIpRange
from app.queries.matching import candidate_names, match_evidence
from app.queries.word_counts import word_counts, word_weights
from app.services.account_names import write_names
from tests.cast import Cast

OTHERS = (
    "Winkelmann Metallbau",
    "Oldenburger Pumpen AG",
    "Bergmann Pumpen",
    "日本電気株式会社",
    "Nordsee Fisch GmbH",
)


def account(
    session: Session,
    manufacturer_id: int,
    name: str,
    *,
    country: str | None = None,
    kana: str = "",
    english: str = "",
    **values: object,
) -> Account:
    row = Account(manufacturer_id=manufacturer_id, code=name, name=name, country=country, **values)
    names = [(AccountNameKind.NAME, name), (AccountNameKind.KANA, kana), (AccountNameKind.ENGLISH, english)]
    write_names(row, [one for one in names if one[1]])
    session.add(row)
    session.flush()
    return row


@pytest.fixture
def acme_id(session: Session, cast: Cast) -> int:
    for name in OTHERS:
        account(session, cast.acme.id, name)
    return cast.acme.id


def found(session: Session, manufacturer_id: int, company: str) -> list[str]:
    return [one.name for one in candidate_names(session, manufacturer_id=manufacturer_id, company=company)]


@pytest.mark.covers("P-08", "P-10")
class TestCandidateNames:
    @pytest.mark.parametrize(
        ("known", "asked"),
        [
            ("Winkelmann Pumpen GmbH", "winkelmann pumpen"),
            ("Winkelmann Pumpen GmbH", "WINKELMANN PUMPEN AG"),
            ("Winkelmann Pumpen GmbH", "Winkelmannpumpen"),
            ("Winkelmann Pumpen GmbH", "Win kelmann Pum pen"),
            ("Winkelmann Pumpen GmbH", "Wnikelmann Pmupen"),
            ("Winkelmann Pumpen GmbH", "Winkelman Pumpen"),
            ("Winkelmann Pumpen GmbH", "Winkelmann Pumpen und Anlagen"),
            ("Müller & Söhne", "Mueller und Soehne"),
            ("Abex", "Aebx"),
            ("株式会社東海", "東海"),
            ("東海", "(株)東海"),
            ("東海旅客鉄道株式会社", "東海旅客鉄道"),
            ("東海旅客鉄道株式会社", "東海旅客"),
            ("株式会社アクメ", "㈱ｱｸﾒ"),
        ],
    )
    def test_a_name_is_found_first_however_it_is_written(
        self, session: Session, acme_id: int, known: str, asked: str
    ) -> None:
        account(session, acme_id, known)
        assert found(session, acme_id, asked)[:1] == [known]

    def test_equal_names_come_before_similar_ones(self, session: Session, acme_id: int) -> None:
        account(session, acme_id, "Winkelmann Pumpe")
        account(session, acme_id, "Winkelmann Pumpen AG")
        assert found(session, acme_id, "Winkelmann Pumpen")[:2] == ["Winkelmann Pumpen AG", "Winkelmann Pumpe"]

    def test_a_company_unlike_all_others_has_no_candidates(self, session: Session, acme_id: int) -> None:
        assert found(session, acme_id, "Zyxquo") == []

    @pytest.mark.parametrize("company", ["", " ", "?!", "GmbH"])
    def test_a_name_that_says_nothing_finds_nothing(self, session: Session, acme_id: int, company: str) -> None:
        assert found(session, acme_id, company) == []

    def test_no_more_than_asked_for(self, session: Session, acme_id: int) -> None:
        for number in range(30):
            account(session, acme_id, f"Solar Invest {number}")
        names = candidate_names(session, manufacturer_id=acme_id, company="Solar Invest 7", limit=10)
        assert len(names) == 10
        assert names[0].name == "Solar Invest 7"

    def test_the_country_and_kind_come_along(self, session: Session, acme_id: int) -> None:
        account(session, acme_id, "東邦", country="JP", kana="トウホウ")
        (kana,) = [one for one in candidate_names(session, manufacturer_id=acme_id, company="トウホウ") if one.country]
        assert (kana.name, kana.kind, kana.country) == ("トウホウ", AccountNameKind.KANA, "JP")

    def test_another_manufacturers_accounts_stay_unseen(self, session: Session, cast: Cast, acme_id: int) -> None:
        account(session, cast.globex.id, "Winkelmann Pumpen GmbH")
        assert "Winkelmann Pumpen GmbH" not in found(session, acme_id, "Winkelmann Pumpen GmbH")
        assert found(session, cast.globex.id, "Wnikelmann Pumpen") == ["Winkelmann Pumpen GmbH"]


@pytest.mark.covers("P-10")
class TestAcrossScripts:
    PAIRS = (
        ("三菱マテリアル株式会社", "ミツビシマテリアルカブシキガイシャ", "MITSUBISHI MATERIALS CORPORATION"),
        ("東洋電機製造株式会社", "トウヨウデンキセイゾウカブシキガイシャ", "TOYO DENKI SEIZO K.K."),
        ("株式会社熊谷組", "カブシキガイシャ クマガイグミ", "Kumagai Gumi Co., Ltd."),
        ("エレコム株式会社", "エレコムカブシキガイシャ", "ELECOM CO., LTD."),
    )

    @pytest.mark.parametrize(("kanji", "kana", "english"), PAIRS)
    def test_the_english_name_finds_the_kana_name(
        self, session: Session, acme_id: int, kanji: str, kana: str, english: str
    ) -> None:
        account(session, acme_id, kanji, country="JP", kana=kana)
        assert kana in found(session, acme_id, english)[:2]

    @pytest.mark.parametrize(("kanji", "kana", "english"), PAIRS)
    def test_the_kana_name_finds_the_english_name(
        self, session: Session, acme_id: int, kanji: str, kana: str, english: str
    ) -> None:
        account(session, acme_id, english, country="JP")
        account(session, acme_id, kanji, english=english)
        assert found(session, acme_id, kana).count(english) == 2


@pytest.mark.covers("P-02", "P-11", "P-14")
class TestSureSignals:
    def test_by_domain_number_and_address(self, session: Session, cast: Cast, acme_id: int) -> None:
        row = account(session, acme_id, "Winkelmann", corporate_number="6010001023786")
        row.domains = [AccountDomain(manufacturer_id=acme_id, domain="winkelmann.example")]
        row.ip_ranges = [AccountIpRange(manufacturer_id=acme_id, network="192.0.2.0/28")]
        session.flush()
        for manufacturer_id, expected in ((acme_id, [row.id]), (cast.globex.id, [])):
            asked = LeadCompany("", "winkelmann.example", "x.example", corporate_number="6010001023786")
            evidence = match_evidence(session, manufacturer_id=manufacturer_id, lead=asked, address="192.0.2.14")
            assert list(evidence.domain_accounts) == expected
            assert list(evidence.number_accounts) == expected
            assert list(evidence.ip_accounts) == expected
        nothing = match_evidence(session, manufacturer_id=acme_id, lead=LeadCompany(""), address="192.0.2.16")
        assert nothing.ip_accounts == ()
        assert nothing.domain_accounts == ()

    def test_an_ended_account_is_no_ones(self, session: Session, acme_id: int) -> None:
        row = account(session, acme_id, "Winkelmann", corporate_number="6010001023786")
        row.ended_at = row.created_at
        session.flush()
        asked = LeadCompany("", corporate_number="6010001023786")
        assert match_evidence(session, manufacturer_id=acme_id, lead=asked).number_accounts == ()

    def test_the_evidence_holds_the_names_of_a_domains_accounts(self, session: Session, acme_id: int) -> None:
        row = account(session, acme_id, "Hydraulik Nord", country="DE")
        row.domains = [AccountDomain(manufacturer_id=acme_id, domain="hn.example")]
        similar = account(session, acme_id, "Winkelmann Pumpen GmbH")
        session.flush()
        lead = LeadCompany("Winkelmann Pumpen", email_domain="hn.example")
        evidence = match_evidence(session, acme_id, lead, "192.0.2.14")
        assert (evidence.domain_accounts, evidence.number_accounts, evidence.ip_accounts) == ((row.id,), (), ())
        assert [one.account_id for one in evidence.names][:2] == [row.id, similar.id]
        assert evidence.weights.total == len(OTHERS) + 2
        assert evidence.weights.counts == {"winkelmann": 2, "pumpen": 3}


class TestWordCounts:
    def test_how_many_names_hold_a_word(self, session: Session, cast: Cast, acme_id: int) -> None:
        counts = word_counts(session, manufacturer_id=acme_id, words=["pumpen", "winkelmann", "unheard"])
        assert counts == (len(OTHERS), {"pumpen": 2, "unheard": 0, "winkelmann": 1})
        assert word_counts(session, manufacturer_id=cast.globex.id, words=["pumpen"]) == (0, {"pumpen": 0})

    def test_no_words(self, session: Session, acme_id: int) -> None:
        assert word_weights(session, manufacturer_id=acme_id, names=["", "  "]).counts == {}

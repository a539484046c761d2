"""Which account a lead's company is: the order of the signals, ties, margins, generic names."""

from __future__ import annotations

import pytest

from app.domain.accounts import AccountNameKind
from app.domain.matching.decision import (
    Evidence,
    KnownName,
    LeadCompany,
    MatchDecision,
    MatchKind,
    Signal,
    SignalKind,
    Thresholds,
    decide_match,
)

NORDIC, ACME, BOREAS = 1, 2, 3
NAMES = (
    KnownName(NORDIC, "Nordic Pump Works GmbH", country="DE"),
    KnownName(ACME, "Acme Tannery Inc.", country="US"),
    KnownName(BOREAS, "Boreas Ventilation AG", country="DE"),
)
USUAL = Thresholds()


def decided(
    company: str,
    *further: KnownName,
    country: str = "DE",
    domains: tuple[int, ...] = (),
    numbers: tuple[int, ...] = (),
    networks: tuple[int, ...] = (),
    thresholds: Thresholds = USUAL,
) -> MatchDecision:
    lead = LeadCompany(company, email_domain="nordic.example" if domains else "", country=country)
    evidence = Evidence(domains, numbers, networks, names=(*NAMES, *further))
    return decide_match(lead, evidence, thresholds)


def kinds(decision: MatchDecision, account: int) -> set[SignalKind]:
    return {signal.kind for signal in decision.signals if signal.account_id == account}


@pytest.mark.covers("P-11")
def test_the_domain_decides_whatever_the_name_says() -> None:
    decision = decided("Some Other Writing", domains=(NORDIC,))
    assert (decision.kind, decision.account_id) == (MatchKind.MATCHED, NORDIC)
    assert str(decision.reasons[0]) == "The account's domain is nordic.example"


@pytest.mark.covers("P-12")
def test_a_lead_with_free_mail_has_no_domain_to_match_by() -> None:
    decision = decided("Company Nobody Knows", domains=())
    assert (decision.kind, decision.account_id, decision.candidates) == (MatchKind.NONE, None, ())


@pytest.mark.covers("P-08", "P-10")
@pytest.mark.parametrize(
    ("company", "account"),
    [("nordic pump works", NORDIC), ("Nodric Pump Works GmbH", NORDIC), ("ACME TANNERY CORP", ACME)],
)
def test_an_equal_or_misspelled_name_decides(company: str, account: int) -> None:
    decision = decided(company, country="")
    assert (decision.kind, decision.account_id) == (MatchKind.MATCHED, account)
    assert decision.score > 80


@pytest.mark.covers("P-09")
def test_an_alias_decides_where_no_letter_is_alike() -> None:
    ibm = KnownName(9, "International Business Machines Corporation", country="US")
    alias = KnownName(9, "IBM", AccountNameKind.ALIAS, country="US")
    decision = decided("I.B.M. Corp", ibm, alias)
    assert (decision.kind, decision.account_id, kinds(decision, 9)) == (MatchKind.MATCHED, 9, {SignalKind.ALIAS})
    assert "“IBM” is another name of the account" in map(str, decision.reasons)
    assert decided("I.B.M. Corp", ibm).kind is MatchKind.NONE


@pytest.mark.covers("P-13")
def test_a_shared_domain_lets_the_name_choose_and_else_a_person() -> None:
    chosen = decided("Boreas Ventilation", domains=(NORDIC, BOREAS))
    assert (chosen.kind, chosen.account_id) == (MatchKind.MATCHED, BOREAS)
    open_question = decided("Somebody Else", domains=(NORDIC, BOREAS))
    assert (open_question.kind, set(open_question.candidates)) == (MatchKind.POSSIBLE, {NORDIC, BOREAS})
    assert kinds(open_question, NORDIC) >= {SignalKind.SHARED_DOMAIN}
    third = decided("Acme Tannery", domains=(NORDIC, BOREAS))
    assert (third.kind, ACME in third.candidates) == (MatchKind.POSSIBLE, True)


@pytest.mark.covers("P-11", "P-17")
def test_a_domain_and_a_name_that_contradict_go_to_a_person() -> None:
    decision = decided("Acme Tannery Inc", domains=(NORDIC,))
    assert (decision.kind, decision.candidates) == (MatchKind.POSSIBLE, (NORDIC, ACME))
    assert str(decision.reasons[0]) == "The signals name different accounts"
    agreed = decided("Acme Tannery Inc", KnownName(NORDIC, "Acme Tannery"), domains=(NORDIC,))
    assert (agreed.kind, agreed.account_id) == (MatchKind.MATCHED, NORDIC)


@pytest.mark.covers("P-11")
def test_the_registered_number_decides_and_contradicts() -> None:
    assert decided("Unheard Of", numbers=(ACME,)).account_id == ACME
    assert decided("Unheard Of", numbers=(ACME, BOREAS)).candidates == (ACME, BOREAS)
    assert decided("Unheard Of", domains=(NORDIC,), numbers=(ACME,)).candidates == (NORDIC, ACME)
    assert decided("Acme Tannery Inc", domains=(NORDIC,), numbers=(NORDIC,)).account_id == NORDIC


@pytest.mark.covers("P-08")
def test_two_accounts_of_one_name_are_told_apart_by_country_or_by_a_person() -> None:
    twin = KnownName(8, "Nordic Pump Works Inc.", country="US")
    assert decided("Nordic Pump Works", twin, country="US").account_id == 8
    assert decided("Nordic Pump Works", twin, country="DE").account_id == NORDIC
    unclear = decided("Nordic Pump Works", twin, country="FR")
    assert (unclear.kind, set(unclear.candidates)) == (MatchKind.POSSIBLE, {NORDIC, 8})
    assert decided("Nordic Pump Works GmbH", twin, country="FR").account_id == NORDIC
    assert decided("Nordic Pump Works GmbH", twin, country="US").kind is MatchKind.POSSIBLE


@pytest.mark.covers("P-10")
def test_the_best_must_lead_the_second_by_the_margin() -> None:
    sister = KnownName(8, "Nordig Pump Works GmbH", country="DE")
    between = decided("Nordik Pump Works GmbH", sister)
    assert (between.kind, set(between.candidates)) == (MatchKind.POSSIBLE, {NORDIC, 8})
    assert decided("Nordik Pump Works GmbH").account_id == NORDIC
    assert decided("Nordic Pump Works GmbH", sister).account_id == NORDIC


@pytest.mark.covers("P-10")
def test_thresholds_are_the_manufacturers() -> None:
    near = decided("Nordik Pump Works GmbH")
    assert near.kind is MatchKind.MATCHED
    strict = Thresholds(match=near.score, near=70)
    assert decided("Nordik Pump Works GmbH", thresholds=strict).kind is MatchKind.POSSIBLE
    stricter = Thresholds(match=99, near=near.score + 1)
    assert decided("Nordik Pump Works GmbH", thresholds=stricter).kind is MatchKind.NONE


@pytest.mark.covers("P-10")
@pytest.mark.parametrize(
    "company",
    ["Nordic Pump Works 2 GmbH", "Nordic Pump Works Labs GmbH", "Nordic Pump Works France", "Nordic Valve Works GmbH"],
)
def test_a_sibling_without_an_account_gets_no_owner(company: str) -> None:
    assert decided(company).kind is MatchKind.NONE


@pytest.mark.covers("P-10")
def test_a_generic_name_needs_a_second_sign() -> None:
    group = KnownName(8, "Consulting Group LLC", country="US")
    alone = decided("Consulting Group Inc", group, country="US")
    assert (alone.kind, alone.candidates) == (MatchKind.POSSIBLE, (8,))
    assert decided("Consulting Group Inc", group, networks=(8,)).account_id == 8
    assert decided("Consulting Group LLC", group, country="US").account_id == 8
    assert decided("Consulting Group LLC", group, country="DE").kind is MatchKind.POSSIBLE
    assert decided("Consulting Group Inc", group, domains=(NORDIC,)).account_id == NORDIC


@pytest.mark.covers("P-14")
def test_a_network_decides_nothing_alone_but_breaks_a_tie() -> None:
    alone = decided("Unheard Of", networks=(NORDIC,))
    assert (alone.kind, kinds(alone, NORDIC) >= {SignalKind.IP_RANGE}) == (MatchKind.NONE, True)
    twin = KnownName(8, "Nordic Pump Works Inc.", country="US")
    assert decided("Nordic Pump Works", twin, country="FR", networks=(8,)).account_id == 8
    assert decided("Nordic Pump Works", twin, country="DE", networks=(8,)).kind is MatchKind.POSSIBLE


@pytest.mark.covers("P-14")
def test_a_network_raises_a_name_that_is_nearly_near() -> None:
    lead = "Nordic Pump Works Group"
    thresholds = Thresholds(match=80, near=60)
    assert decided(lead, thresholds=thresholds).kind is MatchKind.NONE
    raised = decided(lead, networks=(NORDIC,), thresholds=thresholds)
    assert (raised.kind, raised.candidates) == (MatchKind.POSSIBLE, (NORDIC,))


@pytest.mark.covers("P-02", "P-10")
def test_a_similar_name_in_another_country_counts_less() -> None:
    assert decided("Nordik Pump Works", country="DE").score - decided("Nordik Pump Works", country="US").score == 8


@pytest.mark.covers("P-10")
def test_every_signal_is_recorded_and_can_be_stored() -> None:
    decision = decided("Nordic Pump Works", domains=(NORDIC,), networks=(NORDIC,))
    assert kinds(decision, NORDIC) == {SignalKind.DOMAIN, SignalKind.NAME, SignalKind.IP_RANGE}
    assert [Signal.from_json(signal.to_json()) for signal in decision.signals] == list(decision.signals)
    assert [signal.score for signal in decision.signals] == sorted((s.score for s in decision.signals), reverse=True)


@pytest.mark.parametrize("company", ["", "...", "GmbH"])
def test_a_lead_without_a_company_matches_nothing(company: str) -> None:
    assert decided(company, KnownName(8, "GmbH & Co. KG")).kind is not MatchKind.MATCHED


@pytest.mark.covers("P-10")
def test_a_name_heard_in_the_other_script_reaches_a_person_among_many_candidates() -> None:
    crowd = [KnownName(number, f"Sakata Vessel {number}", country="JP") for number in range(100, 160)]
    seed = KnownName(8, "カブシキガイシャ　サカタベセル", AccountNameKind.KANA, country="JP")
    decision = decided("Sakata Beseru", *crowd, seed, country="JP")
    assert (decision.kind, decision.candidates) == (MatchKind.POSSIBLE, (8,))

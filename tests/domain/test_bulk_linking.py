"""What a pattern finds, and which leads are left alone."""

from __future__ import annotations

import pytest

from app.domain.bulk_linking import (
    ASSIGNED,
    CLOSED,
    LINKED_ALREADY,
    LINKED_BY_HAND,
    LeadPattern,
    left_out,
)
from app.domain.errors import Invalid
from app.domain.leads import LeadState
from app.domain.name_comparison import differing_parts
from app.domain.phrases import Phrase


@pytest.mark.covers("P-16")
@pytest.mark.parametrize(
    ("company", "name_like", "key_like"),
    [
        ("Acme Labs*", "acme labs%", "acme labs%"),
        ("*Labs*", "%labs%", "%labs%"),
        ("Acme*Labs", "acme%labs", "acme%labs"),
        ("Müller & Söhne", "müller & söhne", "mueller and soehne"),
        ("100%_Acme\\", "100\\%\\_acme\\\\", "100 acme"),
    ],
)
def test_only_the_star_means_anything(company: str, name_like: str, key_like: str) -> None:
    pattern = LeadPattern(company)
    pattern.check()
    assert (pattern.name_like, pattern.key_like) == (name_like, key_like)


@pytest.mark.parametrize(
    ("pattern", "field"),
    [
        (LeadPattern(), "company"),
        (LeadPattern("*"), "company"),
        (LeadPattern("a*"), "company"),
        (LeadPattern(domain="gmail.com"), "domain"),
        (LeadPattern(domain="no domain"), "domain"),
        (LeadPattern("Acme", "mailinator.com"), "domain"),
    ],
)
def test_a_pattern_that_says_too_little_is_refused(pattern: LeadPattern, field: str) -> None:
    with pytest.raises(Invalid) as problem:
        pattern.check()
    assert set(problem.value.fields) == {field}


def test_an_address_names_its_domain() -> None:
    assert LeadPattern(domain="https://www.labs.acme.co.jp/x").own_domain == "acme.co.jp"
    LeadPattern("日立*").check()


@pytest.mark.parametrize(
    ("state", "account_id", "by_hand", "why"),
    [
        (LeadState.RECEIVED, None, False, None),
        (LeadState.NURTURING, 3, False, None),
        (LeadState.IN_REVIEW, None, True, None),
        (LeadState.DISTRIBUTING, 3, True, LINKED_BY_HAND),
        (LeadState.DISTRIBUTING, 7, False, LINKED_ALREADY),
        (LeadState.ASSIGNED, None, False, ASSIGNED),
        (LeadState.WON, 3, False, CLOSED),
        (LeadState.LOST, None, False, CLOSED),
        (LeadState.DISQUALIFIED, 3, True, CLOSED),
        (LeadState.WITHDRAWN, None, False, CLOSED),
        (LeadState.ERASED, None, False, CLOSED),
    ],
)
def test_who_is_left_alone(state: LeadState, account_id: int | None, by_hand: bool, why: Phrase | None) -> None:
    assert left_out(state, account_id=account_id, is_linked_by_hand=by_hand, into=7) is why


@pytest.mark.parametrize(
    ("name", "other", "different"),
    [
        ("Acme Labs Inc.", "ACME Corporation", ["Labs", "Inc."]),
        ("Müller & Söhne GmbH", "Mueller und Soehne", ["GmbH"]),
        ("株式会社アクメ商事", "株式会社アクメ", ["商事"]),
        ("A.B.C. Co", "ABC Co", []),
        ("Hofmann", "", ["Hofmann"]),
        ("", "Hofmann", []),
    ],
)
def test_words_that_differ_are_marked(name: str, other: str, different: list[str]) -> None:
    parts = differing_parts(name, other)
    assert "".join(text for text, _differs in parts) == name
    assert [text for text, differs in parts if differs] == different


@pytest.mark.covers("P-16")
@pytest.mark.parametrize(
    ("company", "name"),
    [
        ("Acme Labs GmbH", "Acme Labs GmbH"),
        (" Acme Labs* ", "Acme Labs"),
        ("日立製作所", "日立製作所"),
        ("日立*", ""),
        ("Acme*", ""),
        ("*Acme Labs", ""),
        ("Acme*Labs Berlin", ""),
        ("", ""),
    ],
)
def test_only_a_whole_name_can_be_remembered(company: str, name: str) -> None:
    assert LeadPattern(company).full_name == name

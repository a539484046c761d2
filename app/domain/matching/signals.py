"""What speaks for an account being a lead's company: domains, numbers, names, addresses, each with its score."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Self

from rapidfuzz import fuzz

from app.domain.accounts import AccountNameKind
from app.domain.matching.names import MatchName, is_japanese, match_name
from app.domain.matching.scoring import NameScore, score_names
from app.domain.matching.weights import WordWeights
from app.domain.phrases import N_, Phrase

_MOST_SCORED = 24
"""Of the candidates' names at most so many are compared word by word: those whose letters are the most alike."""

_MOST_SPOKEN = 12
"""And so many in the other script, which only their sound compares: the first, as the index found them."""

_COST_OF_COUNTRY = 8
"""What a name that is only similar loses when its account sits in another country."""

_SCORES = {"domain": 98, "shared_domain": 60, "corporate_number": 99, "ip_range": 40}


class SignalKind(StrEnum):
    """What speaks for an account."""

    DOMAIN = "domain"
    SHARED_DOMAIN = "shared_domain"
    CORPORATE_NUMBER = "corporate_number"
    ALIAS = "alias"
    NAME = "name"
    SIMILAR = "similar"
    IP_RANGE = "ip_range"


@dataclass(frozen=True, slots=True)
class LeadCompany:
    """What a lead says about its company. `email_domain` is registrable, and "" for free and disposable mail."""

    company: str
    email_domain: str = ""
    website_domain: str = ""
    country: str = ""
    corporate_number: str = ""


@dataclass(frozen=True, slots=True)
class KnownName:
    """A name of an account, with the account's country; its key where it is stored, which spares reading the name."""

    account_id: int
    name: str
    kind: AccountNameKind = AccountNameKind.NAME
    country: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the manufacturer's accounts know of the lead: accounts by signal, and at most 100 candidate names.

    `domain_accounts` have the lead's e-mail or website domain: several of them share it. The names should include
    theirs, so that a shared domain can be told apart and a contradiction seen.
    """

    domain_accounts: tuple[int, ...] = ()
    number_accounts: tuple[int, ...] = ()
    ip_accounts: tuple[int, ...] = ()
    names: tuple[KnownName, ...] = ()
    weights: WordWeights = WordWeights()

    def without(self, account_ids: Collection[int]) -> Evidence:
        """The same evidence but for accounts that a person has ruled out."""
        if not account_ids:
            return self
        return replace(
            self,
            domain_accounts=tuple(one for one in self.domain_accounts if one not in account_ids),
            number_accounts=tuple(one for one in self.number_accounts if one not in account_ids),
            ip_accounts=tuple(one for one in self.ip_accounts if one not in account_ids),
            names=tuple(name for name in self.names if name.account_id not in account_ids),
        )


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing that speaks for one account, with its score of 0 to 100 and why."""

    kind: SignalKind
    account_id: int
    score: int
    reasons: tuple[Phrase, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The signal as JSON, stored with the decision."""
        reasons = [reason.to_json() for reason in self.reasons]
        return {"kind": self.kind.value, "account_id": self.account_id, "score": self.score, "reasons": reasons}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The signal that `to_json` stored."""
        reasons = tuple(Phrase.from_json(reason) for reason in stored.get("reasons", ()))
        return cls(SignalKind(stored["kind"]), stored["account_id"], stored["score"], reasons)


def find_signals(lead: LeadCompany, evidence: Evidence) -> list[Signal]:
    """Every signal, the strongest first; of an account's several names the one that says most."""
    shared = len(set(evidence.domain_accounts)) > 1
    domain = SignalKind.SHARED_DOMAIN if shared else SignalKind.DOMAIN
    found = [
        *_plain_signals(domain, evidence.domain_accounts, _reason_of_domain(lead, shared=shared)),
        *_plain_signals(
            SignalKind.CORPORATE_NUMBER, evidence.number_accounts, Phrase(N_("Same registered company number"))
        ),
        *_plain_signals(SignalKind.IP_RANGE, evidence.ip_accounts, Phrase(N_("Sent from a network of this company"))),
        *name_signals(lead, evidence),
    ]
    order = list(SignalKind)
    return sorted(found, key=lambda signal: (-signal.score, order.index(signal.kind), signal.account_id))


def name_signals(lead: LeadCompany, evidence: Evidence) -> list[Signal]:
    """For every account whose names are candidates the best of them, whatever it scores."""
    asked = match_name(lead.company)
    best: dict[int, Signal] = {}
    for known in _most_alike(asked, evidence.names):
        signal = _name_signal(lead, asked, known, evidence.weights)
        if known.account_id not in best or signal.score > best[known.account_id].score:
            best[known.account_id] = signal
    return list(best.values())


def _name_signal(lead: LeadCompany, asked: MatchName, known: KnownName, weights: WordWeights) -> Signal:
    name = match_name(known.name)
    scored = score_names(asked, name, weights)
    if asked.compact and asked.compact == name.compact:
        kind = SignalKind.ALIAS if known.kind is AccountNameKind.ALIAS else SignalKind.NAME
        return Signal(kind, known.account_id, scored.score, (*scored.reasons, *_reason_of_alias(kind, known)))
    scored = _in_its_country(scored, lead.country, known.country)
    return Signal(SignalKind.SIMILAR, known.account_id, scored.score, scored.reasons)


def _in_its_country(scored: NameScore, asked: str, known: str) -> NameScore:
    if not asked or not known or asked == known:
        return scored
    reason = Phrase(N_("The account is in another country: %(country)s"), {"country": known})
    return NameScore(max(0, scored.score - _COST_OF_COUNTRY), (*scored.reasons, reason))


def _most_alike(asked: MatchName, names: Sequence[KnownName]) -> list[KnownName]:
    """The names worth comparing word by word."""
    if not asked.compact:
        return []

    def likeness(known: KnownName) -> float:
        key = known.key or match_name(known.name).key
        return max(fuzz.ratio(asked.compact, key.replace(" ", "")), fuzz.token_sort_ratio(asked.key, key))

    ours = [known for known in names if is_japanese(known.name) == asked.is_cjk]
    spoken = [known for known in names if is_japanese(known.name) != asked.is_cjk]
    return sorted(ours, key=likeness, reverse=True)[:_MOST_SCORED] + spoken[:_MOST_SPOKEN]


def _plain_signals(kind: SignalKind, accounts: Iterable[int], reason: Phrase) -> list[Signal]:
    return [Signal(kind, account, _SCORES[kind], (reason,)) for account in dict.fromkeys(accounts)]


def _reason_of_domain(lead: LeadCompany, *, shared: bool) -> Phrase:
    values = {"domain": lead.email_domain or lead.website_domain}
    if shared:
        return Phrase(N_("Several accounts share the domain %(domain)s"), values)
    return Phrase(N_("The account's domain is %(domain)s"), values)


def _reason_of_alias(kind: SignalKind, known: KnownName) -> tuple[Phrase, ...]:
    if kind is not SignalKind.ALIAS:
        return ()
    return (Phrase(N_("“%(name)s” is another name of the account"), {"name": known.name}),)

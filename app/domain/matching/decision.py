"""Which account a lead's company is, from every signal there is (the strongest first), or that a person must say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from app.domain.accounts import AccountNameKind
from app.domain.matching.weights import WordWeights
from app.domain.phrases import Phrase


class SignalKind(StrEnum):
    """What speaks for an account."""

    DOMAIN = "domain"
    SHARED_DOMAIN = "shared_domain"
    CORPORATE_NUMBER = "corporate_number"
    ALIAS = "alias"
    NAME = "name"
    SIMILAR = "similar"
    IP_RANGE = "ip_range"


class MatchKind(StrEnum):
    """Whether a rule may act, a person must look, or nobody knows the company."""

    MATCHED = "matched"
    POSSIBLE = "possible"
    NONE = "none"


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
    """A name of an account, with the account's country."""

    account_id: int
    name: str
    kind: AccountNameKind = AccountNameKind.NAME
    country: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the manufacturer's accounts know of the lead: accounts by signal, and at most 100 candidate names."""

    domain_accounts: tuple[int, ...] = ()
    number_accounts: tuple[int, ...] = ()
    ip_accounts: tuple[int, ...] = ()
    names: tuple[KnownName, ...] = ()
    weights: WordWeights = WordWeights()


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Above `match` a rule acts alone, from `near` a person decides; the best must lead the second by `margin`."""

    match: int = 80
    near: int = 70
    margin: int = 6


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


@dataclass(frozen=True, slots=True)
class MatchDecision:
    """The account when a rule may act, else the accounts a person chooses from; every signal is recorded."""

    kind: MatchKind
    account_id: int | None = None
    score: int = 0
    signals: tuple[Signal, ...] = ()
    candidates: tuple[int, ...] = ()
    reasons: tuple[Phrase, ...] = ()


def decide_match(lead: LeadCompany, evidence: Evidence, thresholds: Thresholds = Thresholds()) -> MatchDecision:
    """Which account the lead's company is."""
    if len(evidence.domain_accounts) == 1:
        account = evidence.domain_accounts[0]
        return MatchDecision(MatchKind.MATCHED, account, 100, (Signal(SignalKind.DOMAIN, account, 100),))
    return MatchDecision(MatchKind.NONE)

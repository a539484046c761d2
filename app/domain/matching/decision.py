"""Which account a lead's company is, from every signal there is (the strongest first), or that a person must say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.matching.genericness import is_generic
from app.domain.matching.names import match_name
from app.domain.matching.signals import Evidence, KnownName, LeadCompany, Signal, SignalKind, find_signals
from app.domain.phrases import N_, Phrase

__all__ = [
    "Evidence",
    "KnownName",
    "LeadCompany",
    "MatchDecision",
    "MatchKind",
    "Signal",
    "SignalKind",
    "Thresholds",
    "decide_match",
]

_BY_NAME = frozenset({SignalKind.ALIAS, SignalKind.NAME, SignalKind.SIMILAR})
_EQUAL = frozenset({SignalKind.ALIAS, SignalKind.NAME})
_MOST_CANDIDATES = 8
"""A person compares at most so many accounts on one screen."""


class MatchKind(StrEnum):
    """Whether a rule may act, a person must look, or nobody knows the company."""

    MATCHED = "matched"
    POSSIBLE = "possible"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Above `match` a rule acts alone, from `near` a person decides; the best must lead the second by `margin`.

    80 and 70 are the source documents' numbers. The margin is what one wrong letter in a word costs least: two
    accounts closer than that to a lead's name are told apart by no slip of the pen.
    """

    match: int = 80
    near: int = 70
    margin: int = 5


@dataclass(frozen=True, slots=True)
class MatchDecision:
    """The account when a rule may act, else the accounts a person chooses from; every signal is recorded.

    In a contested one the signals speak for several accounts alike, so that none of them is the best. Where none was
    known, the company's leads may have made the account since.
    """

    kind: MatchKind
    account_id: int | None = None
    score: int = 0
    signals: tuple[Signal, ...] = ()
    candidates: tuple[int, ...] = ()
    reasons: tuple[Phrase, ...] = ()
    is_contested: bool = False
    has_made_account: bool = False


def decide_match(lead: LeadCompany, evidence: Evidence, thresholds: Thresholds = Thresholds()) -> MatchDecision:
    """Which account the lead's company is: MATCHED with it, POSSIBLE with those a person chooses from, or NONE.

    The registrable domain decides first, then the registered number, then names, the best of which must lead the
    second; where two signals name two accounts, a person decides. A network address only breaks ties.
    """
    return _Decision(lead, evidence, thresholds).taken()


class _Decision:
    """One decision while it is being made: the signals sorted into what decides and what supports."""

    def __init__(self, lead: LeadCompany, evidence: Evidence, thresholds: Thresholds) -> None:
        self.lead, self.evidence, self.thresholds = lead, evidence, thresholds
        self.signals = tuple(find_signals(lead, evidence))
        self.by_name = [signal for signal in self.signals if signal.kind in _BY_NAME]
        self.scores = {signal.account_id: signal.score for signal in self.by_name}
        self.domains = list(dict.fromkeys(evidence.domain_accounts))
        self.numbers = list(dict.fromkeys(evidence.number_accounts))
        self.is_generic = is_generic(match_name(lead.company), evidence.weights)

    def taken(self) -> MatchDecision:
        if len(self.domains) == 1:
            return self._by_sure_signal(self.domains[0])
        if self.domains:
            return self._by_shared_domain()
        if len(self.numbers) == 1:
            return self._by_sure_signal(self.numbers[0])
        if self.numbers:
            return self._possible(self.numbers, Phrase(N_("Several accounts have this registered number")))
        return self._by_names()

    def _by_sure_signal(self, account: int) -> MatchDecision:
        """The account of the domain or number, unless the name or the number says surely that it is another's."""
        numbered = [other for other in self.numbers if other != account]
        named = [other for other in self._accounts_of_the_name() if other != account]
        is_seconded = account in self.numbers or self.scores.get(account, 0) > self.thresholds.match
        if numbered or (named and not is_seconded):
            return self._possible([account, *numbered, *named], Phrase(N_("The signals name different accounts")))
        return self._matched(account)

    def _accounts_of_the_name(self) -> list[int]:
        """The accounts that have exactly the lead's name, when that name says something."""
        return [] if self.is_generic else [signal.account_id for signal in self.by_name if signal.kind in _EQUAL]

    def _by_shared_domain(self) -> MatchDecision:
        """Among the accounts that share the domain the name chooses, or the registered number, or else a person."""
        numbered = [account for account in self.domains if account in self.numbers]
        named = [account for account in self.domains if self.scores.get(account, 0) >= self.thresholds.near]
        named.sort(key=lambda account: -self.scores[account])
        chosen = numbered if len(numbered) == 1 else named
        leads = len(chosen) == 1 or (len(chosen) > 1 and self._leads(self.scores[chosen[0]], self.scores[chosen[1]]))
        if leads and not [other for other in self._accounts_of_the_name() if other not in self.domains]:
            return self._matched(chosen[0])
        return self._possible(
            [*named, *self.domains, *self._accounts_of_the_name()],
            Phrase(N_("Several accounts share the domain, and the name does not tell which")),
        )

    def _by_names(self) -> MatchDecision:
        best = self.by_name[0] if self.by_name else None
        if best is None or best.score < self.thresholds.near:
            return self._raised_by_network()
        near = [signal for signal in self.by_name if signal.score >= self.thresholds.near]
        rivals = [signal for signal in near if not self._leads(best.score, signal.score)]
        if best.score <= self.thresholds.match:
            told = Phrase(N_("The name is similar, not the same"))
            return self._possible(_accounts(near), told, is_contested=len(rivals) > 1)
        if len(rivals) > 1:
            return self._tie(rivals, near)
        if self.is_generic and not self._is_seconded(best):
            return self._possible(
                _accounts(near), Phrase(N_("Many companies have such a name: a second sign is needed"))
            )
        return self._matched(best.account_id)

    def _leads(self, best: int, second: int) -> bool:
        return best - second >= self.thresholds.margin

    def _tie(self, rivals: list[Signal], near: list[Signal]) -> MatchDecision:
        """Several accounts fit alike: the only one that fits to the letter, in the lead's country or its network."""
        names = {known.account_id: known for known in self.evidence.names}
        country = self.lead.country
        exact = [signal for signal in rivals if signal.score == 100]
        here = [signal for signal in rivals if country and names[signal.account_id].country == country]
        network = [signal for signal in rivals if signal.account_id in self.evidence.ip_accounts]
        chosen = {signals[0].account_id for signals in (exact, here, network) if len(signals) == 1}
        if len(chosen) == 1 and not self.is_generic:
            return self._matched(chosen.pop())
        return self._possible(_accounts(near), Phrase(N_("Several accounts have this name")))

    def _is_seconded(self, best: Signal) -> bool:
        """Whether something besides a name that many have speaks for the account."""
        if best.account_id in {*self.evidence.ip_accounts, *self.numbers}:
            return True
        names = {known.account_id: known for known in self.evidence.names}
        return best.score == 100 and bool(self.lead.country) and names[best.account_id].country == self.lead.country

    def _raised_by_network(self) -> MatchDecision:
        """A name that is nearly near, from a network of the very account, is worth a person's look."""
        raised = [
            signal.account_id
            for signal in self.by_name
            if signal.account_id in self.evidence.ip_accounts and signal.score >= self.thresholds.near - 10
        ]
        if raised:
            told = Phrase(N_("The name is somewhat similar, and so is the network"))
            return self._possible(raised, told, is_contested=len(raised) > 1)
        return MatchDecision(MatchKind.NONE, signals=self.signals)

    def _matched(self, account: int) -> MatchDecision:
        mine = [signal for signal in self.signals if signal.account_id == account]
        return MatchDecision(
            MatchKind.MATCHED, account, mine[0].score, self.signals, (), tuple(r for s in mine for r in s.reasons)
        )

    def _possible(self, accounts: list[int], reason: Phrase, *, is_contested: bool = True) -> MatchDecision:
        """A person decides; accounts in whose network the lead was written come first."""
        candidates = sorted(dict.fromkeys(accounts), key=lambda account: account not in self.evidence.ip_accounts)
        score = max((s.score for s in self.signals if s.account_id in candidates), default=0)
        return MatchDecision(
            MatchKind.POSSIBLE, None, score, self.signals, tuple(candidates[:_MOST_CANDIDATES]), (reason,), is_contested
        )


def _accounts(signals: list[Signal]) -> list[int]:
    return [signal.account_id for signal in signals]

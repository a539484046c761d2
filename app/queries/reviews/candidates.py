"""The accounts a lead may belong to, each with everything that speaks for and against it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from app.database import db
from app.domain.accounts import AccountFlag, AccountNameKind, AccountStatus, OpportunityState
from app.domain.leads import LeadState, ReviewReason
from app.domain.matching.decision import SignalKind
from app.domain.money import Money
from app.domain.name_comparison import differing_parts
from app.domain.phrases import Phrase
from app.models import Account, AccountName, Lead, ManufacturerSettings, Opportunity, Partnership, Review, User
from app.queries.reviews.outcomes import outcomes_of

LATEST_LEADS = 3
NAMES_SHOWN = 6


@dataclass(frozen=True, slots=True)
class CandidateName:
    """A name of the account, cut into parts that the lead's company name has too or has not."""

    parts: tuple[tuple[str, bool], ...]
    kind: AccountNameKind
    is_learned: bool


@dataclass(frozen=True, slots=True)
class CandidateLead:
    """One of the account's latest leads."""

    id: uuid.UUID
    reference: str
    company: str
    state: LeadState
    received_at: datetime


@dataclass(frozen=True, slots=True)
class CandidateDeal:
    """One of the account's open deals."""

    name: str
    owner: str
    amount: Money | None


@dataclass(frozen=True, slots=True)
class CandidateSignal:
    """One thing that speaks for the account."""

    kind: SignalKind
    score: int
    reasons: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One account; `score` is None where a person searched for it, `outcome` what happens when it is chosen."""

    id: int
    code: str
    name: str
    names: tuple[CandidateName, ...]
    domains: tuple[str, ...]
    country: str | None
    city: str
    status: AccountStatus
    flags: tuple[AccountFlag, ...]
    owner: str
    score: int | None
    signals: tuple[CandidateSignal, ...]
    deals: tuple[CandidateDeal, ...]
    leads: tuple[CandidateLead, ...]
    is_linked: bool
    outcome: Phrase


@dataclass(frozen=True, slots=True)
class _Around:
    """What belongs to the accounts, read once for all of them."""

    partners: Mapping[int, str]
    people: Mapping[int, str]
    leads: Mapping[int, list[CandidateLead]]
    outcomes: Mapping[int, Phrase]
    near_score: int

    def owner(self, row: Account | Opportunity) -> str:
        """The name of whoever owns the row."""
        return self.partners.get(row.owner_partnership_id or 0) or self.people.get(row.owner_user_id or 0) or ""


def candidates_of(review: Review, lead: Lead, further: Collection[int]) -> tuple[Candidate, ...]:
    """The accounts of a question, best first, then the one the lead is linked to, then those a person searched for.

    In a conflict of owners the companies above stand beside it. Accounts no longer in use are left out.
    """
    evidence: dict[int, Mapping[str, Any]] = {one["account_id"]: one for one in review.candidates}
    if lead.account_id is not None:
        own = [one for one in lead.match_signals if one["account_id"] == lead.account_id]
        evidence.setdefault(lead.account_id, {"score": lead.match_score, "signals": own})
        if review.reason is ReviewReason.OWNER_CONFLICT:
            further = [*_companies_above(lead.account_id), *further]
    order = [*evidence, *(account_id for account_id in further if account_id not in evidence)]
    accounts = {account.id: account for account in _accounts(lead.manufacturer_id, order)}
    around = _around(review, lead, accounts.values())
    return tuple(
        _candidate(lead, accounts[account_id], evidence.get(account_id, {}), around)
        for account_id in order
        if account_id in accounts
    )


def _accounts(manufacturer_id: int, ids: Collection[int]) -> Sequence[Account]:
    if not ids:
        return ()
    wanted = select(Account).where(
        Account.id.in_(ids), Account.manufacturer_id == manufacturer_id, Account.ended_at.is_(None)
    )
    parts = (selectinload(Account.names), selectinload(Account.domains), selectinload(Account.opportunities))
    return db.session.scalars(wanted.options(*parts)).all()


def _companies_above(account_id: int) -> list[int]:
    """The parents of an account, the nearest first."""
    above: list[int] = []
    parent_id = db.session.scalar(select(Account.parent_id).where(Account.id == account_id))
    while parent_id is not None and parent_id not in (account_id, *above):
        above.append(parent_id)
        parent_id = db.session.scalar(select(Account.parent_id).where(Account.id == parent_id))
    return above


def _around(review: Review, lead: Lead, accounts: Collection[Account]) -> _Around:
    owned: list[Account | Opportunity] = [*accounts, *(deal for one in accounts for deal in one.opportunities)]
    partners = select(Partnership.id, Partnership.name).where(
        Partnership.id.in_({row.owner_partnership_id for row in owned} - {None})
    )
    people = select(User.id, User.name).where(User.id.in_({row.owner_user_id for row in owned} - {None}))
    return _Around(
        partners={row[0]: row[1] for row in db.session.execute(partners)},
        people={row[0]: row[1] for row in db.session.execute(people)},
        leads=_latest_leads(lead, [account.id for account in accounts]),
        outcomes=outcomes_of(lead, review.reason, [account.id for account in accounts]),
        near_score=db.session.get_one(ManufacturerSettings, lead.manufacturer_id).near_match_score,
    )


def _latest_leads(lead: Lead, account_ids: Collection[int]) -> dict[int, list[CandidateLead]]:
    """The latest leads of each account, this one aside."""
    place = func.row_number().over(partition_by=Lead.account_id, order_by=Lead.received_at.desc()).label("place")
    ranked = select(Lead.id, place).where(Lead.account_id.in_(account_ids), Lead.id != lead.id).subquery()
    latest = select(Lead).join(ranked, ranked.c.id == Lead.id).where(ranked.c.place <= LATEST_LEADS)
    found: dict[int, list[CandidateLead]] = {}
    for one in db.session.scalars(latest.order_by(Lead.received_at.desc())):
        told = CandidateLead(one.id, one.reference, one.company, one.state, one.received_at)
        found.setdefault(one.account_id or 0, []).append(told)
    return found


def _candidate(lead: Lead, account: Account, evidence: Mapping[str, Any], around: _Around) -> Candidate:
    return Candidate(
        id=account.id,
        code=account.code,
        name=account.name,
        names=_names(lead.company, account.names),
        domains=tuple(domain.domain for domain in account.domains),
        country=account.country,
        city=account.city,
        status=account.status,
        flags=tuple(map(AccountFlag, account.flags)),
        owner=around.owner(account),
        score=evidence.get("score"),
        signals=_telling([_signal(one) for one in evidence.get("signals") or ()], around.near_score),
        deals=tuple(
            CandidateDeal(deal.name, around.owner(deal), _amount(deal))
            for deal in account.opportunities
            if deal.state is OpportunityState.OPEN
        ),
        leads=tuple(around.leads.get(account.id, ())),
        is_linked=account.id == lead.account_id,
        outcome=around.outcomes[account.id],
    )


def _names(company: str, names: Iterable[AccountName]) -> tuple[CandidateName, ...]:
    """The names, those that share most with the lead's first."""
    read = [CandidateName(differing_parts(one.name, company), one.kind, one.is_learned) for one in names]
    return tuple(sorted(read, key=_strangeness)[:NAMES_SHOWN])


def _strangeness(name: CandidateName) -> float:
    length = sum(len(text) for text, _differs in name.parts) or 1
    return sum(len(text) for text, differs in name.parts if differs) / length


def _telling(signals: Sequence[CandidateSignal], near_score: int) -> tuple[CandidateSignal, ...]:
    """What speaks for the account loudly enough to be looked at; else the loudest there is."""
    return tuple(one for one in signals if one.score >= near_score) or tuple(signals[:1])


def _signal(stored: Mapping[str, Any]) -> CandidateSignal:
    reasons = tuple(map(Phrase.from_json, stored.get("reasons", ())))
    return CandidateSignal(SignalKind(stored["kind"]), stored["score"], reasons)


def _amount(deal: Opportunity) -> Money | None:
    return Money(deal.amount_cents, deal.currency) if deal.amount_cents is not None and deal.currency else None

"""Which account a lead belongs to, by which level it has its owner, and every signal that spoke for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.database import db
from app.domain.accounts import AccountLevel
from app.domain.distribution import AssignmentOrigin, RoundKind
from app.domain.matching.decision import Signal, SignalKind
from app.domain.phrases import Phrase
from app.domain.visibility import GuardedField, Visibility
from app.models import Account, Lead, RoutingDecision


@dataclass(frozen=True, slots=True)
class SignalLine:
    """One thing that spoke for one account."""

    kind: SignalKind
    account: str
    score: int
    reasons: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class LeadAccount:
    """A lead's account, if it is known, and what was found out about its company.

    A partner learns after its claim which account it is, and by which level only where the lead was reserved to it as
    the owner; reasons, id, score and signals are the manufacturer's: they may name other companies.
    """

    account_id: int | None
    name: str | None
    level: AccountLevel | None
    score: int | None
    is_linked_by_hand: bool
    signals: tuple[SignalLine, ...]
    reasons: tuple[Phrase, ...]


def lead_account(lead: Lead, sight: Visibility, origin: AssignmentOrigin | None = None) -> LeadAccount | None:
    """What `sight` may see of a lead's account; None before the claim, and where there is nothing to tell.

    `origin` is how whoever works the lead came to it.
    """
    if not sight.is_full:
        return None
    is_own = sight.shows(GuardedField.ROUTING)
    signals = tuple(map(Signal.from_json, lead.match_signals)) if is_own else ()
    if lead.account_id is None and not signals:
        return None
    names = _names({signal.account_id for signal in signals} | {lead.account_id or 0})
    return LeadAccount(
        account_id=lead.account_id if is_own else None,
        name=names.get(lead.account_id or 0),
        level=lead.account_level if is_own or origin is AssignmentOrigin.OWNER else None,
        score=lead.match_score if is_own else None,
        is_linked_by_hand=is_own and lead.is_linked_by_hand,
        signals=tuple(
            SignalLine(signal.kind, names[signal.account_id], signal.score, signal.reasons)
            for signal in signals
            if signal.account_id in names
        ),
        reasons=_reasons(lead) if is_own else (),
    )


def _names(account_ids: set[int]) -> Mapping[int, str]:
    rows: Any = db.session.execute(select(Account.id, Account.name).where(Account.id.in_(account_ids)))
    return {row.id: row.name for row in rows}


def _reasons(lead: Lead) -> tuple[Phrase, ...]:
    """Why the lead was its owner's: what the latest decision for the owner said."""
    stored = db.session.scalar(
        select(RoutingDecision.reasons)
        .where(RoutingDecision.lead_id == lead.id, RoutingDecision.outcome == RoundKind.OWNER.value)
        .order_by(RoutingDecision.id.desc())
        .limit(1)
    )
    return tuple(Phrase.from_json(one) for one in stored or ())

"""The routing of all leads of a manufacturer, one line each, for programs and comparisons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, Subquery, and_, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from app.database import db
from app.domain import reassigning
from app.domain.accounts import AccountLevel
from app.domain.distribution import AssignmentOrigin, RoundKind
from app.domain.leads import LeadState, ReviewReason
from app.domain.phrases import Phrase
from app.models import Account, Assignment, Lead, Offer, Partnership, Round, RoutingDecision, User


@dataclass(frozen=True, slots=True)
class LeadRouting:
    """What was decided about one lead last: who may have it by their codes, and why it is where it is.

    `owner` is the partnership it is reserved to, or the seller who has it as the account's owner.
    """

    external_id: str | None
    reference: str
    state: LeadState
    review_reason: ReviewReason | None
    round: RoundKind | None
    account: str | None
    account_level: AccountLevel | None
    owner: str | None
    eligible: tuple[str, ...]
    is_hot: bool
    reasons: tuple[Phrase, ...]


def iterate_routings(*, manufacturer_id: int) -> Iterator[LeadRouting]:
    """Every lead of the manufacturer with its latest decision and round, in the order they came."""
    codes = {
        row.id: row.code
        for row in db.session.execute(
            select(Partnership.id, Partnership.code).where(Partnership.manufacturer_id == manufacturer_id)
        )
    }
    for row in db.session.execute(_routings(manufacturer_id)):
        yield LeadRouting(
            external_id=row.external_id,
            reference=f"L-{row.id.hex[:6].upper()}",
            state=row.state,
            review_reason=row.review_reason,
            round=row.kind,
            account=row.account,
            account_level=row.account_level,
            owner=row.owner,
            eligible=tuple(sorted(codes[one] for one in row.eligible_ids or () if one in codes)),
            is_hot=row.is_hot,
            reasons=tuple(Phrase.from_json(one) for one in row.reasons or ()),
        )


def _routings(manufacturer_id: int) -> Select[Any]:
    decided, rounds, reserved = (
        _latest_decisions(manufacturer_id),
        _latest_rounds(manufacturer_id),
        aliased(Partnership),
    )
    is_owners = and_(Offer.round_id == rounds.c.id, rounds.c.kind == RoundKind.OWNER)
    return (
        select(
            *(Lead.id, Lead.external_id, Lead.state, Lead.review_reason, Lead.is_hot, Lead.account_level),
            Account.code.label("account"),
            rounds.c.kind,
            func.coalesce(reserved.code, User.email).label("owner"),
            decided.c.eligible_ids,
            decided.c.reasons,
        )
        .outerjoin(Account, Account.id == Lead.account_id)
        .outerjoin(decided, decided.c.lead_id == Lead.id)
        .outerjoin(rounds, rounds.c.lead_id == Lead.id)
        .outerjoin(Offer, is_owners)
        .outerjoin(reserved, reserved.id == Offer.partnership_id)
        .outerjoin(Assignment, and_(Assignment.lead_id == Lead.id, Assignment.ended_at.is_(None)))
        .outerjoin(User, and_(User.id == Assignment.user_id, Assignment.origin == AssignmentOrigin.OWNER))
        .where(Lead.manufacturer_id == manufacturer_id)
        .order_by(Lead.received_at, Lead.id)
    )


def _latest_decisions(manufacturer_id: int) -> Subquery:
    """The latest decision about each lead that no person made by hand: who might have it, and why it went its way."""
    return (
        select(RoutingDecision.lead_id, RoutingDecision.eligible_ids, RoutingDecision.reasons)
        .where(RoutingDecision.manufacturer_id == manufacturer_id, RoutingDecision.cause != reassigning.CAUSE)
        .ext(distinct_on(RoutingDecision.lead_id))
        .order_by(RoutingDecision.lead_id, RoutingDecision.id.desc())
        .subquery()
    )


def _latest_rounds(manufacturer_id: int) -> Subquery:
    return (
        select(Round.id, Round.lead_id, Round.kind)
        .where(Round.manufacturer_id == manufacturer_id)
        .ext(distinct_on(Round.lead_id))
        .order_by(Round.lead_id, Round.number.desc())
        .subquery()
    )

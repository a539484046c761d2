"""The leads of a time that were opened to partners: when, to whom, and who had them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, func, select, true
from sqlalchemy.orm import Session

from app.domain.distribution import RoundKind
from app.domain.money import Money
from app.domain.territories import Place
from app.models import Assignment, Lead, LeadProductLine, ProductLine, Round, RoutingDecision

MOST_LEADS = 5_000
MOST_PAIRS = 60_000
"""How many leads one replay takes, and how many pairs of a lead and a partner: it answers within two seconds."""


@dataclass(frozen=True, slots=True)
class OpenedLead:
    """A lead when it first came to the board or was pushed, and who was eligible at that moment."""

    id: uuid.UUID
    at: datetime
    eligible_ids: tuple[int, ...]
    place: Place
    company: Hashable | None
    score: int | None
    value: Money | None


def opened_leads(
    session: Session, manufacturer_id: int, since: datetime, until: datetime
) -> tuple[list[OpenedLead], bool]:
    """The leads received in a time that came to the board or were pushed, in order of that moment.

    Also whether there were more than one replay takes; the newest are kept then.
    """
    opened = (
        select(Round.opened_at, Round.decision_id)
        .where(Round.lead_id == Lead.id, Round.kind.in_([RoundKind.BOARD, RoundKind.PUSH]))
        .order_by(Round.number)
        .limit(1)
        .lateral("opened")
    )
    rows = session.execute(
        select(
            Lead.id,
            Lead.country,
            Lead.subdivision,
            Lead.postal_code,
            Lead.account_id,
            Lead.profile_id,
            Lead.score,
            Lead.amount_cents,
            Lead.currency,
            opened.c.opened_at,
            RoutingDecision.eligible_ids,
        )
        .select_from(Lead)
        .join(opened, true())
        .join(RoutingDecision, RoutingDecision.id == opened.c.decision_id)
        .where(
            Lead.manufacturer_id == manufacturer_id,
            Lead.received_at >= since,
            Lead.received_at < until,
            func.cardinality(RoutingDecision.eligible_ids) > 0,
        )
        .order_by(Lead.received_at.desc(), Lead.id)
        .limit(MOST_LEADS + 1)
    )
    return _as_many_as_go(rows.mappings())


def first_takers(session: Session, lead_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Which partner had each lead first."""
    found = (
        select(Assignment.lead_id, Assignment.partnership_id)
        .where(Assignment.lead_id.in_(lead_ids), Assignment.partnership_id.is_not(None))
        .order_by(Assignment.id.desc())
    )
    return {row.lead_id: row.partnership_id for row in session.execute(found)}


def product_codes(session: Session, lead_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    """The product lines each lead asks for."""
    rows = session.execute(
        select(LeadProductLine.lead_id, ProductLine.code)
        .join(ProductLine, ProductLine.id == LeadProductLine.product_line_id)
        .where(LeadProductLine.lead_id.in_(lead_ids))
    )
    found: dict[uuid.UUID, list[str]] = {}
    for lead_id, code in rows:
        found.setdefault(lead_id, []).append(code)
    return found


def _as_many_as_go(rows: Iterable[RowMapping]) -> tuple[list[OpenedLead], bool]:
    kept: list[OpenedLead] = []
    pairs = 0
    for row in rows:
        pairs += len(row["eligible_ids"])
        if len(kept) == MOST_LEADS or (pairs > MOST_PAIRS and kept):
            return _in_order(kept), True
        kept.append(_lead(row))
    return _in_order(kept), False


def _in_order(leads: Iterable[OpenedLead]) -> list[OpenedLead]:
    return sorted(leads, key=lambda one: (one.at, one.id))


def _lead(row: RowMapping) -> OpenedLead:
    company: Hashable | None = None
    if row["account_id"] is not None or row["profile_id"] is not None:
        company = ("account", row["account_id"]) if row["account_id"] is not None else ("profile", row["profile_id"])
    has_value = row["amount_cents"] is not None and row["currency"] is not None
    return OpenedLead(
        id=row["id"],
        at=row["opened_at"],
        eligible_ids=tuple(row["eligible_ids"]),
        place=Place(row["country"], row["subdivision"], row["postal_code"]),
        company=company,
        score=row["score"],
        value=Money(row["amount_cents"], row["currency"]) if has_value else None,
    )

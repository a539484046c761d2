"""The view of what slips through: each lead with its reason, what happens next by itself, and who has it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, func, select

from app.database import clock_now, db
from app.domain.distribution import RoundKind
from app.domain.errors import Forbidden
from app.domain.identity import Viewer
from app.domain.labels import label_of
from app.domain.leads import LeadState, ReviewReason
from app.domain.money import Money
from app.domain.person_names import full_name
from app.domain.phrases import Phrase
from app.domain.slipping import (
    ALSO_PROMISED,
    SLIP_HEADINGS,
    WATCHER_ROLES,
    SlipFacts,
    SlipKind,
    slip_reason,
    slipping_since,
    urgency,
)
from app.models import Activity, Assignment, Lead, Offer, Partnership, Round, User
from app.queries.cockpit.index import products_of
from app.queries.escalation import ComingStep, coming_steps
from app.queries.network.own import own_manufacturer
from app.queries.slipping.offers import hindrances_of
from app.queries.slipping.slips import slips

SHOWN = 200
"""Leads on one screen; those worth most come first where there are more."""
_KINDS = tuple(SlipKind)


@dataclass(frozen=True, slots=True)
class SlippingLead:
    """One lead about to be lost. `coming` is what happens by itself, None when nothing does.

    `holder` works it or is asked alone; empty where nobody does. `since` says since when it stands like this.
    """

    lead_id: uuid.UUID
    reference: str
    company: str
    person: str
    products: tuple[str, ...]
    country: str | None
    subdivision: str | None
    state: LeadState
    is_hot: bool
    worth: Money | None
    since: Phrase | None
    began_at: datetime
    reason: Phrase
    holder: str
    round_kind: RoundKind | None
    review_reason: ReviewReason | None
    coming: ComingStep | None

    @property
    def is_released_by_hand(self) -> bool:
        """Whether it waits until a person lets it go to partners."""
        return self.state in (LeadState.NURTURING, LeadState.IN_REVIEW)


@dataclass(frozen=True, slots=True)
class SlippingGroup:
    """The leads that slip for one reason, the most urgent first."""

    kind: SlipKind
    heading: Phrase
    leads: tuple[SlippingLead, ...]


@dataclass(frozen=True, slots=True)
class SlippingView:
    """Every group that has leads, the worst first; `total` counts all, also those past `SHOWN`."""

    groups: tuple[SlippingGroup, ...]
    total: int
    now: datetime

    @property
    def shown(self) -> int:
        """How many leads are on the screen."""
        return sum(len(group.leads) for group in self.groups)


def slipping_view(*, viewer: Viewer) -> SlippingView:
    """Which of the viewer's leads are about to be lost, and why; `Forbidden` for who does not watch over them."""
    manufacturer_id = own_manufacturer(viewer)
    if not viewer.has_role(*WATCHER_ROLES):
        raise Forbidden
    session = db.session()
    rows = session.execute(_found(manufacturer_id)).all()
    coming = coming_steps(session, [row.Lead.id for row in rows], viewer.organisation_kind, also=ALSO_PROMISED)
    products = products_of([row.Lead.id for row in rows])
    known = _facts(rows)
    lines: dict[SlipKind, list[SlippingLead]] = {kind: [] for kind in SlipKind}
    for row in rows:
        lines[_KINDS[row.rank]].append(_line(row, known[row.Lead.id], coming.get(row.Lead.id), products))
    now: datetime = session.execute(select(clock_now())).scalar_one()
    return SlippingView(
        groups=tuple(
            SlippingGroup(kind, Phrase(SLIP_HEADINGS[kind]), tuple(sorted(found, key=_urgency)))
            for kind, found in lines.items()
            if found
        ),
        total=rows[0].total if rows else 0,
        now=now,
    )


def _urgency(lead: SlippingLead) -> tuple[object, ...]:
    due_at = lead.coming.due_at if lead.coming else None
    return urgency(is_hot=lead.is_hot, worth=lead.worth, due_at=due_at, since=lead.began_at)


def _found(manufacturer_id: int) -> Select[Any]:
    """The slips with their leads and who has each: who works it, or is asked alone."""
    slip = slips(manufacturer_id)
    worker, seller = Partnership.name.label("partner"), User.name.label("seller")
    worth = func.coalesce(Lead.expected_revenue_cents, Lead.amount_cents)
    return (
        select(Lead, slip.c.rank, slip.c.since, slip.c.round_id, Round.kind.label("round_kind"), worker, seller)
        .add_columns(func.count().over().label("total"))
        .select_from(slip)
        .join(Lead, Lead.id == slip.c.lead_id)
        .outerjoin(Round, Round.id == slip.c.round_id)
        .outerjoin(Offer, and_(Offer.round_id == Round.id, Offer.is_exclusive, Offer.answer.is_(None)))
        .outerjoin(Assignment, and_(Assignment.lead_id == Lead.id, Assignment.ended_at.is_(None)))
        .outerjoin(Partnership, Partnership.id == func.coalesce(Assignment.partnership_id, Offer.partnership_id))
        .outerjoin(User, User.id == Assignment.user_id)
        .order_by(slip.c.rank, Lead.is_hot.desc(), worth.desc().nulls_last(), slip.c.since, Lead.id)
        .limit(SHOWN)
    )


def _line(
    row: Row[Any], facts: SlipFacts, coming: ComingStep | None, products: Mapping[uuid.UUID, tuple[str, ...]]
) -> SlippingLead:
    lead: Lead = row.Lead
    kind = _KINDS[row.rank]
    return SlippingLead(
        lead_id=lead.id,
        reference=lead.reference,
        company=lead.company,
        person=full_name(lead.given_name, lead.family_name),
        products=products.get(lead.id, ()),
        country=lead.country,
        subdivision=lead.subdivision,
        state=lead.state,
        is_hot=lead.is_hot,
        worth=_worth(lead),
        since=slipping_since(kind, row.since if facts.hindrances is None else facts.hindered_since, facts),
        began_at=row.since,
        reason=slip_reason(kind, facts),
        holder=_holder(row),
        round_kind=row.round_kind,
        review_reason=lead.review_reason,
        coming=coming,
    )


def _holder(row: Row[Any]) -> str:
    """Who works it, or is asked alone."""
    return row.partner or row.seller or ""


def _worth(lead: Lead) -> Money | None:
    """What is expected of it, else what the prospect said it would spend."""
    if lead.expected_revenue_cents is not None and lead.expected_revenue_currency:
        return Money(lead.expected_revenue_cents, lead.expected_revenue_currency)
    return Money(lead.amount_cents, lead.currency) if lead.amount_cents is not None and lead.currency else None


def _facts(rows: Sequence[Row[Any]]) -> dict[uuid.UUID, SlipFacts]:
    """What the sentence about each lead needs."""
    of_kind = {kind: [row for row in rows if _KINDS[row.rank] is kind] for kind in SlipKind}
    hindrances = hindrances_of([row.round_id for row in of_kind[SlipKind.NOBODY_LEFT] if row.round_id])
    quiet = _last_activities([row.Lead.id for row in of_kind[SlipKind.STALLED]])
    return {
        row.Lead.id: SlipFacts(
            round_kind=row.round_kind,
            holder=_holder(row),
            hindrances=hindered.counted if (hindered := hindrances.get(row.Lead.id)) else None,
            hindered_since=hindered.since if hindered else None,
            question=label_of(row.Lead.review_reason) if row.Lead.review_reason else None,
            quiet_since=quiet.get(row.Lead.id),
            follow_up_at=row.Lead.follow_up_at,
        )
        for row in rows
    }


def _last_activities(lead_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, datetime]:
    last = select(Activity.lead_id, func.max(Activity.happened_at)).where(Activity.lead_id.in_(lead_ids))
    return {row[0]: row[1] for row in db.session.execute(last.group_by(Activity.lead_id))}

"""What a change of the routing rules does to leads that are offered now, or that nobody may have."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Text, and_, false, func, literal_column, or_, select
from sqlalchemy.orm import Session, aliased

from app.database import db, is_one_of
from app.domain.distribution import RoundKind
from app.domain.identity import Viewer
from app.domain.leads import LeadState, ReviewReason
from app.domain.routing_rules import RoutingRule
from app.domain.rule_limits import PartnerLimits, limits_of
from app.models import Lead, Offer, Partnership, Round, Tier
from app.queries.network.own import own_manufacturer
from app.queries.routing_rules import RuleStanding, all_rules, rule_standings

LIMITED_ROUNDS = (RoundKind.BOARD, RoundKind.PUSH)
"""The rounds in which rules say who may have a lead: an owner's has one already, and the own queue has no partner."""


@dataclass(frozen=True, slots=True)
class RuleEffects:
    """What becomes of the open leads that were looked at.

    `changed_ids` are the leads of which the rules now say another thing. From `losing_ids`, partnerships, some of
    `taken_ids` are taken; `opened_ids` may go to partners that were left out before.
    """

    looked_at: int = 0
    changed_ids: frozenset[uuid.UUID] = frozenset()
    taken_ids: frozenset[uuid.UUID] = frozenset()
    opened_ids: frozenset[uuid.UUID] = frozenset()
    losing_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class KnownStanding:
    """How a lead stood to rules when it was read; true for as long as the lead's row is this version of it."""

    row_version: str
    standing: RuleStanding


def known_standings(session: Session, manufacturer_id: int) -> dict[uuid.UUID, KnownStanding]:
    """How every open lead stands, to be read before others have to wait: most of them stand so still a moment later."""
    versions = _open_leads(session, manufacturer_id)
    standings = rule_standings(session, versions.keys())
    return {lead_id: KnownStanding(versions[lead_id], standing) for lead_id, standing in standings.items()}


def rule_effects(
    session: Session,
    manufacturer_id: int,
    before: Sequence[RoutingRule],
    after: Sequence[RoutingRule],
    *,
    known: Mapping[uuid.UUID, KnownStanding] | None = None,
) -> RuleEffects:
    """Compare what the rules said of each open lead with what they would say, each as far as the others let it.

    Nothing is said of leads that are reserved to their owner, worked, decided about by a person or closed: no rule
    touches them. An offer that rests until the network was looked at is counted as if it stood. Of leads in `known`
    only those that have changed since are read again.
    """
    versions = _open_leads(session, manufacturer_id)
    changes: dict[uuid.UUID, tuple[PartnerLimits, PartnerLimits]] = {}
    for lead_id, standing in _standings(session, versions, known or {}):
        was, is_now = limits_of(standing.met(before)), limits_of(standing.met(after))
        if was != is_now:
            changes[lead_id] = was, is_now
    taken, losing = _taken(session, manufacturer_id, {lead_id: after for lead_id, (_, after) in changes.items()})
    return RuleEffects(
        looked_at=len(versions),
        changed_ids=frozenset(changes),
        taken_ids=taken,
        opened_ids=frozenset(lead_id for lead_id, (was, is_now) in changes.items() if is_now.may_open_beside(was)),
        losing_ids=losing,
    )


def effects_of_saving(rule: RoutingRule, *, viewer: Viewer, rule_id: int | None = None) -> RuleEffects:
    """What saving a rule would do: in the place of the one with this id, else behind all others."""
    session, manufacturer_id = db.session(), own_manufacturer(viewer)
    before = all_rules(session, manufacturer_id)
    after = [replace(rule, id=one.id, version=one.version + 1) if one.id == rule_id else one for one in before]
    return rule_effects(session, manufacturer_id, before, after if rule_id else [*before, rule])


def effects_of_removing(rule_id: int, *, viewer: Viewer) -> RuleEffects:
    """What would become of open leads without a rule."""
    session, manufacturer_id = db.session(), own_manufacturer(viewer)
    before = all_rules(session, manufacturer_id)
    return rule_effects(session, manufacturer_id, before, [one for one in before if one.id != rule_id])


def _standings(
    session: Session, versions: Mapping[uuid.UUID, str], known: Mapping[uuid.UUID, KnownStanding]
) -> Iterator[tuple[uuid.UUID, RuleStanding]]:
    """How leads of these versions stand, as far as possible by what is known."""
    changed = []
    for lead_id, version in versions.items():
        one = known.get(lead_id)
        if one is not None and one.row_version == version:
            yield lead_id, one.standing
        else:
            changed.append(lead_id)
    if changed:
        yield from rule_standings(session, changed).items()


def _open_leads(session: Session, manufacturer_id: int) -> dict[uuid.UUID, str]:
    """Those that rules may touch, each with the version of its row: PostgreSQL writes a new one with every change."""
    is_limited = and_(Lead.state == LeadState.DISTRIBUTING, Round.kind.in_(LIMITED_ROUNDS))
    is_nobodys = and_(Lead.state == LeadState.IN_REVIEW, Lead.review_reason == ReviewReason.NOBODY_ELIGIBLE)
    rows = (
        select(Lead.id, literal_column("lead.xmin::text", Text))
        .outerjoin(Round, and_(Round.lead_id == Lead.id, Round.closed_at.is_(None)))
        .where(Lead.manufacturer_id == manufacturer_id, or_(is_limited, is_nobodys))
    )
    return dict(session.execute(rows).all())


def _taken(
    session: Session, manufacturer_id: int, limits: Mapping[uuid.UUID, PartnerLimits]
) -> tuple[frozenset[uuid.UUID], frozenset[int]]:
    """Of which leads an open offer goes, and from which partnerships; leads of one kind are asked about together."""
    alike: dict[PartnerLimits, list[uuid.UUID]] = defaultdict(list)
    for lead_id, one in limits.items():
        alike[one].append(lead_id)
    leads: set[uuid.UUID] = set()
    losing: set[int] = set()
    for one, lead_ids in alike.items():
        if one.leaves_out:
            gone = (
                select(func.array_agg(Offer.lead_id.distinct()), func.array_agg(Offer.partnership_id.distinct()))
                .join(Partnership, Partnership.id == Offer.partnership_id)
                .join(Tier, Tier.id == Partnership.tier_id)
                .where(is_one_of(Offer.lead_id, lead_ids), Offer.answer.is_(None), _is_left_out(manufacturer_id, one))
            )
            found_leads, found_partners = session.execute(gone).one()
            leads.update(found_leads or ())
            losing.update(found_partners or ())
    return frozenset(leads), frozenset(losing)


def _is_left_out(manufacturer_id: int, limits: PartnerLimits) -> ColumnElement[bool]:
    """`PartnerLimits` as SQL, about a partnership with its tier."""
    lowest = aliased(Tier)
    highest = (
        select(func.max(lowest.rank))
        .where(lowest.manufacturer_id == manufacturer_id, lowest.code.in_(limits.min_tiers))
        .scalar_subquery()
    )
    return or_(
        false() if limits.only_ids is None else Offer.partnership_id.not_in(limits.only_ids),
        Offer.partnership_id.in_(limits.excluded_ids),
        Tier.rank < highest,
    )

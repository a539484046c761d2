"""A manufacturer's distribution plan: the version that new leads start with, and those before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from app.database import db
from app.domain.distribution import DistributionPlan
from app.domain.errors import NotFound
from app.domain.escalation import EscalationLadder
from app.domain.identity import Viewer
from app.domain.newcomers import ExperienceLimits
from app.domain.plan_text import PlanDifference, PlanPart, compare_plans, plan_parts
from app.domain.plans import PlanDraft
from app.domain.ranking import weights_of_json
from app.models import DistributionPlan as PlanRow
from app.models import ManufacturerSettings, ProductLine, User
from app.queries.network.own import own_manufacturer

VERSIONS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """One version of the plan: what it says, who saved it when, and what it changed of the one before."""

    id: int
    version: int
    is_current: bool
    note: str
    created_at: datetime
    created_by: str | None
    draft: PlanDraft
    changes: tuple[PlanDifference, ...] = ()


def draft_of_plan(row: PlanRow) -> PlanDraft:
    """What a version of the plan says."""
    return PlanDraft(
        rounds=DistributionPlan.from_json(row.rounds),
        contact_ladder=EscalationLadder.from_json(row.contact_ladder),
        overlap=row.overlap,
        fairness_every=row.fairness_every,
        newcomer_below=row.newcomer_below,
        experience=ExperienceLimits.from_json(row.experience),
        weights=weights_of_json(row.weights),
    )


def current_plan(*, viewer: Viewer) -> PlanVersion:
    """The version that new leads start with."""
    return _versions(viewer, PlanRow.is_current.is_(True))[0]


def plan_version(*, viewer: Viewer, plan_id: int) -> PlanVersion:
    """One version; NotFound when it is nobody's of this manufacturer."""
    found = _versions(viewer, PlanRow.id == plan_id)
    if not found:
        raise NotFound
    return found[0]


def list_plans(*, viewer: Viewer) -> list[PlanVersion]:
    """The newest versions first, each with what it changed."""
    versions = _versions(viewer)
    names = product_names(viewer=viewer)
    earlier = {one.version: one for one in versions}
    return [_with_changes(one, earlier.get(one.version - 1), names) for one in versions][:VERSIONS_SHOWN]


def sentences_of(draft: PlanDraft, *, viewer: Viewer) -> tuple[PlanPart, ...]:
    """A plan in sentences, with the manufacturer's names for its product lines."""
    return plan_parts(draft, product_names(viewer=viewer))


def differences(before: PlanDraft, after: PlanDraft, *, viewer: Viewer) -> tuple[PlanDifference, ...]:
    """Two plans beside each other, with the manufacturer's names for its product lines."""
    return compare_plans(before, after, product_names(viewer=viewer))


def product_names(*, viewer: Viewer) -> dict[str, str]:
    """The names of the product lines by their codes, in the order of the names."""
    rows = select(ProductLine.code, ProductLine.name).where(ProductLine.manufacturer_id == own_manufacturer(viewer))
    return {row.code: row.name for row in db.session.execute(rows.order_by(ProductLine.name))}


def own_currency(*, viewer: Viewer) -> str:
    """The currency in which the manufacturer sets limits."""
    return db.session.get_one(ManufacturerSettings, own_manufacturer(viewer)).default_currency


def _versions(viewer: Viewer, *conditions: ColumnElement[bool]) -> list[PlanVersion]:
    rows = db.session.execute(
        select(PlanRow, User.name)
        .outerjoin(User, User.id == PlanRow.created_by_id)
        .where(PlanRow.manufacturer_id == own_manufacturer(viewer), *conditions)
        .order_by(PlanRow.version.desc())
        .limit(VERSIONS_SHOWN + 1)
    )
    return [
        PlanVersion(row.id, row.version, row.is_current, row.note, row.created_at, name, draft_of_plan(row))
        for row, name in rows
    ]


def _with_changes(one: PlanVersion, before: PlanVersion | None, names: dict[str, str]) -> PlanVersion:
    changes = compare_plans(before.draft, one.draft, names) if before else ()
    return PlanVersion(
        one.id, one.version, one.is_current, one.note, one.created_at, one.created_by, one.draft, changes
    )

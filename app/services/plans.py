"""Saving a new version of the distribution plan, changed or as an earlier one had it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.audit import EventKind
from app.domain.errors import Invalid, NotFound
from app.domain.identity import Viewer
from app.domain.network.changes import StaleEdit
from app.domain.phrases import N_, Phrase
from app.domain.plan_text import compare_plans
from app.domain.plans import LONGEST_NOTE, PlanDraft
from app.models import DistributionPlan, ManufacturerSettings, ProductLine
from app.queries.plans import draft_of_plan
from app.services.network.writing import NetworkWriting, network_writing


def save_plan(*, actor: Viewer, version: int, draft: PlanDraft, note: str = "") -> int:
    """Make `draft` the plan that new leads start with; returns its version. Leads under way keep theirs.

    `StaleEdit` when `version`, from which the edit began, is not the newest any more; the same plan again changes
    nothing.
    """
    with network_writing(actor) as writing:
        return _save(writing, actor, version, draft, note)


def take_plan_again(*, actor: Viewer, plan_id: int, version: int, note: str = "") -> int:
    """Make an earlier version the plan that new leads start with, as a new version; returns its number.

    `NotFound` when `plan_id` is no version of this manufacturer, else as `save_plan`. The trail says which came back.
    """
    with network_writing(actor) as writing:
        earlier = writing.session.get(DistributionPlan, plan_id)
        if earlier is None or earlier.manufacturer_id != writing.manufacturer_id:
            raise NotFound
        return _save(writing, actor, version, draft_of_plan(earlier), note, again=earlier.version)


def _save(
    writing: NetworkWriting, actor: Viewer, version: int, draft: PlanDraft, note: str, again: int | None = None
) -> int:
    _check(draft, note)
    current = _hold_current(writing.session, writing.manufacturer_id)
    before = draft_of_plan(current)
    if before == draft:
        return current.version
    if current.version != version:
        raise StaleEdit(theirs=before, yours=draft, version=current.version)
    current.is_current = False
    writing.session.flush()
    row = _new_version(writing, actor, current.version + 1, draft, note.strip())
    _record(writing, row, before, draft, again)
    return row.version


def _check(draft: PlanDraft, note: str) -> None:
    draft.check()
    if len(note.strip()) > LONGEST_NOTE:
        reason = Phrase(N_("At most %(most)s characters."), {"most": LONGEST_NOTE})
        raise Invalid(reason, fields={"note": reason})


def _hold_current(session: Session, manufacturer_id: int) -> DistributionPlan:
    """The current version, while nobody else saves: the settings' row gives the savers their order."""
    session.get_one(ManufacturerSettings, manufacturer_id, with_for_update=True)
    current = select(DistributionPlan).where(
        DistributionPlan.manufacturer_id == manufacturer_id, DistributionPlan.is_current
    )
    return session.scalars(current.execution_options(populate_existing=True)).one()


def _new_version(writing: NetworkWriting, actor: Viewer, version: int, draft: PlanDraft, note: str) -> DistributionPlan:
    row = DistributionPlan(
        manufacturer_id=writing.manufacturer_id,
        version=version,
        rounds=draft.rounds.to_json(),
        contact_ladder=draft.contact_ladder.to_json(),
        overlap=draft.overlap,
        fairness_every=draft.fairness_every,
        newcomer_below=draft.newcomer_below,
        experience=draft.experience.to_json(),
        weights={part.value: weight for part, weight in draft.weights.items()},
        note=note,
        created_by_id=actor.user_id,
    )
    writing.session.add(row)
    writing.session.flush()
    return row


def _record(
    writing: NetworkWriting, row: DistributionPlan, before: PlanDraft, after: PlanDraft, again: int | None
) -> None:
    lines = select(ProductLine.code, ProductLine.name).where(ProductLine.manufacturer_id == writing.manufacturer_id)
    names = {line.code: line.name for line in writing.session.execute(lines)}
    changes = [
        {
            "part": difference.heading.to_json(),
            "before": [phrase.to_json() for phrase in difference.before],
            "after": [phrase.to_json() for phrase in difference.after],
        }
        for difference in compare_plans(before, after, names)
    ]
    writing.record(
        EventKind.PLAN_CHANGED,
        plan_id=row.id,
        version=row.version,
        again=again,
        note=row.note,
        differences=changes,
    )

"""The manufacturer's own numbers: tiers, score and hours, and what partners see before the claim."""

from __future__ import annotations

from sqlalchemy import select

from app.database import clock_now
from app.domain.audit import EventKind
from app.domain.errors import Invalid, NotFound
from app.domain.identity import Viewer
from app.domain.network.changes import Changes, StaleEdit, changes_between
from app.domain.network.drafts import SettingsDraft, TierDraft
from app.domain.network.settings_draft import PEOPLE_OF_SETTINGS
from app.domain.phrases import N_, Phrase
from app.models import ManufacturerSettings, Partnership, Tier, User
from app.queries.network.drafts import draft_of_settings, draft_of_tier
from app.services.network.writing import NetworkWriting, network_writing
from app.services.owners.holding import hold_seller


def change_settings(*, actor: Viewer, version: int, draft: SettingsDraft) -> None:
    """Change the manufacturer's numbers and the fields partners see. `StaleEdit` when `version` is not the newest.

    Deadlines that run keep their due time, and new leads go by the new numbers; the page says beside a number where it
    counts at once.
    """
    with network_writing(actor) as writing:
        draft.check()
        row = writing.session.get(ManufacturerSettings, writing.manufacturer_id, with_for_update=True)
        if row is None:
            raise NotFound
        before = draft_of_settings(row)
        changes = changes_between(before, draft)
        if row.version != version and changes:
            raise StaleEdit(theirs=before, yours=draft, version=row.version)
        if not changes:
            return
        for name in PEOPLE_OF_SETTINGS:
            if changes.after.get(name) is not None:
                _hold_person(writing, name, changes.after[name])
        for name, value in changes.after.items():
            setattr(row, name, list(value) if isinstance(value, tuple) else value)
        row.version += 1
        row.updated_at = clock_now()
        writing.record(EventKind.SETTINGS_CHANGED, _with_names(writing, changes))


def create_tier(*, actor: Viewer, draft: TierDraft) -> int:
    """Add a partner level; returns its id. `Invalid` when its code or rank is taken."""
    with network_writing(actor) as writing:
        _check_tier(writing, draft)
        tier = Tier(manufacturer_id=writing.manufacturer_id, **_columns(draft))
        writing.session.add(tier)
        writing.session.flush()
        writing.record(EventKind.TIER_CHANGED, Changes(after=_columns(draft)), tier_id=tier.id)
        return tier.id


def change_tier(*, actor: Viewer, tier_id: int, draft: TierDraft) -> None:
    """Change a level's name, rank, head start or caps; a new rank puts every partner's offers to the recheck."""
    with network_writing(actor) as writing:
        tier = writing.find(Tier, tier_id, locked=True)
        _check_tier(writing, draft, but_id=tier.id)
        changes = changes_between(draft_of_tier(tier), draft)
        if not changes:
            return
        for name, value in changes.after.items():
            setattr(tier, name, value)
        if changes.touches(frozenset({"rank"})):
            everybody = select(Partnership.id).where(Partnership.manufacturer_id == writing.manufacturer_id)
            writing.doubt_eligibility(writing.session.scalars(everybody))
        writing.record(EventKind.TIER_CHANGED, changes, tier_id=tier.id, code=tier.code)


def _hold_person(writing: NetworkWriting, name: str, user_id: int) -> None:
    try:
        hold_seller(writing.session, writing.manufacturer_id, user_id, field=name)
    except NotFound as stranger:
        reason = Phrase(N_("Choose one of your own people."))
        raise Invalid(reason, fields={name: reason}) from stranger


def _with_names(writing: NetworkWriting, changes: Changes) -> Changes:
    """The changes with the people's names in place of their ids, for whoever reads the trail."""
    ids = {side.get(name) for side in (changes.before, changes.after) for name in PEOPLE_OF_SETTINGS} - {None}
    names = {user.id: user.name for user in writing.session.scalars(select(User).where(User.id.in_(ids)))}
    before, after = (
        {name: names.get(value) if name in PEOPLE_OF_SETTINGS else value for name, value in side.items()}
        for side in (changes.before, changes.after)
    )
    return Changes(before, after)


def _columns(draft: TierDraft) -> dict[str, str | int]:
    return {name: getattr(draft, name) for name in TierDraft.__dataclass_fields__}


def _check_tier(writing: NetworkWriting, draft: TierDraft, *, but_id: int | None = None) -> None:
    draft.check()
    writing.refuse_taken_code(Tier, draft.code, but_id=but_id)
    same_rank = select(Tier.name).where(
        Tier.manufacturer_id == writing.manufacturer_id, Tier.rank == draft.rank, Tier.id.is_distinct_from(but_id)
    )
    if (name := writing.session.scalar(same_rank)) is not None:
        reason = Phrase(N_("%(tier)s has this rank already; each level has its own."), {"tier": name})
        raise Invalid(reason, fields={"rank": reason})

"""The manufacturer's numbers and levels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.database import db
from app.domain.errors import NotFound
from app.domain.identity import Viewer
from app.domain.network.drafts import SettingsDraft, TierDraft
from app.domain.partners import PartnershipStatus
from app.models import ManufacturerSettings, Partnership, Tier
from app.queries.network.drafts import draft_of_settings, draft_of_tier
from app.queries.network.own import own_manufacturer, own_row


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """The settings, the version an edit must begin from, and when they were last changed."""

    draft: SettingsDraft
    version: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class TierLine:
    """One level, with how many partnerships that have not ended stand at it."""

    id: int
    draft: TierDraft
    partners: int

    @property
    def head_start(self) -> timedelta:
        """The working time after the board opens at which its partners see a lead."""
        return timedelta(minutes=self.draft.head_start_minutes)


def manufacturer_settings(*, viewer: Viewer) -> SettingsPage:
    """The settings as they stand."""
    row = db.session.get(ManufacturerSettings, own_manufacturer(viewer))
    if row is None:
        raise NotFound
    return SettingsPage(draft_of_settings(row), row.version, row.updated_at)


def list_tiers(*, viewer: Viewer) -> list[TierLine]:
    """The levels, highest first."""
    partners = (
        select(func.count())
        .select_from(Partnership)
        .where(Partnership.tier_id == Tier.id, Partnership.status != PartnershipStatus.ENDED)
        .scalar_subquery()
    )
    rows = select(Tier, partners).where(Tier.manufacturer_id == own_manufacturer(viewer)).order_by(Tier.rank.desc())
    return [TierLine(tier.id, draft_of_tier(tier), count) for tier, count in db.session.execute(rows)]


def tier_draft(*, viewer: Viewer, tier_id: int) -> TierDraft:
    """A level as it stands, to be edited."""
    return draft_of_tier(own_row(viewer, Tier, tier_id))

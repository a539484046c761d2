"""The written procedure of passing leads on, for the manufacturer whose it is and for its partners."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.database import db
from app.domain.errors import NotFound
from app.domain.identity import Viewer
from app.domain.partners import PartnershipStatus
from app.domain.procedure_text import ProcedurePart, ProcedureRules, procedure_parts
from app.domain.returns import DEFAULT_RETURN_RULES
from app.models import DistributionPlan as PlanRow
from app.models import ManufacturerSettings, Organisation, Partnership
from app.queries.manufacturers import contact_windows, stall_rules
from app.queries.network.own import own_manufacturer
from app.queries.plans import draft_of_plan


@dataclass(frozen=True, slots=True)
class Procedure:
    """A manufacturer's procedure as it stands, since when, and the version of the plan it is made of."""

    manufacturer: str
    version: int
    since: datetime
    parts: tuple[ProcedurePart, ...]


def own_procedure(*, viewer: Viewer) -> Procedure:
    """The procedure of the viewer's manufacturer."""
    return _procedure(own_manufacturer(viewer))


def partners_procedure(*, viewer: Viewer, partnership_id: int) -> Procedure:
    """The procedure of a manufacturer, for the people of its partner; `NotFound` for anybody else's partnership."""
    held = select(Partnership.manufacturer_id).where(
        Partnership.id == partnership_id,
        Partnership.partner_id == viewer.organisation_id,
        Partnership.status != PartnershipStatus.ENDED,
    )
    manufacturer_id = db.session.scalar(held)
    if manufacturer_id is None:
        raise NotFound
    return _procedure(manufacturer_id)


def _procedure(manufacturer_id: int) -> Procedure:
    """The newer of the plan and the settings says since when it stands as it does."""
    session = db.session()
    plan = session.scalars(select(PlanRow).where(PlanRow.manufacturer_id == manufacturer_id, PlanRow.is_current)).one()
    settings = session.get_one(ManufacturerSettings, manufacturer_id)
    windows = contact_windows(session, manufacturer_id)
    rules = ProcedureRules(
        plan=draft_of_plan(plan),
        contact=windows.usual,
        hot_contact=windows.hot,
        owner_contact=windows.owners,
        stalling=stall_rules(session, manufacturer_id),
        returns=DEFAULT_RETURN_RULES,
        cool_down_hours=settings.cool_down_hours,
    )
    return Procedure(
        manufacturer=session.get_one(Organisation, manufacturer_id).name,
        version=plan.version,
        since=max(plan.created_at, settings.updated_at),
        parts=procedure_parts(rules),
    )

"""What a new installation still needs before a lead can find its partner."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import exists, select

from app.database import db
from app.domain.identity import Viewer
from app.domain.partners import PartnershipStatus
from app.models import Authorisation, Lead, Partnership, ProductLine, TerritoryRule, WebForm


class FirstStep(StrEnum):
    """One thing to set up, in the order it is best done."""

    PRODUCTS = "products"
    PARTNERS = "partners"
    AUTHORISATIONS = "authorisations"
    TERRITORIES = "territories"
    FORM = "form"
    FIRST_LEAD = "first_lead"


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """Which steps are done."""

    done: frozenset[FirstStep]

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left."""
        return self.done == frozenset(FirstStep)


def first_steps(*, viewer: Viewer) -> FirstSteps:
    """How far the viewer's manufacturer has come; a partner has nothing to set up."""
    if not viewer.is_manufacturer:
        return FirstSteps(frozenset(FirstStep))
    own = viewer.organisation_id
    active = Partnership.status == PartnershipStatus.ACTIVE
    found = {
        FirstStep.PRODUCTS: exists().where(ProductLine.manufacturer_id == own, ProductLine.is_active),
        FirstStep.PARTNERS: exists().where(Partnership.manufacturer_id == own, active),
        FirstStep.AUTHORISATIONS: exists().where(
            Authorisation.partnership_id == Partnership.id, Partnership.manufacturer_id == own, active
        ),
        FirstStep.TERRITORIES: exists().where(
            TerritoryRule.manufacturer_id == own, TerritoryRule.partnership_id == Partnership.id, active
        ),
        FirstStep.FORM: exists().where(WebForm.manufacturer_id == own, WebForm.is_active),
        FirstStep.FIRST_LEAD: exists().where(Lead.manufacturer_id == own),
    }
    row = db.session.execute(select(*(there.label(step.value) for step, there in found.items()))).one()
    return FirstSteps(frozenset(step for step, there in zip(found, row, strict=True) if there))

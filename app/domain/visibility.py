"""What of a lead a viewer may see. One function decides it for pages, exports, search, mails and the API alike.

It fails closed: what is not positively granted is absent, and two unknowns are never the same (domain.md §4).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from app.domain.identity import Viewer


class VisibilityLevel(StrEnum):
    """How much of a lead there is for a viewer."""

    NONE = "none"
    BLINDED = "blinded"
    FULL = "full"


class LeadField(StrEnum):
    """What a lead says about the prospect and its demand, as far as seeing it is a matter of permission."""

    PRODUCT_LINES = "product_lines"
    REGION = "region"
    POSTAL_AREA = "postal_area"
    INDUSTRY = "industry"
    SIZE_BAND = "size_band"
    VALUE_BAND = "value_band"
    URGENCY = "urgency"
    SOURCE_KIND = "source_kind"
    AGE = "age"
    TIME_LEFT = "time_left"
    SCORE_BAND = "score_band"
    WHY_OFFERED = "why_offered"
    CLEARED_TEXT = "cleared_text"

    PERSON_NAME = "person_name"
    JOB_TITLE = "job_title"
    EMAIL = "email"
    PHONE = "phone"
    COMPANY_NAME = "company_name"
    WEBSITE = "website"
    STREET = "street"
    CITY = "city"
    POSTAL_CODE = "postal_code"
    FREE_TEXT = "free_text"
    EXACT_VALUE = "exact_value"
    EXACT_SCORE = "exact_score"
    SOURCE_DETAIL = "source_detail"
    EXTERNAL_ID = "external_id"

    IP_ADDRESS = "ip_address"
    RAW_INPUT = "raw_input"
    ROUTING = "routing"


SHOWABLE_BEFORE_CLAIM = frozenset(
    {
        LeadField.PRODUCT_LINES,
        LeadField.REGION,
        LeadField.POSTAL_AREA,
        LeadField.INDUSTRY,
        LeadField.SIZE_BAND,
        LeadField.VALUE_BAND,
        LeadField.URGENCY,
        LeadField.SOURCE_KIND,
        LeadField.AGE,
        LeadField.TIME_LEFT,
        LeadField.SCORE_BAND,
        LeadField.WHY_OFFERED,
        LeadField.CLEARED_TEXT,
    }
)
"""All a manufacturer may choose to show before a claim; no setting ever shows more (domain.md §4)."""

MANUFACTURER_ONLY = frozenset({LeadField.IP_ADDRESS, LeadField.RAW_INPUT, LeadField.ROUTING})
"""What stays with the manufacturer even after a claim."""


@dataclass(frozen=True, slots=True)
class Visibility:
    """What a viewer may see of one lead: the level, and exactly these fields."""

    level: VisibilityLevel
    fields: frozenset[LeadField] = frozenset()

    @property
    def is_visible(self) -> bool:
        """Whether there is such a lead at all for the viewer; if not, the answer is 404."""
        return self.level is not VisibilityLevel.NONE

    @property
    def is_full(self) -> bool:
        """Whether the prospect's contact data may be shown."""
        return self.level is VisibilityLevel.FULL

    def shows(self, field: LeadField) -> bool:
        """Whether this field may be shown."""
        return field in self.fields


NOTHING = Visibility(VisibilityLevel.NONE)


def blinded_fields(
    shown_before_claim: Collection[LeadField] = SHOWABLE_BEFORE_CLAIM, *, is_text_cleared: bool = False
) -> frozenset[LeadField]:
    """The fields a partner sees before a claim: the manufacturer's choice, never beyond what may be shown at all.

    The prospect's own words only when a person has cleared them.
    """
    shown = SHOWABLE_BEFORE_CLAIM.intersection(shown_before_claim)
    return shown if is_text_cleared else shown - {LeadField.CLEARED_TEXT}


def visible_fields(
    viewer: Viewer | None,
    *,
    manufacturer_id: int | None,
    assigned_partner_id: int | None,
    offered_partner_ids: Collection[int | None] = (),
    shown_before_claim: Collection[LeadField] = SHOWABLE_BEFORE_CLAIM,
    is_text_cleared: bool = False,
) -> Visibility:
    """Decide what of a lead a viewer may see. All ids are organisations'.

    The lead's manufacturer sees all; the partner of the active assignment all but what stays with the manufacturer; a
    partner with an open offer that is visible by now the blinded fields; everybody else, and nobody, nothing.
    """
    own_id = viewer.organisation_id if viewer is not None else None
    if viewer is None or own_id is None:
        return NOTHING
    if viewer.is_manufacturer:
        return Visibility(VisibilityLevel.FULL, frozenset(LeadField)) if manufacturer_id == own_id else NOTHING
    if not viewer.is_partner:
        return NOTHING
    if assigned_partner_id == own_id:
        return Visibility(VisibilityLevel.FULL, frozenset(LeadField) - MANUFACTURER_ONLY)
    if own_id in offered_partner_ids:
        fields = blinded_fields(shown_before_claim, is_text_cleared=is_text_cleared)
        return Visibility(VisibilityLevel.BLINDED, fields)
    return NOTHING

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


class GuardedField(StrEnum):
    """What a lead says about the prospect and its demand, as far as seeing it is a matter of permission."""

    PRODUCT_LINES = "product_lines"
    REGION = "region"
    POSTAL_AREA = "postal_area"
    URGENCY = "urgency"
    AGE = "age"
    TIME_LEFT = "time_left"
    WHY_OFFERED = "why_offered"

    INDUSTRY = "industry"
    SIZE_BAND = "size_band"
    VALUE_BAND = "value_band"
    SOURCE_KIND = "source_kind"
    SCORE_BAND = "score_band"
    MESSAGE = "message"

    PERSON_NAME = "person_name"
    JOB_TITLE = "job_title"
    EMAIL = "email"
    PHONE = "phone"
    COMPANY_NAME = "company_name"
    WEBSITE = "website"
    STREET = "street"
    CITY = "city"
    POSTAL_CODE = "postal_code"
    EXACT_VALUE = "exact_value"
    EXACT_SCORE = "exact_score"
    SOURCE_DETAIL = "source_detail"
    EXTERNAL_ID = "external_id"

    IP_ADDRESS = "ip_address"
    RAW_INPUT = "raw_input"
    ROUTING = "routing"


ALWAYS_SHOWN = frozenset(
    {
        GuardedField.PRODUCT_LINES,
        GuardedField.REGION,
        GuardedField.POSTAL_AREA,
        GuardedField.URGENCY,
        GuardedField.AGE,
        GuardedField.TIME_LEFT,
        GuardedField.WHY_OFFERED,
    }
)
"""What every offer shows before a claim, or nobody could judge it (B-02)."""

CHOOSABLE = frozenset(
    {
        GuardedField.INDUSTRY,
        GuardedField.SIZE_BAND,
        GuardedField.VALUE_BAND,
        GuardedField.SOURCE_KIND,
        GuardedField.SCORE_BAND,
        GuardedField.MESSAGE,
    }
)
"""What a manufacturer may choose to show beside that; no setting ever shows more (domain.md §4)."""

MANUFACTURER_ONLY = frozenset({GuardedField.IP_ADDRESS, GuardedField.RAW_INPUT, GuardedField.ROUTING})
"""What stays with the manufacturer even after a claim."""


@dataclass(frozen=True, slots=True)
class Visibility:
    """What a viewer may see of one lead: the level, and exactly these fields."""

    level: VisibilityLevel
    fields: frozenset[GuardedField] = frozenset()

    @property
    def is_visible(self) -> bool:
        """Whether there is such a lead at all for the viewer; if not, the answer is 404."""
        return self.level is not VisibilityLevel.NONE

    @property
    def is_full(self) -> bool:
        """Whether the prospect's contact data may be shown."""
        return self.level is VisibilityLevel.FULL

    def shows(self, field: GuardedField) -> bool:
        """Whether this field may be shown."""
        return field in self.fields


NOTHING = Visibility(VisibilityLevel.NONE)


def blinded_fields(chosen: Collection[str], *, is_text_cleared: bool = False) -> frozenset[GuardedField]:
    """The fields a partner sees before a claim: what every offer shows, and the manufacturer's choice.

    The prospect's own words show only when they are chosen and a person has cleared this lead's.
    """
    shown = ALWAYS_SHOWN | {field for field in CHOOSABLE if field.value in chosen}
    return shown if is_text_cleared else shown - {GuardedField.MESSAGE}


def visible_fields(
    viewer: Viewer | None,
    *,
    manufacturer_id: int | None,
    assigned_partner_id: int | None,
    offered_partner_ids: Collection[int | None] = (),
    chosen: Collection[str] = (),
    is_text_cleared: bool = False,
) -> Visibility:
    """Decide what of a lead a viewer may see. All ids are organisations'; `chosen` is the manufacturer's setting.

    The lead's manufacturer sees all; the partner of the active assignment all but what stays with the manufacturer; a
    partner with an open offer that is visible by now the blinded fields; everybody else, and nobody, nothing.
    """
    own_id = viewer.organisation_id if viewer is not None else None
    if viewer is None or own_id is None:
        return NOTHING
    if viewer.is_manufacturer:
        return Visibility(VisibilityLevel.FULL, frozenset(GuardedField)) if manufacturer_id == own_id else NOTHING
    if not viewer.is_partner:
        return NOTHING
    if assigned_partner_id == own_id:
        return Visibility(VisibilityLevel.FULL, frozenset(GuardedField) - MANUFACTURER_ONLY)
    if own_id in offered_partner_ids:
        return Visibility(VisibilityLevel.BLINDED, blinded_fields(chosen, is_text_cleared=is_text_cleared))
    return NOTHING

"""Who acts: organisations, roles, and the viewer every read and write is done for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class OrganisationKind(StrEnum):
    """The two sides of the marketplace."""

    MANUFACTURER = "manufacturer"
    PARTNER = "partner"


class Role(StrEnum):
    """What a person does in its organisation (domain.md §1)."""

    ADMIN = "admin"
    CHANNEL_MANAGER = "channel_manager"
    ARBITER = "arbiter"
    INSIDE_SALES = "inside_sales"
    VIEWER = "viewer"
    PARTNER_ADMIN = "partner_admin"
    PARTNER_SALES = "partner_sales"


class OneTimePurpose(StrEnum):
    """What a mailed single-use link is for."""

    INVITATION = "invitation"
    PASSWORD_RESET = "password_reset"


MANUFACTURER_ROLES = (
    Role.ADMIN,
    Role.CHANNEL_MANAGER,
    Role.ARBITER,
    Role.INSIDE_SALES,
    Role.VIEWER,
)
PARTNER_ROLES = (Role.PARTNER_ADMIN, Role.PARTNER_SALES)
HEADS = (Role.PARTNER_ADMIN, Role.ADMIN)
"""Who speaks for a whole organisation: its working time, and its people's absences."""


def roles_of(kind: OrganisationKind) -> tuple[Role, ...]:
    """The roles a person may have in an organisation of `kind`."""
    return MANUFACTURER_ROLES if kind is OrganisationKind.MANUFACTURER else PARTNER_ROLES


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person for whom something is read or done. Every query and service takes one."""

    user_id: int
    organisation_id: int
    organisation_kind: OrganisationKind
    role: Role
    name: str = ""
    language: str = "en"
    time_zone: str = "UTC"

    @property
    def is_manufacturer(self) -> bool:
        """Whether the viewer sits on the manufacturer's side."""
        return self.organisation_kind is OrganisationKind.MANUFACTURER

    @property
    def is_partner(self) -> bool:
        """Whether the viewer sits on the partner's side."""
        return self.organisation_kind is OrganisationKind.PARTNER

    def has_role(self, *roles: Role) -> bool:
        """Whether the viewer holds one of `roles`."""
        return self.role in roles

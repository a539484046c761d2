"""Who may do what at the door of a manufacturer."""

from __future__ import annotations

from app.domain.errors import Forbidden, NotFound
from app.domain.identity import Role, Viewer

DESK = (Role.ADMIN, Role.CHANNEL_MANAGER, Role.INSIDE_SALES)
"""May enter, import and correct leads."""
OWNERS = (Role.ADMIN, Role.CHANNEL_MANAGER)
"""May change the forms and what prospects agree to."""


def require(actor: Viewer, *roles: Role) -> int:
    """The manufacturer whose door `actor` may work at; `NotFound` for partners, `Forbidden` in another role."""
    if not actor.is_manufacturer:
        raise NotFound
    if not actor.has_role(*roles):
        raise Forbidden
    return actor.organisation_id

"""Who may call which route: every view says so, and a view that says nothing is closed to all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, abort, current_app, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.domain.api_keys import ApiScope
from app.domain.errors import Forbidden
from app.domain.identity import MANUFACTURER_ROLES, PARTNER_ROLES, OrganisationKind, Role, Viewer
from app.domain.phrases import N_, Phrase
from app.extensions import login_manager

EVERYBODY = MANUFACTURER_ROLES + PARTNER_ROLES
_ALLOWED = "allowed_roles"
_PUBLIC = "is_public"
_SCOPES = "api_scopes"

View = Callable[..., Any]


def allowed(*roles: Role) -> Callable[[View], View]:
    """Open a view to signed-in people who hold one of `roles`."""

    def mark(view: View) -> View:
        setattr(view, _ALLOWED, frozenset(roles))
        return view

    return mark


def scoped(*scopes: ApiScope) -> Callable[[View], View]:
    """Of an API view: open it to keys that carry one of `scopes`, on top of what the person's role allows."""

    def mark(view: View) -> View:
        setattr(view, _SCOPES, frozenset(scopes))
        return view

    return mark


def public(view: View) -> View:
    """Open a view to anybody; the guard tests keep the list of these short."""
    setattr(view, _PUBLIC, True)
    return view


def allowed_roles(view: View) -> frozenset[Role] | None:
    """The roles a view is open to; None when it is public; empty when it was never said."""
    if getattr(view, _PUBLIC, False):
        return None
    roles: frozenset[Role] = getattr(view, _ALLOWED, frozenset())
    return roles


def api_scopes(view: View) -> frozenset[ApiScope]:
    """The scopes one of which a key must carry; empty for a page."""
    scopes: frozenset[ApiScope] = getattr(view, _SCOPES, frozenset())
    return scopes


def init_access(app: Flask) -> None:
    """Check every request before its view runs."""
    app.before_request(guard_request)


def guard_request() -> ResponseReturnValue | None:
    """Anonymous goes to the log-in page, the wrong role is refused, an unmarked view is closed."""
    if request.endpoint is None or request.endpoint == "static":
        return None
    view = current_app.view_functions[request.endpoint]
    roles = allowed_roles(view)
    if roles is None:
        return None
    if not current_user.is_authenticated:
        return login_manager.unauthorized()
    if current_viewer().role not in roles:
        raise Forbidden
    wanted = api_scopes(view)
    if wanted and wanted.isdisjoint(current_user.scopes):
        named = Phrase(
            N_("This key may not do that; it needs the permission: %(scopes)s."), {"scopes": _either(wanted)}
        )
        raise Forbidden(named)
    return None


def _either(scopes: frozenset[ApiScope]) -> str:
    return " / ".join(sorted(scopes))


def current_viewer() -> Viewer:
    """The signed-in person as every query and service wants it; 401 when nobody is signed in."""
    person = current_user._get_current_object()  # noqa: SLF001 - the one look through the proxy, instead of eight
    if not person.is_authenticated:
        abort(401)
    return Viewer(
        user_id=person.id,
        organisation_id=person.organisation_id,
        organisation_kind=OrganisationKind(person.organisation_kind),
        role=Role(person.role),
        name=person.name,
        language=person.language,
        time_zone=person.time_zone,
    )

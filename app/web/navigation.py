"""The main navigation: what each side sees on top of every page."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, current_app, g, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.queries.slipping import COUNT_CAP, count_slipping
from app.web.access import allowed_roles, current_viewer
from app.web.htmx import is_htmx

OWN_PAGES = "/account/"
"""A person's own pages are reached by the person's menu, not by an entry of the navigation."""
_DAILY = ("board", "cockpit", "reviews", "slipping", "distribution", "intake", "partners")
"""The features that are opened every day."""


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One entry of the main navigation; what is not of every day waits under “More” where there are many."""

    label: str
    url: str
    is_current: bool
    badge: str = ""
    is_daily: bool = True


def init_navigation(app: Flask) -> None:
    """Give every template the viewer's navigation."""
    app.context_processor(lambda: {"navigation": navigation_items()})


def navigation_items() -> list[NavigationItem]:
    """The entries the viewer may open, in the order of the working day."""
    if not current_user or not current_user.is_authenticated:
        return []
    entries = [
        ("board.index", _("Board")),
        ("cockpit.index", _("Leads")),
        ("reviews.index", _("Reviews")),
        ("slipping.index", _("Slipping through")),
        ("distribution.direct", _("Direct queue")),
        ("intake.index", _("Intake")),
        ("partners.index", _("Partners")),
        ("territories.index", _("Territories")),
        ("catalog.index", _("Products")),
        ("accounts.index", _("Accounts")),
        ("audit.index", _("Audit trail")),
        ("identity.people", _("People")),
        ("network.settings", _("Settings")),
    ]
    return [_item(endpoint, label) for endpoint, label in entries if _is_open(endpoint)]


def _is_open(endpoint: str) -> bool:
    view = current_app.view_functions.get(endpoint)
    roles = allowed_roles(view) if view else frozenset()
    return roles is None or current_viewer().role in roles


def _item(endpoint: str, label: str) -> NavigationItem:
    blueprint = endpoint.partition(".")[0]
    is_own_page = request.path.startswith(OWN_PAGES)
    is_current = request.blueprint == blueprint and not is_own_page
    return NavigationItem(label, url_for(endpoint), is_current, _badge(endpoint), blueprint in _DAILY)


def _badge(endpoint: str) -> str:
    """How many things wait behind an entry, where people must see it from any page; never asked for a fragment."""
    if endpoint != "slipping.index" or is_htmx() or g.get("is_refused"):
        return ""
    count = count_slipping(viewer=current_viewer())
    return f"{COUNT_CAP}+" if count > COUNT_CAP else str(count or "")

"""Pages and API: one folder per feature, each with `routes.py` and `forms.py`.

May import services, queries and domain; never models, jobs or the session. Feature folders never import each other.
"""

from __future__ import annotations

from importlib import import_module

from flask_openapi3 import OpenAPI

from app.web.access import init_access
from app.web.account_menu import init_account_menu
from app.web.api.v1.routes import init_api
from app.web.errors import init_errors
from app.web.legible import init_legible
from app.web.markup import init_markup
from app.web.navigation import init_navigation
from app.web.offers import init_offers
from app.web.places import init_places
from app.web.security import init_security

PAGES: tuple[str, ...] = (
    "appearance",
    "health",
    "styleguide",
    "start",
    "identity",
    "availability",
    "calendar",
    "cockpit",
    "audit",
    "partners",
    "territories",
    "catalog",
    "accounts",
    "owners",
    "network",
    "plans",
    "simulation",
    "board",
    "claims",
    "forms",
    "intake",
    "lead_routing",
    "distribution",
    "reviews",
    "slipping",
    "response_scores",
)

DEMO_PAGES: tuple[str, ...] = ("demo",)
"""Bound in demo mode only."""


def register(app: OpenAPI) -> None:
    """Bind what guards every request, then each feature's blueprint."""
    init_security(app)
    init_legible(app)
    init_access(app)
    init_errors(app)
    init_navigation(app)
    init_account_menu(app)
    init_markup(app)
    init_places(app)
    init_offers(app)
    is_demo: bool = app.extensions["config"].demo_mode
    for name in (*PAGES, *DEMO_PAGES) if is_demo else PAGES:
        app.register_blueprint(import_module(f"app.web.{name}.routes").blueprint)
    init_api(app)

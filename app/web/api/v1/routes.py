"""All routes of this version; each module says what it holds."""

from __future__ import annotations

from flask_openapi3 import OpenAPI

from app.web.api.v1 import board, document, incoming, leads, offers, returns
from app.web.api.v1.blueprint import blueprint

__all__ = ["board", "document", "incoming", "init_api", "leads", "offers", "returns"]


def init_api(app: OpenAPI) -> None:
    """Bind the API and describe it."""
    document.describe(app)
    app.register_api(blueprint)

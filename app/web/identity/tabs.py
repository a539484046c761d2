"""The tabs over a person's own pages."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _


def own_tabs(current: str) -> list[dict[str, object]]:
    """The person's own pages; `current` is the endpoint of the one being drawn."""
    pages = [("profile", _("Settings")), ("sessions", _("Where I am signed in")), ("api_keys", _("API keys"))]
    return [
        {"label": label, "url": url_for(f"identity.{endpoint}"), "is_current": endpoint == current}
        for endpoint, label in pages
    ]

"""What every page about one partner draws, whichever feature it belongs to."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from app.domain.identity import Role, Viewer
from app.domain.labels import label_of
from app.queries.network.partners import partner_overview

NETWORK_WRITERS = (Role.ADMIN, Role.CHANNEL_MANAGER)
"""The roles that are shown the forms of the network; the services check again."""


def partner_context(viewer: Viewer, partnership_id: int, current: str = "") -> dict[str, object]:
    """One partner's standing, the tabs over its pages, and whether the viewer may write."""
    pages = [
        ("partners.detail", _("Overview")),
        ("partners.products", _("Products")),
        ("territories.lines", _("Territory")),
        ("partners.people", _("People")),
        ("response_scores.of_partner", _("Answers")),
    ]
    return {
        "partner": partner_overview(viewer=viewer, partnership_id=partnership_id),
        "label_of": label_of,
        "may_write": viewer.has_role(*NETWORK_WRITERS),
        "tabs_of_partner": [
            {
                "label": label,
                "url": url_for(endpoint, partnership_id=partnership_id),
                "is_current": endpoint == current,
            }
            for endpoint, label in pages
        ],
    }

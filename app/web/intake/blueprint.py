"""The blueprint that the pages of the door share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext as _

from app.queries.intake.submissions import count_quarantined
from app.web.access import current_viewer
from app.web.intake.words import channel_label, field_label, import_state_label, state_kind, state_label

blueprint = Blueprint("intake", __name__, url_prefix="/intake")


@blueprint.context_processor
def shared_words() -> dict[str, Any]:
    """What every page of the door calls its states, channels and fields, and its tabs."""
    return {
        "channel_label": channel_label,
        "field_label": field_label,
        "import_state_label": import_state_label,
        "state_kind": state_kind,
        "state_label": state_label,
        "door_tabs": door_tabs,
    }


def door_tabs(current: str) -> list[dict[str, Any]]:
    """The parts of the door; `current` is the endpoint of the one shown."""
    parts = [
        ("intake.index", _("Arrived"), None),
        ("intake.quarantine", _("Quarantine"), count_quarantined(viewer=current_viewer())),
        ("intake.imports", _("Imports"), None),
        ("intake.web_forms", _("Web forms"), None),
        ("intake.wording", _("Consent wording"), None),
    ]
    return [
        {"label": label, "url": url_for(endpoint), "is_current": endpoint == current, "badge": badge}
        for endpoint, label, badge in parts
    ]

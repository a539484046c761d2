"""The list's filters between the URL and the query, and the links that change them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from app.domain.leads import LeadState, Stage
from app.queries.cockpit import LeadFilters, LeadList
from app.web.cockpit.forms import FilterForm


@dataclass(frozen=True, slots=True)
class FilterLink:
    """A chip that puts one filter on, or takes it off again."""

    label: str
    url: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class ListLinks:
    """Where the list's links lead."""

    toggles: tuple[FilterLink, ...]
    clear_url: str | None
    previous_url: str | None
    next_url: str | None
    export_url: str


def sort_labels() -> dict[str, str]:
    """What the orders of the list are called."""
    return {
        "received": _("Newest first"),
        "priority": _("Priority"),
        "due": _("Next duty"),
        "follow_up": _("Follow-up"),
        "close": _("Close in sight"),
        "revenue": _("Expected revenue"),
        "company": _("Company"),
        "attempts": _("Contact attempts"),
    }


def lead_filters(form: FilterForm) -> LeadFilters:
    """What the URL asks for; words it does not know ask for nothing."""
    return LeadFilters(
        text=(form.q.data or "")[:100],
        state=LeadState(form.state.data) if form.state.data in list(LeadState) else None,
        stage=Stage(form.stage.data) if form.stage.data in list(Stage) else None,
        partnership_id=_number(form.partner.data),
        product_line_id=_number(form.product.data),
        manufacturer_id=_number(form.manufacturer.data),
        is_overdue=bool(form.overdue.data),
        is_hot=bool(form.hot.data),
        is_open=bool(form.open.data),
    )


def list_links(found: LeadList) -> ListLinks:
    """The chips, the pages and the export of the list as it stands."""
    toggles = (("open", _("Open")), ("overdue", _("Overdue")), ("hot", _("Hot")))
    return ListLinks(
        toggles=tuple(
            FilterLink(
                label, _url(**{name: None if name in request.args else "y", "place": None}), name in request.args
            )
            for name, label in toggles
        ),
        clear_url=url_for("cockpit.index") if any(request.args.values()) else None,
        previous_url=_url(place=found.previous_place) if found.previous_place else None,
        next_url=_url(place=found.next_place) if found.next_place else None,
        export_url=url_for("cockpit.export", **_arguments(place=None)),
    )


def _url(**changes: str | None) -> str:
    return url_for("cockpit.index", **_arguments(**changes))


def _arguments(**changes: str | None) -> dict[str, Any]:
    wanted = {**request.args.to_dict(), **changes}
    return {name: value for name, value in wanted.items() if value}


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None

"""The list of partners, and one partner's overview and people."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, TypeVar

from flask import render_template, request, url_for

from app.domain.identity import MANUFACTURER_ROLES
from app.domain.labels import label_of
from app.domain.partners import PartnershipStatus
from app.queries.absences import absences_of_partner
from app.queries.calendars import partner_calendar
from app.queries.departures import departure_progress
from app.queries.network.choices import tier_choices
from app.queries.network.partners import (
    PartnerFilter,
    PartnerSort,
    list_partners,
    partner_countries,
)
from app.queries.network.qualifications import partner_people
from app.queries.partner_standing import standing_changes
from app.web.access import allowed, current_viewer
from app.web.partner_pages import NETWORK_WRITERS, partner_context
from app.web.partners.blueprint import blueprint

Choice = TypeVar("Choice", bound=StrEnum)


@blueprint.get("")
@allowed(*MANUFACTURER_ROLES)
def index() -> str:
    """The manufacturer's partners, narrowed by the address's filters."""
    viewer = current_viewer()
    wanted = PartnerFilter(
        search=request.args.get("q", "").strip(),
        tier_id=request.args.get("tier", type=int),
        status=_choice(PartnershipStatus, "status"),
        country=request.args.get("country", ""),
        sort=_choice(PartnerSort, "sort") or PartnerSort.NAME,
        page=max(1, request.args.get("page", 1, type=int)),
    )
    found = list_partners(viewer=viewer, wanted=wanted)
    return render_template(
        "partners/index.html",
        wanted=wanted,
        found=found,
        tiers=tier_choices(viewer=viewer),
        countries=partner_countries(viewer=viewer),
        statuses=list(PartnershipStatus),
        sorts=PartnerSort,
        label_of=label_of,
        may_write=viewer.has_role(*NETWORK_WRITERS),
        is_filtered=bool(wanted.search or wanted.tier_id or wanted.status or wanted.country),
        url_with=_url_with,
    )


@blueprint.get("/<int:partnership_id>")
@allowed(*MANUFACTURER_ROLES)
def detail(partnership_id: int) -> str:
    """One partner's standing."""
    viewer = current_viewer()
    return render_template(
        "partners/detail.html",
        departure=departure_progress(viewer=viewer, partnership_id=partnership_id),
        absences=absences_of_partner(viewer=viewer, partnership_id=partnership_id),
        standings=standing_changes(viewer=viewer, partnership_id=partnership_id),
        calendar=partner_calendar(viewer=viewer, partnership_id=partnership_id),
        **partner_context(viewer, partnership_id, "partners.detail"),
    )


@blueprint.get("/<int:partnership_id>/people")
@allowed(*MANUFACTURER_ROLES)
def people(partnership_id: int) -> str:
    """The partner's people."""
    viewer = current_viewer()
    found = partner_people(viewer=viewer, partnership_id=partnership_id)
    return render_template(
        "partners/people.html", people=found, **partner_context(viewer, partnership_id, "partners.people")
    )


def _choice(choices: type[Choice], name: str) -> Choice | None:
    """A word of a vocabulary from the address; what it does not know narrows nothing."""
    text = request.args.get(name, "")
    return choices(text) if text in set(choices) else None


def _url_with(**changes: Any) -> str:
    """This list's address with some of its filters changed; the page begins anew."""
    kept: dict[str, Any] = {name: value for name, value in request.args.items() if name != "page" and value}
    return url_for("partners.index", **{**kept, **changes})

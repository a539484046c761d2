"""How leads are passed on, in writing: for the manufacturer, and for its partners from their own side."""

from __future__ import annotations

from flask import render_template

from app.domain.identity import MANUFACTURER_ROLES, PARTNER_ROLES
from app.queries.procedure import own_procedure, partners_procedure
from app.web.access import allowed, current_viewer
from app.web.plans.blueprint import blueprint


@blueprint.get("/plan/procedure")
@allowed(*MANUFACTURER_ROLES)
def procedure() -> str:
    """The procedure that holds for every lead of the manufacturer."""
    return render_template("plans/procedure.html", procedure=own_procedure(viewer=current_viewer()), is_own=True)


@blueprint.get("/procedure/<int:partnership_id>")
@allowed(*PARTNER_ROLES)
def procedure_for_partner(partnership_id: int) -> str:
    """The same, for the people of one of the manufacturer's partners."""
    found = partners_procedure(viewer=current_viewer(), partnership_id=partnership_id)
    return render_template("plans/procedure.html", procedure=found, is_own=False)

"""The start page is each person's first page: a partner's board, a manufacturer's leads, or what is still to set up."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from app.domain.identity import Role
from app.queries.first_steps import FirstStep, first_steps
from app.web.access import allowed, current_viewer, public
from app.web.navigation import navigation_items

blueprint = Blueprint("start", __name__)

SET_UP_BY = (Role.ADMIN, Role.CHANNEL_MANAGER)
PERSONAS = "demo.personas"
_STEPS = {
    FirstStep.PRODUCTS: (
        _l("Product lines"),
        _l("What prospects can ask for, and what each line demands of a partner."),
        _l("Add a product line"),
        "catalog.new",
    ),
    FirstStep.PARTNERS: (
        _l("Partners"),
        _l("Who sells for you, in which tier. One by one, or all at once from your files."),
        _l("Add a partner"),
        "partners.new",
    ),
    FirstStep.AUTHORISATIONS: (
        _l("What partners may sell"),
        _l("Authorise each partner for product lines, with certifications where a line demands them."),
        _l("Choose a partner"),
        "partners.index",
    ),
    FirstStep.TERRITORIES: (
        _l("Territories"),
        _l("Where each partner may sell: countries, regions, postal areas."),
        _l("See coverage and gaps"),
        "territories.index",
    ),
    FirstStep.FORM: (
        _l("A web form"),
        _l("Hosted here or embedded in your site, with the consent prospects give."),
        _l("Make a form"),
        "intake.new_web_form",
    ),
    FirstStep.FIRST_LEAD: (
        _l("The first lead"),
        _l("Enter one, or import a list. It is routed within seconds."),
        _l("Enter a lead"),
        "intake.new",
    ),
}
"""What each step is called, what it is for, and where it is done."""


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step as the page draws it."""

    title: str
    note: str
    action: str
    url: str
    is_done: bool


@blueprint.get("/")
@public
def index() -> ResponseReturnValue:
    """Go to where the person's day begins; nobody goes to the log-in page, in a demo to the personas."""
    if not current_user.is_authenticated:
        is_demo = PERSONAS in current_app.view_functions
        return redirect(url_for(PERSONAS if is_demo else "identity.log_in"), code=303)
    viewer = current_viewer()
    if viewer.has_role(*SET_UP_BY) and not first_steps(viewer=viewer).is_complete:
        return redirect(url_for("start.set_up"), code=303)
    entries = navigation_items()
    return redirect(entries[0].url if entries else url_for("identity.profile"), code=303)


@blueprint.get("/set-up")
@allowed(*SET_UP_BY)
def set_up() -> str:
    """What is still missing before a lead can find its partner, each with the page where it is done."""
    done = first_steps(viewer=current_viewer()).done
    return render_template("start/set_up.html", steps=[_line(step, done) for step in FirstStep])


def _line(step: FirstStep, done: frozenset[FirstStep]) -> StepLine:
    title, note, action, endpoint = _STEPS[step]
    return StepLine(str(title), str(note), str(action), url_for(endpoint), step in done)

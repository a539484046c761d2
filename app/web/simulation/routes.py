"""The simulation: the same leads as they went, and as they would have gone by another policy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.adapters.spreadsheets.writing import write_csv
from app.domain.labels import label_of
from app.domain.plans import PlanDraft
from app.domain.ranking import RankingPart
from app.domain.simulation import UNWORKED
from app.localisation import phrase_text
from app.queries.plans import current_plan
from app.queries.ranking import RECORD_DAYS
from app.queries.simulation import MOST_LEADS, SimulatedTime, simulate_choice
from app.web.access import allowed, current_viewer
from app.web.partner_pages import NETWORK_WRITERS
from app.web.simulation.blueprint import blueprint
from app.web.simulation.forms import SimulationForm, rules_of_plan, values_of_plan, weight_name

PARTNERS_SHOWN = 50
REGIONS_SHOWN = 20


@blueprint.get("/plan/simulation")
@allowed(*NETWORK_WRITERS)
def index() -> ResponseReturnValue:
    """Both sides of a replay; at first of the last quarter by the present plan's own policy."""
    form = _form()
    if not form.validate():
        return _page(form, None), 422
    return _page(form, _simulated(form))


@blueprint.get("/plan/simulation/partners.csv")
@allowed(*NETWORK_WRITERS)
def partners() -> ResponseReturnValue:
    """The leads of every partner on both sides, as a file."""
    form = _form()
    if not form.validate():
        return _page(form, None), 422
    replayed = _replayed(form, current_plan(viewer=current_viewer()).draft)
    response = Response(write_csv(_cells(_simulated(form), replayed), current_viewer().language), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="simulation.csv"'
    return response


def _form() -> SimulationForm:
    """The form of the address; what the address leaves out is as the present plan has it."""
    return SimulationForm(values_of_plan(current_plan(viewer=current_viewer()).draft) | request.args.to_dict())


def _simulated(form: SimulationForm) -> SimulatedTime:
    viewer = current_viewer()
    plan = current_plan(viewer=viewer).draft
    return simulate_choice(form.rules(plan), plan.experience, form.chosen_period(), viewer=viewer)


def _page(form: SimulationForm, found: SimulatedTime | None) -> str:
    plan = current_plan(viewer=current_viewer())
    return render_template(
        "simulation/index.html",
        form=form,
        found=found,
        in_force=phrase_text(label_of(plan.draft.overlap)),
        version=plan.version,
        replayed=_replayed(form, plan.draft) if found else "",
        weights=[form[weight_name(part)] for part in RankingPart],
        csv_url=url_for("simulation.partners", **_named(form)),
        partners_shown=PARTNERS_SHOWN,
        regions_shown=REGIONS_SHOWN,
        most_leads=MOST_LEADS,
        record_days=RECORD_DAYS,
        unworked=UNWORKED,
    )


def _replayed(form: SimulationForm, plan: PlanDraft) -> str:
    """The policy of a valid form by its name, and whether it is the plan's or only called the same."""
    rules = form.rules(plan)
    name = phrase_text(label_of(rules.policy))
    if rules == rules_of_plan(plan):
        return _("%(policy)s, as in force", policy=name)
    return _("%(policy)s, with other numbers", policy=name) if rules.policy is plan.overlap else name


def _named(form: SimulationForm) -> dict[str, Any]:
    """What the address says of the form."""
    return {field.name: request.args[field.name] for field in form if field.name in request.args}


def _cells(found: SimulatedTime, replayed: str) -> Iterator[tuple[object, ...]]:
    simulation = found.simulation
    yield _("Code"), _("Partner"), _("As it was"), _("Replayed: %(policy)s", policy=replayed)
    for one in simulation.partner_ids:
        partner = found.partners[one]
        yield partner.code, partner.name, simulation.before.counts[one], simulation.after.counts[one]

"""The distribution plan in sentences, and the form that tries a change before it is saved."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.distribution import ASKED_ALONE, ROUND_STEPS, RoundKind
from app.domain.errors import Invalid, Refused
from app.domain.escalation import EscalationAction
from app.domain.identity import MANUFACTURER_ROLES
from app.domain.network.changes import StaleEdit
from app.domain.overlap import OVERLAP_MEANINGS
from app.domain.plans import PlanDraft, moved
from app.domain.ranking import RankingPart
from app.queries.network.settings import list_tiers
from app.queries.plan_trials import TRIED_DAYS, TriedPlan, try_plan
from app.queries.plans import (
    PlanVersion,
    current_plan,
    differences,
    list_plans,
    own_currency,
    product_names,
    sentences_of,
)
from app.services.plans import save_plan
from app.web.access import allowed, current_viewer
from app.web.htmx import go_to
from app.web.partner_pages import NETWORK_WRITERS
from app.web.plans.blueprint import blueprint
from app.web.plans.drafts import conditioned, draft_of_form, form_values, order_of
from app.web.plans.forms import FIELD_CONDITIONS, PlanForm
from app.web.plans.ladders import ladder_faults, laddered
from app.web.plans.sections import opened_sections, places, summaries
from app.web.plans.versions import named_version
from app.web.problems import drawn_as, show_problems


@blueprint.get("/plan")
@allowed(*MANUFACTURER_ROLES)
def index() -> str:
    """The plan that new leads start with, and every version of it."""
    viewer = current_viewer()
    plan = current_plan(viewer=viewer)
    return render_template(
        "plans/index.html",
        plan=plan,
        parts=sentences_of(plan.draft, viewer=viewer),
        policies=OVERLAP_MEANINGS,
        tiers=list_tiers(viewer=viewer),
        versions=list_plans(viewer=viewer),
        may_write=viewer.has_role(*NETWORK_WRITERS),
    )


@blueprint.get("/plan/edit")
@allowed(*NETWORK_WRITERS)
def edit() -> str:
    """The form, filled with the current plan, or with the version `from` that is to come back."""
    plan = named_version("from")
    newest = current_plan(viewer=current_viewer()).version
    return _edit_page(_form(**form_values(plan.draft), version=newest), brings_back=None if plan.is_current else plan)


@blueprint.post("/plan/order")
@allowed(*NETWORK_WRITERS)
def rearrange() -> ResponseReturnValue:
    """Move a round one place up or down in the form; nothing is saved."""
    form = _form()
    direction, _colon, kind = request.form.get("move", "").partition(":")
    if kind not in list(RoundKind) or direction not in ("up", "down"):
        form.form_errors.append(_("Choose which round to move."))
        return _edit_page(form), 422
    form.order.data = ",".join(moved(order_of(form), RoundKind(kind), up=direction == "up"))
    return _edit_page(form)


@blueprint.post("/plan/try")
@allowed(*NETWORK_WRITERS)
def attempt() -> ResponseReturnValue:
    """Show what the form's plan would have done to last month's leads; nothing is saved."""
    form = _form()
    draft = _draft(form)
    if draft is None:
        return _edit_page(form), 422
    return _edit_page(form, draft=draft, tried=try_plan(draft, viewer=current_viewer()))


@blueprint.post("/plan/edit")
@allowed(*NETWORK_WRITERS)
def save() -> ResponseReturnValue:
    """Save the form's plan as the newest version; when somebody saved meanwhile, show both."""
    form = _form()
    draft = _draft(form)
    if draft is None:
        return _edit_page(form), 422
    try:
        number = save_plan(
            actor=current_viewer(), version=form.version.data or 0, draft=draft, note=form.note.data or ""
        )
    except StaleEdit as stale:
        show_problems(form, stale)
        form.version.data, form.version.raw_data = stale.version, None
        return _edit_page(form, draft=draft, is_stale=True), 409
    except (Invalid, Refused) as error:
        status = show_problems(form, error)
        return _edit_page(form), status
    flash(_("Saved as version %(version)s. New leads start with it.", version=number), "success")
    return go_to(url_for("plans.index"))


def _form(**values: object) -> PlanForm:
    form = PlanForm(**values)
    form.offer(product_names(viewer=current_viewer()))
    return form


def _draft(form: PlanForm) -> PlanDraft | None:
    """The plan of the form; None when the form says what is wrong with it."""
    form.validate()
    if faults := ladder_faults(form):
        show_problems(form, Invalid(next(iter(faults.values())), fields=faults))
    if form.errors:
        return None
    try:
        draft = draft_of_form(form, own_currency(viewer=current_viewer()))
        draft.check()
    except Invalid as error:
        show_problems(form, error)
        return None
    return draft


def _simulation_url(form: PlanForm) -> str:
    """Where the choice of the form, saved or not, is replayed on past leads."""
    names = ["overlap", "fairness_every", *(f"weight_{part.value}" for part in RankingPart)]
    return url_for("simulation.index", **{name: form[name].data for name in names})


def _edit_page(
    form: PlanForm,
    *,
    draft: PlanDraft | None = None,
    tried: TriedPlan | None = None,
    is_stale: bool = False,
    brings_back: PlanVersion | None = None,
) -> str:
    viewer = current_viewer()
    current, order = current_plan(viewer=viewer), order_of(form)
    return render_template(
        drawn_as("plans/edit.html", "plans/_plan_form.html"),
        form=form,
        order=order,
        opened=opened_sections(form, _form(formdata=None, **form_values(current.draft))),
        places=places(form, order),
        summaries=summaries(form),
        conditioned=conditioned(form),
        laddered=laddered(form),
        round_steps=ROUND_STEPS,
        asked_alone=ASKED_ALONE,
        steps=EscalationAction,
        policies=OVERLAP_MEANINGS,
        weighted=RankingPart,
        tiers=list_tiers(viewer=viewer),
        condition_numbers=range(1, FIELD_CONDITIONS + 1),
        current=current,
        currency=own_currency(viewer=viewer),
        changes=differences(current.draft, draft, viewer=viewer) if draft else (),
        tried=tried,
        tried_days=TRIED_DAYS,
        simulation_url=_simulation_url(form),
        is_stale=is_stale,
        brings_back=brings_back,
    )

"""The manufacturer's own routing rules: their order, and the form that tries a rule on the newest leads."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import Invalid, Refused
from app.domain.identity import MANUFACTURER_ROLES
from app.domain.network.changes import StaleEdit
from app.domain.routing_rules import RoutingRule, RuleTrigger
from app.queries.routing_rules import COUNTED_DAYS, list_rules, rule_line
from app.queries.rule_choices import rule_choices
from app.queries.rule_effects import effects_of_removing
from app.queries.rule_history import rule_history
from app.queries.rule_trials import try_rule
from app.services.routing_rules import change_rule, create_rule, move_rule, remove_rule
from app.web.access import allowed, current_viewer
from app.web.htmx import go_to
from app.web.partner_pages import NETWORK_WRITERS
from app.web.plans.blueprint import blueprint
from app.web.plans.rule_forms import FIRST, SECOND, RuleForm, heading, new_rule_values, rule_values
from app.web.plans.rule_words import effects_said
from app.web.problems import drawn_as, show_problems


@blueprint.get("/plan/rules")
@allowed(*MANUFACTURER_ROLES)
def rules() -> str:
    """Every rule in the order they are asked."""
    viewer = current_viewer()
    return render_template(
        "plans/rules.html",
        rules=list_rules(viewer=viewer),
        days=COUNTED_DAYS,
        may_write=viewer.has_role(*NETWORK_WRITERS),
    )


@blueprint.get("/plan/rules/history")
@allowed(*MANUFACTURER_ROLES)
def rules_history() -> str:
    """Every change of the rules: who made it when, from what to what."""
    return render_template("plans/rules_history.html", changes=rule_history(viewer=current_viewer()))


@blueprint.get("/plan/rules/new")
@allowed(*NETWORK_WRITERS)
def new_rule() -> str:
    """The form to add a rule."""
    return _rule_page(_form(**new_rule_values()))


@blueprint.post("/plan/rules/new")
@allowed(*NETWORK_WRITERS)
def add_rule() -> ResponseReturnValue:
    """Add a rule, try it, or look for a partner it is to name."""
    form = _form()
    if (drawn := _not_saved(form)) is not None:
        return drawn
    try:
        kept = create_rule(actor=current_viewer(), rule=form.rule())
    except Invalid as error:
        show_problems(form, error)
        return _rule_page(form), 422
    flash(_("The rule is added. %(effects)s", effects=effects_said(kept.effects)), "success")
    return go_to(url_for("plans.rules"))


@blueprint.get("/plan/rules/<int:routing_rule_id>")
@allowed(*NETWORK_WRITERS)
def edit_rule(routing_rule_id: int) -> str:
    """The form to change a rule."""
    line = rule_line(viewer=current_viewer(), rule_id=routing_rule_id)
    return _rule_page(_form(**rule_values(line.rule), version=line.version), routing_rule_id)


@blueprint.post("/plan/rules/<int:routing_rule_id>")
@allowed(*NETWORK_WRITERS)
def save_rule(routing_rule_id: int) -> ResponseReturnValue:
    """Change a rule, or draw it anew; when somebody saved meanwhile, say so and show what it says now."""
    viewer = current_viewer()
    line = rule_line(viewer=viewer, rule_id=routing_rule_id)
    form = _form()
    if (drawn := _not_saved(form, routing_rule_id)) is not None:
        return drawn
    try:
        kept = change_rule(actor=viewer, rule_id=routing_rule_id, version=form.version.data or 0, rule=form.rule())
    except StaleEdit as stale:
        show_problems(form, stale)
        form.version.data, form.version.raw_data = stale.version, None
        return _rule_page(form, routing_rule_id, theirs=line.says), 409
    except (Invalid, Refused) as error:
        return _rule_page(form, routing_rule_id), show_problems(form, error)
    flash(_("Saved. %(effects)s", effects=effects_said(kept.effects)), "success")
    return go_to(url_for("plans.rules"))


@blueprint.post("/plan/rules/<int:routing_rule_id>/move")
@allowed(*NETWORK_WRITERS)
def place_rule(routing_rule_id: int) -> ResponseReturnValue:
    """Have a rule asked one place earlier or later."""
    kept = move_rule(actor=current_viewer(), rule_id=routing_rule_id, up=request.form.get("move") != "down")
    if kept.effects.changed_ids:
        flash(_("Saved. %(effects)s", effects=effects_said(kept.effects)), "success")
    return go_to(url_for("plans.rules"))


@blueprint.get("/plan/rules/<int:routing_rule_id>/remove")
@allowed(*NETWORK_WRITERS)
def removing_rule(routing_rule_id: int) -> str:
    """What becomes of leads without a rule, before it is removed for good."""
    viewer = current_viewer()
    return render_template(
        "plans/rule_removal.html",
        line=rule_line(viewer=viewer, rule_id=routing_rule_id),
        said=effects_said(effects_of_removing(routing_rule_id, viewer=viewer)),
    )


@blueprint.post("/plan/rules/<int:routing_rule_id>/remove")
@allowed(*NETWORK_WRITERS)
def drop_rule(routing_rule_id: int) -> ResponseReturnValue:
    """Remove a rule."""
    kept = remove_rule(actor=current_viewer(), rule_id=routing_rule_id)
    flash(_("The rule is removed. %(effects)s", effects=effects_said(kept.effects)), "success")
    return go_to(url_for("plans.rules"))


def _not_saved(form: RuleForm, rule_id: int | None = None) -> ResponseReturnValue | None:
    """The page where the form is not to be saved: a partner was looked for, it is wrong, or it was tried."""
    if "find" in request.form:
        return _rule_page(form, rule_id)
    if not form.validate():
        return _rule_page(form, rule_id), 422
    return _rule_page(form, rule_id, tried=form.rule()) if "try" in request.form else None


def _form(**values: object) -> RuleForm:
    """The form with its choices: of the partners those it names, and those that are looked for."""
    form = RuleForm(**values)
    form.offer(rule_choices(viewer=current_viewer(), named_ids=form.named_ids, search=form.search.data or ""))
    return form


def _rule_page(
    form: RuleForm, rule_id: int | None = None, *, tried: RoutingRule | None = None, theirs: object = None
) -> str:
    trial = try_rule(tried, viewer=current_viewer(), rule_id=rule_id) if tried else None
    return render_template(
        drawn_as("plans/rule.html", "plans/_rule_form.html"),
        form=form,
        choices=form.choices,
        suggestions=form.suggestions,
        heading=heading(rule_id),
        rule_id=rule_id,
        url=url_for("plans.save_rule", routing_rule_id=rule_id) if rule_id else url_for("plans.add_rule"),
        groups=(FIRST, SECOND),
        has_more=form.has_more,
        tried_rule=tried,
        waits_for=tried.when if tried and tried.trigger is not RuleTrigger.RECEIVED else None,
        tried=trial,
        tried_said=effects_said(trial.effects) if trial else "",
        theirs=theirs,
    )

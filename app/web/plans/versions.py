"""The versions of the plan: each beside another, and one of them taken again."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import Length

from app.domain.errors import Invalid, NotFound, Refused
from app.domain.identity import MANUFACTURER_ROLES
from app.domain.network.changes import StaleEdit
from app.domain.plans import LONGEST_NOTE
from app.queries.plans import PlanVersion, current_plan, differences, list_plans, plan_version, sentences_of
from app.services.plans import take_plan_again
from app.web.access import allowed, current_viewer
from app.web.fields import VersionField, tidy
from app.web.htmx import go_to
from app.web.partner_pages import NETWORK_WRITERS
from app.web.plans.blueprint import blueprint
from app.web.problems import show_problems


class AgainForm(FlaskForm):
    """The newest version that was seen when somebody decided, and why the earlier one comes back."""

    version = VersionField()
    note = StringField(
        _l("Why this change"), [Length(max=LONGEST_NOTE)], filters=[tidy], description=_l("For whoever reads the list.")
    )


@blueprint.get("/plan/versions/<int:plan_id>")
@allowed(*MANUFACTURER_ROLES)
def version(plan_id: int) -> str:
    """One version beside another: the one `with` names, else the one in force; that one beside the one before it."""
    viewer = current_viewer()
    shown, all_of_them = plan_version(viewer=viewer, plan_id=plan_id), list_plans(viewer=viewer)
    before = [one for one in all_of_them if one.version == shown.version - 1]
    is_asked = bool(request.args.get("with"))
    other = before[0] if shown.is_current and before and not is_asked else named_version("with")
    return render_template(
        "plans/version.html",
        plan=shown,
        other=other,
        parts=sentences_of(shown.draft, viewer=viewer),
        differences=differences(other.draft, shown.draft, viewer=viewer),
        versions=[(one.id, _("Version %(version)s", version=one.version)) for one in all_of_them if one.id != plan_id],
        may_write=viewer.has_role(*NETWORK_WRITERS),
    )


@blueprint.get("/plan/versions/<int:plan_id>/again")
@allowed(*NETWORK_WRITERS)
def ask_again(plan_id: int) -> str:
    """What would change for new leads if this version were taken again."""
    newest = current_plan(viewer=current_viewer()).version
    return _again_page(plan_version(viewer=current_viewer(), plan_id=plan_id), AgainForm(version=newest))


@blueprint.post("/plan/versions/<int:plan_id>/again")
@allowed(*NETWORK_WRITERS)
def take_again(plan_id: int) -> ResponseReturnValue:
    """Make a new version that says the same as this one."""
    form, wanted = AgainForm(), plan_version(viewer=current_viewer(), plan_id=plan_id)
    if not form.validate():
        return _again_page(wanted, form), 422
    try:
        number = take_plan_again(
            actor=current_viewer(), plan_id=plan_id, version=form.version.data or 0, note=form.note.data or ""
        )
    except (Invalid, Refused) as error:
        status = show_problems(form, error)
        if isinstance(error, StaleEdit):
            form.version.data, form.version.raw_data = error.version, None
        return _again_page(wanted, form), status
    flash(_("Saved as version %(version)s. New leads start with it.", version=number), "success")
    return go_to(url_for("plans.index"))


def named_version(argument: str) -> PlanVersion:
    """The version an address names, else the one in force; NotFound for what is no version of the viewer's."""
    named = request.args.get(argument, "")
    if not named:
        return current_plan(viewer=current_viewer())
    if not named.isdecimal() or len(named) > 9:
        raise NotFound
    return plan_version(viewer=current_viewer(), plan_id=int(named))


def _again_page(wanted: PlanVersion, form: AgainForm) -> str:
    viewer = current_viewer()
    in_force = current_plan(viewer=viewer)
    return render_template(
        "plans/again.html",
        plan=wanted,
        in_force=in_force,
        differences=differences(in_force.draft, wanted.draft, viewer=viewer),
        form=form,
    )

"""When I am away, and when the whole company is."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import Invalid
from app.domain.identity import HEADS, Role
from app.queries.absences import AbsenceLine, CompanyAtStake, company_at_stake, deputy_choices, list_absences
from app.services.availability import end_absence, set_absence
from app.web.access import EVERYBODY, allowed, current_viewer
from app.web.availability.forms import AbsenceForm
from app.web.htmx import go_to
from app.web.problems import show_problems

blueprint = Blueprint("availability", __name__, url_prefix="/account/absences")


@blueprint.get("")
@allowed(*EVERYBODY)
def index() -> str:
    """Who is away now or soon, and the form to say so."""
    return _page(_form(is_sent=False))


@blueprint.post("")
@allowed(*EVERYBODY)
def say() -> ResponseReturnValue:
    """Say that somebody is away; for oneself from the board in two taps, for the whole company after a second look."""
    viewer = current_viewer()
    form = _form(is_sent=True)
    try:
        if not form.validate():
            return _page(form), 422
        if form.speaks_for_all and "is_sure" not in request.form:
            return _page(form, at_stake=company_at_stake(viewer=viewer)), 422
        set_absence(actor=viewer, **form.said(viewer))
    except Invalid as error:
        show_problems(form, error)
        return _page(form), 422
    flash(_("Noted. Say that you are back whenever you are."), "success")
    return go_to(_back())


@blueprint.post("/<int:absence_id>/end")
@allowed(*EVERYBODY)
def end(absence_id: int) -> ResponseReturnValue:
    """Say that somebody is back, or stays after all."""
    end_absence(absence_id=absence_id, actor=current_viewer())
    flash(_("Noted: from now on leads come as before."), "success")
    return go_to(_back())


def _back() -> str:
    """Where it was said: on the board, else on the page of absences."""
    return url_for("board.index" if request.form.get("back") == "board" else "availability.index")


def _form(*, is_sent: bool) -> AbsenceForm:
    viewer = current_viewer()
    people = deputy_choices(viewer=viewer)
    if is_sent:
        return AbsenceForm(viewer, people)
    form = AbsenceForm(viewer, people, formdata=None)
    form.whose.data = request.args.get("whose") or form.whose.data
    return form


def _page(form: AbsenceForm, *, at_stake: CompanyAtStake | None = None) -> str:
    viewer = current_viewer()
    return render_template(
        "availability/index.html",
        form=form,
        at_stake=at_stake,
        back=request.form.get("back", ""),
        lines=[(line, _may_end(line)) for line in list_absences(viewer=viewer)],
        viewer=viewer,
    )


def _may_end(line: AbsenceLine) -> bool:
    viewer = current_viewer()
    if line.user_id is None:
        return viewer.role is Role.PARTNER_ADMIN
    return line.user_id == viewer.user_id or viewer.has_role(*HEADS)

"""When my organisation works: everybody of it sees it, its heads change it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import Invalid
from app.domain.identity import HEADS
from app.domain.network.changes import StaleEdit
from app.domain.working_week_text import DAY_NAMES
from app.queries.calendars import CalendarPage, own_calendar
from app.services.calendars import change_calendar, close_days, open_days
from app.web.access import EVERYBODY, allowed, current_viewer
from app.web.calendar.forms import CalendarForm, ClosingForm
from app.web.htmx import go_to
from app.web.places import country_choices
from app.web.problems import BothVersions, show_problems

blueprint = Blueprint("calendar", __name__, url_prefix="/account/working-time")


@blueprint.get("")
@allowed(*EVERYBODY)
def index() -> str:
    """The hours, the holidays, the closing days, and what follows from them at this moment."""
    page = own_calendar(viewer=current_viewer())
    return _page(_filled(page), page=page)


@blueprint.post("")
@allowed(*HEADS)
def change() -> ResponseReturnValue:
    """Save place, zone and hours."""
    form = _form()
    if not form.validate():
        return _page(form), 422
    try:
        change_calendar(actor=current_viewer(), version=form.version.data or 0, draft=form.draft())
    except StaleEdit as stale:
        show_problems(form, stale)
        form.show(form.draft().written_out())
        form.version.raw_data, form.version.data = None, stale.version
        return _page(form, is_stale=True), 409
    except Invalid as error:
        status = show_problems(form, error)
        return _page(form), status
    flash(_("Saved. Deadlines that run keep their time; new ones follow these hours."), "success")
    return go_to(url_for("calendar.index"))


@blueprint.post("/closed")
@allowed(*HEADS)
def close() -> ResponseReturnValue:
    """Add days on which nobody works."""
    return _change_days(close_days, _("Noted. Deadlines that run keep their time; new ones rest on these days."))


@blueprint.post("/open")
@allowed(*HEADS)
def reopen() -> ResponseReturnValue:
    """Take closing days back."""
    return _change_days(open_days, _("Noted. Deadlines that run keep their time; new ones count these days again."))


def _change_days(change_them: Callable[..., None], told: str) -> ResponseReturnValue:
    form = ClosingForm()
    page = own_calendar(viewer=current_viewer())
    if not form.validate():
        return _page(_filled(page), form, page=page), 422
    try:
        change_them(actor=current_viewer(), first=form.first.data, last=form.last.data)
    except Invalid as error:
        show_problems(form, error)
        return _page(_filled(page), form, page=page), 422
    flash(told, "success")
    return go_to(url_for("calendar.index"))


def _form(**values: Any) -> CalendarForm:
    form = CalendarForm(**values)
    form.country.choices = [("", _("Not known")), *country_choices()]
    return form


def _filled(page: CalendarPage) -> CalendarForm:
    form = _form(formdata=None)
    form.show(page.draft)
    form.version.data = page.version
    return form


def _page(
    form: CalendarForm, closing: ClosingForm | None = None, *, page: CalendarPage | None = None, is_stale: bool = False
) -> str:
    viewer = current_viewer()
    page = page or own_calendar(viewer=viewer)
    return render_template(
        "calendar/index.html",
        page=page,
        form=form,
        closing=closing or ClosingForm(formdata=None),
        versions=_both_versions(form, page) if is_stale else [],
        day_fields=[form[name] for name in DAY_NAMES],
        may_write=viewer.has_role(*HEADS),
    )


def _both_versions(form: CalendarForm, page: CalendarPage) -> list[BothVersions]:
    """Where what was saved meanwhile differs from what the person entered."""
    saved = _filled(page)
    names = ("country", "subdivision", "time_zone", *DAY_NAMES)
    return [
        BothVersions(form[name].label.text, saved[name].data or "–", form[name].data or "–")
        for name in names
        if (saved[name].data or "") != (form[name].data or "")
    ]

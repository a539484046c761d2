"""Coverage per country, and one partner's territory."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import Invalid
from app.domain.identity import MANUFACTURER_ROLES
from app.domain.intake.places import normalise_postal_code, subdivision_of_postal_code
from app.domain.network.values import read_subdivision
from app.domain.territories import Place, TerritoryMode, TerritoryRule
from app.queries.network.choices import product_line_choices
from app.queries.network.territories import (
    PlaceAnswer,
    country_page,
    covered_countries,
    list_territory_lines,
    place_answers,
    territory_line,
)
from app.services.network.territories import add_territory_rule, change_territory_rule, end_territory_rule
from app.web.access import allowed, current_viewer
from app.web.htmx import go_to, redrawn_or_redirect
from app.web.partner_pages import NETWORK_WRITERS, partner_context
from app.web.places import country_choices
from app.web.problems import drawn_as, show_problems
from app.web.territories.chart import tiles_of
from app.web.territories.forms import TerritoryLineForm

blueprint = Blueprint("territories", __name__, url_prefix="/territories")


@blueprint.get("")
@allowed(*MANUFACTURER_ROLES)
def index() -> str:
    """Who covers which subdivision of one country: gaps and overlaps, and who covers one place."""
    viewer = current_viewer()
    countries = covered_countries(viewer=viewer)
    country = request.args.get("country", "").upper() or next(iter(countries), "")
    product_line_id = request.args.get("product", type=int)
    page = country_page(viewer=viewer, country=country, product_line_id=product_line_id)
    place = _asked_place(country)
    return render_template(
        "territories/index.html",
        country=country,
        countries=countries if country in countries or not country else [*countries, country],
        product_line_id=product_line_id,
        products=product_line_choices(viewer=viewer),
        page=page,
        chart=tiles_of(page.coverage),
        show=request.args.get("show", ""),
        place=place,
        answers=_answers(place, product_line_id),
        may_write=viewer.has_role(*NETWORK_WRITERS),
    )


@blueprint.get("/partners/<int:partnership_id>")
@allowed(*MANUFACTURER_ROLES)
def lines(partnership_id: int) -> str:
    """One partner's territory, line by line."""
    return _lines(partnership_id, "territories/lines.html", _filled(TerritoryLineForm(formdata=None)))


@blueprint.post("/partners/<int:partnership_id>")
@allowed(*NETWORK_WRITERS)
def add(partnership_id: int) -> ResponseReturnValue:
    """Add a line to a partner's territory."""
    form = _filled(TerritoryLineForm())
    try:
        if not form.validate():
            return _refused(partnership_id, form), 422
        add_territory_rule(actor=current_viewer(), partnership_id=partnership_id, rule=_rule(form))
    except Invalid as error:
        show_problems(form, error)
        return _refused(partnership_id, form), 422
    return _redrawn(partnership_id)


@blueprint.get("/partners/<int:partnership_id>/<int:rule_id>/edit")
@allowed(*NETWORK_WRITERS)
def edit(partnership_id: int, rule_id: int) -> str:
    """The form to change one line."""
    rule = territory_line(viewer=current_viewer(), partnership_id=partnership_id, rule_id=rule_id)
    return _edit_page(partnership_id, rule_id, _filled(TerritoryLineForm(obj=rule)))


@blueprint.post("/partners/<int:partnership_id>/<int:rule_id>/edit")
@allowed(*NETWORK_WRITERS)
def change(partnership_id: int, rule_id: int) -> ResponseReturnValue:
    """Change one line."""
    viewer = current_viewer()
    territory_line(viewer=viewer, partnership_id=partnership_id, rule_id=rule_id)
    form = _filled(TerritoryLineForm())
    try:
        if not form.validate():
            return _edit_page(partnership_id, rule_id, form), 422
        change_territory_rule(actor=viewer, partnership_id=partnership_id, rule_id=rule_id, rule=_rule(form))
    except Invalid as error:
        show_problems(form, error)
        return _edit_page(partnership_id, rule_id, form), 422
    flash(_("Saved."), "success")
    return go_to(url_for("territories.lines", partnership_id=partnership_id))


@blueprint.post("/partners/<int:partnership_id>/<int:rule_id>/end")
@allowed(*NETWORK_WRITERS)
def end(partnership_id: int, rule_id: int) -> ResponseReturnValue:
    """Take one line out of a partner's territory."""
    end_territory_rule(actor=current_viewer(), partnership_id=partnership_id, rule_id=rule_id)
    return _redrawn(partnership_id, _("Removed. Its open offers are being looked at again."))


def _asked_place(country: str) -> Place | None:
    """The place the reader asks about; its subdivision is found from the postal code when it was not given."""
    postal_code = normalise_postal_code(request.args.get("postal_code", ""), country) or ""
    try:
        subdivision = read_subdivision(request.args.get("subdivision", ""), country)
    except Invalid:
        subdivision = None
    if not country or not (postal_code or subdivision):
        return None
    found = subdivision or subdivision_of_postal_code(postal_code, country)
    return Place(country, found, postal_code or None)


def _answers(place: Place | None, product_line_id: int | None) -> list[PlaceAnswer]:
    if place is None:
        return []
    return place_answers(viewer=current_viewer(), place=place, product_line_id=product_line_id)


def _filled(form: TerritoryLineForm) -> TerritoryLineForm:
    form.country.choices = [("", _("Choose")), *country_choices()]
    return form


def _rule(form: TerritoryLineForm) -> TerritoryRule:
    return TerritoryRule(
        mode=TerritoryMode(form.mode.data),
        country=form.country.data,
        subdivision=form.subdivision.data,
        postal_prefix=form.postal_prefix.data,
        postal_from=form.postal_from.data,
        postal_to=form.postal_to.data,
    )


def _redrawn(partnership_id: int, message: str = "") -> ResponseReturnValue:
    url = url_for("territories.lines", partnership_id=partnership_id)
    form = _filled(TerritoryLineForm(formdata=None))
    return redrawn_or_redirect(lambda: _lines(partnership_id, "territories/_lines.html", form), url, message)


def _refused(partnership_id: int, form: TerritoryLineForm) -> str:
    return _lines(partnership_id, drawn_as("territories/lines.html", "territories/_lines.html"), form)


def _lines(partnership_id: int, template: str, form: TerritoryLineForm) -> str:
    found = list_territory_lines(viewer=current_viewer(), partnership_id=partnership_id)
    return render_template(
        template, lines=found, form=form, **partner_context(current_viewer(), partnership_id, "territories.lines")
    )


def _edit_page(partnership_id: int, rule_id: int, form: TerritoryLineForm) -> str:
    template = drawn_as("territories/edit.html", "territories/_line_form.html")
    return render_template(template, form=form, rule_id=rule_id, **partner_context(current_viewer(), partnership_id))

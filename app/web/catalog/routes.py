"""Product lines."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import Invalid, Refused
from app.domain.identity import MANUFACTURER_ROLES
from app.domain.network.drafts import ProductLineDraft
from app.queries.network.catalog import list_product_lines, product_line_draft
from app.queries.network.choices import tier_choices
from app.services.network.catalog import change_product_line, create_product_line, end_product_line
from app.web.access import allowed, current_viewer
from app.web.catalog.forms import ProductLineForm
from app.web.fields import with_none
from app.web.htmx import go_to
from app.web.partner_pages import NETWORK_WRITERS
from app.web.problems import drawn_as, show_problems

blueprint = Blueprint("catalog", __name__, url_prefix="/products")


@blueprint.get("")
@allowed(*MANUFACTURER_ROLES)
def index() -> str:
    """The manufacturer's product lines."""
    viewer = current_viewer()
    lines = list_product_lines(viewer=viewer)
    return render_template("catalog/index.html", lines=lines, may_write=viewer.has_role(*NETWORK_WRITERS))


@blueprint.get("/new")
@allowed(*NETWORK_WRITERS)
def new() -> str:
    """The form to add a product line."""
    return _page(_filled(ProductLineForm()))


@blueprint.post("/new")
@allowed(*NETWORK_WRITERS)
def create() -> ResponseReturnValue:
    """Add a product line."""
    form = _filled(ProductLineForm())
    if not form.validate():
        return _page(form), 422
    try:
        create_product_line(actor=current_viewer(), draft=_draft(form))
    except (Invalid, Refused) as error:
        status = show_problems(form, error)
        return _page(form), status
    flash(_("%(name)s is added. Say next which partners may sell it.", name=form.name.data), "success")
    return go_to(url_for("catalog.index"))


@blueprint.get("/<int:product_line_id>/edit")
@allowed(*NETWORK_WRITERS)
def edit(product_line_id: int) -> str:
    """The form to change a product line."""
    draft = product_line_draft(viewer=current_viewer(), product_line_id=product_line_id)
    return _page(_filled(ProductLineForm(obj=draft)), product_line_id)


@blueprint.post("/<int:product_line_id>/edit")
@allowed(*NETWORK_WRITERS)
def change(product_line_id: int) -> ResponseReturnValue:
    """Change a product line."""
    viewer = current_viewer()
    product_line_draft(viewer=viewer, product_line_id=product_line_id)
    form = _filled(ProductLineForm())
    if not form.validate():
        return _page(form, product_line_id), 422
    try:
        change_product_line(actor=viewer, product_line_id=product_line_id, draft=_draft(form))
    except (Invalid, Refused) as error:
        status = show_problems(form, error)
        return _page(form, product_line_id), status
    flash(_("Saved."), "success")
    return go_to(url_for("catalog.index"))


@blueprint.post("/<int:product_line_id>/end")
@allowed(*NETWORK_WRITERS)
def end(product_line_id: int) -> ResponseReturnValue:
    """Take a product line out of the programme."""
    end_product_line(actor=current_viewer(), product_line_id=product_line_id)
    flash(_("The product line is out of the programme. Leads that ask for it go on as before."), "success")
    return go_to(url_for("catalog.index"))


def _filled(form: ProductLineForm) -> ProductLineForm:
    form.min_tier_id.choices = with_none(tier_choices(viewer=current_viewer()), _("Any tier"))
    return form


def _draft(form: ProductLineForm) -> ProductLineDraft:
    return ProductLineDraft(**{name: form[name].data for name in ProductLineDraft.__dataclass_fields__})


def _page(form: ProductLineForm, product_line_id: int | None = None) -> str:
    if product_line_id is None:
        url = url_for("catalog.create")
    else:
        url = url_for("catalog.change", product_line_id=product_line_id)
    template = drawn_as("catalog/edit.html", "catalog/_form.html")
    return render_template(template, form=form, url=url, product_line_id=product_line_id)

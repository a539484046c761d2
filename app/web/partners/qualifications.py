"""What one partner may sell: authorisations and certifications."""

from __future__ import annotations

from datetime import date

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.errors import Invalid
from app.domain.identity import MANUFACTURER_ROLES
from app.queries.network.qualifications import partner_qualifications
from app.services.network.authorisations import (
    authorise_partnership,
    certify_partnership,
    change_certification,
    end_authorisation,
    end_certification,
)
from app.web.access import allowed, current_viewer
from app.web.htmx import redrawn_or_redirect
from app.web.partner_pages import NETWORK_WRITERS, partner_context
from app.web.partners.blueprint import blueprint
from app.web.partners.forms import CertificationForm
from app.web.problems import drawn_as, show_problems


@blueprint.get("/<int:partnership_id>/products")
@allowed(*MANUFACTURER_ROLES)
def products(partnership_id: int) -> str:
    """Every product line as this partner stands to it."""
    return _page(partnership_id, "partners/products.html")


@blueprint.post("/<int:partnership_id>/products/<int:product_line_id>/authorise")
@allowed(*NETWORK_WRITERS)
def authorise(partnership_id: int, product_line_id: int) -> ResponseReturnValue:
    """Let the partner sell a product line."""
    authorise_partnership(actor=current_viewer(), partnership_id=partnership_id, product_line_id=product_line_id)
    return _redrawn(partnership_id)


@blueprint.post("/<int:partnership_id>/products/<int:product_line_id>/withdraw")
@allowed(*NETWORK_WRITERS)
def withdraw(partnership_id: int, product_line_id: int) -> ResponseReturnValue:
    """No longer let the partner sell a product line."""
    end_authorisation(actor=current_viewer(), partnership_id=partnership_id, product_line_id=product_line_id)
    return _redrawn(partnership_id)


@blueprint.post("/<int:partnership_id>/products/<int:product_line_id>/certify")
@allowed(*NETWORK_WRITERS)
def certify(partnership_id: int, product_line_id: int) -> ResponseReturnValue:
    """Record a certification."""
    form = CertificationForm(prefix=f"line-{product_line_id}")
    try:
        if not form.validate():
            return _faulty(partnership_id, form), 422
        certify_partnership(
            actor=current_viewer(),
            partnership_id=partnership_id,
            product_line_id=product_line_id,
            valid_from=form.valid_from.data,
            valid_until=form.valid_until.data,
        )
    except Invalid as error:
        show_problems(form, error)
        return _faulty(partnership_id, form), 422
    return _redrawn(partnership_id)


@blueprint.post("/<int:partnership_id>/certifications/<int:certification_id>")
@allowed(*NETWORK_WRITERS)
def change_days(partnership_id: int, certification_id: int) -> ResponseReturnValue:
    """Change the days a certification is valid on."""
    form = CertificationForm(prefix=f"certification-{certification_id}")
    try:
        if not form.validate():
            return _faulty(partnership_id, form), 422
        change_certification(
            actor=current_viewer(),
            partnership_id=partnership_id,
            certification_id=certification_id,
            valid_from=form.valid_from.data,
            valid_until=form.valid_until.data,
        )
    except Invalid as error:
        show_problems(form, error)
        return _faulty(partnership_id, form), 422
    return _redrawn(partnership_id)


@blueprint.post("/<int:partnership_id>/certifications/<int:certification_id>/end")
@allowed(*NETWORK_WRITERS)
def withdraw_certification(partnership_id: int, certification_id: int) -> ResponseReturnValue:
    """Withdraw a certification."""
    end_certification(actor=current_viewer(), partnership_id=partnership_id, certification_id=certification_id)
    return _redrawn(partnership_id)


def _redrawn(partnership_id: int) -> ResponseReturnValue:
    url = url_for("partners.products", partnership_id=partnership_id)
    return redrawn_or_redirect(lambda: _page(partnership_id, "partners/_qualifications.html"), url)


def _faulty(partnership_id: int, form: CertificationForm) -> str:
    return _page(partnership_id, drawn_as("partners/products.html", "partners/_qualifications.html"), form)


def _page(partnership_id: int, template: str, faulty: CertificationForm | None = None) -> str:
    """The product lines; `faulty` is a refused form, shown where it was sent from."""
    viewer = current_viewer()

    def form_at(place: str, **days: date | None) -> CertificationForm:
        if faulty is not None and faulty.valid_until.name.startswith(f"{place}-"):
            return faulty
        return CertificationForm(formdata=None, prefix=place, data=days)

    return render_template(
        template,
        qualifications=partner_qualifications(viewer=viewer, partnership_id=partnership_id),
        form_at=form_at,
        **partner_context(viewer, partnership_id, "partners.products"),
    )

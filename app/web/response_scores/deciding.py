"""What a person decides about a silent partner: lifting a suspension, a territory review."""

from __future__ import annotations

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import Invalid, Refused
from app.domain.identity import MANUFACTURER_ROLES
from app.queries.response_pages import territory_review
from app.services.response_scores import decide_territory_review, lift_suspension
from app.web.access import allowed, current_viewer
from app.web.htmx import go_to
from app.web.partner_pages import NETWORK_WRITERS
from app.web.problems import drawn_as, show_problems
from app.web.response_scores.blueprint import blueprint
from app.web.response_scores.forms import DecisionForm, LiftForm
from app.web.response_scores.reading import partner_page


@blueprint.post("/partners/<int:partnership_id>/response/lift")
@allowed(*NETWORK_WRITERS)
def lift(partnership_id: int) -> ResponseReturnValue:
    """Let a partner claim again before its suspension is over."""
    form = LiftForm()
    status = 422
    if form.validate():
        try:
            lift_suspension(actor=current_viewer(), partnership_id=partnership_id, reason=form.reason.data or "")
            flash(_("The partner may claim again."), "success")
            return go_to(url_for("response_scores.of_partner", partnership_id=partnership_id))
        except (Invalid, Refused) as error:
            status = show_problems(form, error)
    template = drawn_as("response_scores/of_partner.html", "response_scores/_lift.html")
    return partner_page(partnership_id, template, form), status


@blueprint.get("/territory-reviews/<int:territory_review_id>")
@allowed(*MANUFACTURER_ROLES)
def review(territory_review_id: int) -> str:
    """The figures of a silent partner, and the decision about its territory."""
    return _review_page(territory_review_id, DecisionForm(formdata=None))


@blueprint.post("/territory-reviews/<int:territory_review_id>")
@allowed(*NETWORK_WRITERS)
def decide(territory_review_id: int) -> ResponseReturnValue:
    """Decide about a territory; one that is to end is ended by hand on the page this leads to."""
    form = DecisionForm()
    status = 422
    if form.validate():
        keeps = form.territory.data == "keeps"
        try:
            partnership_id = decide_territory_review(
                actor=current_viewer(),
                review_id=territory_review_id,
                keeps_territory=keeps,
                note=form.note.data or "",
            )
            if keeps:
                flash(_("Decided: the partner keeps its territory."), "success")
                return go_to(url_for("response_scores.review", territory_review_id=territory_review_id))
            flash(_("Decided. Take away here the lines that are to end; nothing is gone until you do."), "warning")
            return go_to(url_for("territories.lines", partnership_id=partnership_id))
        except (Invalid, Refused) as error:
            status = show_problems(form, error)
    return _review_page(territory_review_id, form), status


def _review_page(territory_review_id: int, form: DecisionForm) -> str:
    viewer = current_viewer()
    return render_template(
        drawn_as("response_scores/review.html", "response_scores/_decide.html"),
        review=territory_review(viewer=viewer, review_id=territory_review_id),
        form=form,
        may_write=viewer.has_role(*NETWORK_WRITERS),
    )

"""One partner's score, as the partner itself and as the manufacturer sees it."""

from __future__ import annotations

from flask import render_template, request

from app.domain.identity import MANUFACTURER_ROLES, PARTNER_ROLES
from app.queries.response_pages import own_partnerships, response_standing
from app.web.access import allowed, current_viewer
from app.web.partner_pages import partner_context
from app.web.response_scores.blueprint import blueprint
from app.web.response_scores.forms import LiftForm


@blueprint.get("/response-score")
@allowed(*PARTNER_ROLES)
def own() -> str:
    """The partner's own score at its first manufacturer."""
    mine = own_partnerships(viewer=current_viewer())
    if not mine:
        return render_template("response_scores/own.html", mine=[], answers=None)
    return own_at(mine[0][0])


@blueprint.get("/response-score/<int:partnership_id>")
@allowed(*PARTNER_ROLES)
def own_at(partnership_id: int) -> str:
    """The partner's own score at one of its manufacturers."""
    viewer = current_viewer()
    return render_template(
        "response_scores/own.html",
        mine=own_partnerships(viewer=viewer),
        answers=response_standing(viewer=viewer, partnership_id=partnership_id, page=_page()),
    )


@blueprint.get("/partners/<int:partnership_id>/response")
@allowed(*MANUFACTURER_ROLES)
def of_partner(partnership_id: int) -> str:
    """How one partner answers, for its manufacturer."""
    return partner_page(partnership_id, "response_scores/of_partner.html", LiftForm(formdata=None))


def partner_page(partnership_id: int, template: str, form: LiftForm) -> str:
    """The manufacturer's page about one partner's answers, or a part of it."""
    viewer = current_viewer()
    standing = response_standing(viewer=viewer, partnership_id=partnership_id, page=_page())
    context = partner_context(viewer, partnership_id, "response_scores.of_partner")
    return render_template(template, answers=standing, form=form, **context)


def _page() -> int:
    return max(1, request.args.get("page", 1, type=int))

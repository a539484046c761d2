"""How every action on a lead is answered: the lead drawn anew, with what was refused or is wrong where it stands."""

from __future__ import annotations

import uuid
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from app.domain.errors import Invalid, Refused
from app.domain.identity import Viewer
from app.localisation import phrase_text
from app.queries.cockpit import LeadPage, lead_page
from app.web.cockpit.drawing import draw_lead
from app.web.htmx import is_htmx, redrawn_or_redirect


def show_problems(form: Any, invalid: Invalid) -> None:
    """Put what a rule found wrong beside the fields of the form."""
    for name, problem in invalid.fields.items():
        if name in form:
            form[name].errors = [*form[name].errors, phrase_text(problem)]
        else:
            form.form_errors.append(phrase_text(problem))


def redrawn(page: LeadPage, viewer: Viewer, status: int, **parts: Any) -> ResponseReturnValue:
    """The lead with a form as it was sent."""
    template = "cockpit/_lead.html" if is_htmx() else "cockpit/detail.html"
    return draw_lead(page, viewer, template, **parts), status


def redrawn_refused(lead_id: uuid.UUID, viewer: Viewer, refused: Refused, **parts: Any) -> ResponseReturnValue:
    """The lead as it is now, with what was refused."""
    return redrawn(lead_page(viewer=viewer, lead_id=lead_id), viewer, 409, refused=refused, **parts)


def answered(lead_id: uuid.UUID, viewer: Viewer, message: str) -> ResponseReturnValue:
    """The lead as it is now, after something was done."""
    return redrawn_or_redirect(
        lambda: draw_lead(lead_page(viewer=viewer, lead_id=lead_id), viewer, "cockpit/_lead.html"),
        url_for("cockpit.detail", lead_id=lead_id),
        message,
    )

"""The form by which leads are moved by hand, and what its boxes mean."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length

from app.domain.reassigning import LEADS_AT_ONCE, Taker
from app.web.fields import tidy

PLAN = "plan"


class MoveForm(FlaskForm):
    """Why the leads are moved, and that it is meant where rules speak against it.

    `token` is the page's own, so that sending it twice moves them once.
    """

    reason = TextAreaField(
        _l("Why?"),
        [DataRequired(_l("Say why: both sides will read it.")), Length(max=500)],
        filters=[tidy],
        description=_l("Whoever loses a lead is told it, and whoever gets one reads it."),
    )
    is_confirmed = BooleanField(_l("I move them although our rules speak against it"))
    to = HiddenField()
    token = HiddenField(validators=[Length(max=64)])


def read_taker(text: str) -> Taker | None:
    """Whom a box means: `plan`, `partner-7` or `person-3`; None for anything else."""
    if text == PLAN:
        return Taker()
    kind, _dash, number = text.partition("-")
    if not (number.isascii() and number.isdigit() and len(number) < 16):
        return None
    return {"partner": Taker(partnership_id=int(number)), "person": Taker(user_id=int(number))}.get(kind)


def ticked_leads() -> list[uuid.UUID]:
    """The leads ticked in a list, each once, as many as are moved at once; what is no id is passed over."""
    return list(dict.fromkeys(filter(None, map(_lead_id, request.args.getlist("lead")))))[:LEADS_AT_ONCE]


def seen_leads() -> Mapping[uuid.UUID, str]:
    """The leads of a sent preview, and where it showed each to stand."""
    pairs = (text.partition(":") for text in request.form.getlist("lead"))
    return {lead_id: seen for number, _colon, seen in pairs if (lead_id := _lead_id(number)) is not None}


def _lead_id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None

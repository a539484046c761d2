"""The form of an assignment by hand."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from app.localisation import number_text
from app.queries.distribution import AssigneePartner, AssignmentChoice


class AssignForm(FlaskForm):
    """Who takes the lead, and why."""

    assignee = RadioField(
        _l("Who takes it?"),
        [InputRequired(_l("Choose the partner or the person who takes it."))],
        validate_choice=False,
    )
    reason = TextAreaField(
        _l("Why?"),
        [DataRequired(_l("Say why: both sides will read it.")), Length(max=500)],
        description=_l("Both sides read it."),
    )

    def __init__(self, choice: AssignmentChoice) -> None:
        super().__init__()
        partners = [(f"partner-{one.id}", _partner_text(one)) for one in choice.partners]
        people = [(f"person-{user_id}", name) for user_id, name in choice.people]
        self.assignee.choices = partners + people

    def chosen(self) -> dict[str, int]:
        """Who was chosen, as the service wants it; nobody when it cannot be read."""
        kind, _dash, number = (self.assignee.data or "").partition("-")
        name = {"partner": "partnership_id", "person": "user_id"}.get(kind)
        is_number = number.isascii() and number.isdigit() and len(number) < 16
        return {name: int(number)} if name and is_number else {}


def _partner_text(partner: AssigneePartner) -> str:
    standing = _("eligible") if partner.is_eligible else _("not eligible")
    claims = _("%(count)s open claims", count=number_text(partner.open_claims))
    return f"{partner.name} ({partner.code}) · {partner.tier} · {standing} · {claims}"

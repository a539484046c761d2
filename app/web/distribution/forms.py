"""The form of an assignment by hand."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from app.domain.consent import PARTNER_NOT_AGREED_TO
from app.localisation import phrase_text
from app.queries.distribution import AssigneePartner, AssignmentChoice

Choice = tuple[str, str, dict[str, object]]
"""A box's value, its label, and the attributes of its own."""


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
        partners: list[Choice] = [
            (f"partner-{one.id}", _partner_text(one), {} if one.is_agreed_to else {"disabled": True})
            for one in choice.partners
        ]
        people: list[Choice] = [(f"person-{user_id}", name, {}) for user_id, name in choice.people]
        self.assignee.choices = partners + people
        groups = ((_("Partners"), partners), (_("Your own people"), people))
        self.headings = {group[0][0]: heading for heading, group in groups if group}

    def chosen(self) -> dict[str, int]:
        """Who was chosen, as the service wants it; nobody when it cannot be read."""
        kind, _dash, number = (self.assignee.data or "").partition("-")
        name = {"partner": "partnership_id", "person": "user_id"}.get(kind)
        is_number = number.isascii() and number.isdigit() and len(number) < 16
        return {name: int(number)} if name and is_number else {}


def _partner_text(partner: AssigneePartner) -> str:
    standing = _("eligible") if partner.is_eligible else _("not eligible")
    if not partner.is_agreed_to:
        standing = phrase_text(PARTNER_NOT_AGREED_TO)
    elif not partner.is_eligible and partner.obstacle:
        standing = f"{standing} – {phrase_text(partner.obstacle)}"
    claims = ngettext("%(num)s lead not called yet", "%(num)s leads not called yet", partner.open_claims)
    return f"{partner.name} ({partner.code}) · {partner.tier} · {standing} · {claims}"

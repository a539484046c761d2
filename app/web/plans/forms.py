"""The form of the distribution plan: the same fields for each kind of round, then what holds for all."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField, IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.domain.distribution import ASKED_ALONE, RoundKind
from app.domain.errors import Invalid
from app.domain.escalation import EscalationAction
from app.domain.labels import label_of
from app.domain.lead_conditions import FIELD_LABELS, OPERATOR_LABELS, FieldCondition, LeadField, Operator
from app.domain.leads import SourceKind
from app.domain.phrases import Phrase
from app.domain.plans import LONGEST_NOTE, MOST_PARTNERS_IN_TURN
from app.localisation import phrase_text
from app.web.fields import VersionField, tidy
from app.web.plans.choice import ChoiceForm
from app.web.plans.ladders import ladder_fields, round_ladder_fields
from app.web.plans.spans import clock_field, span_field

FIELD_CONDITIONS = 3
"""How many conditions on fields a round may have."""

SAME_DAY = "same_day"


def _is_due(form: FlaskForm, field: Field) -> None:
    """A window must be there unless the round ends with the day."""
    if not (field.data or "").strip():
        is_same_day = form[field.name.replace("_window", "_clock")].data == SAME_DAY
        raise StopValidation("" if is_same_day else _("This must not be empty."))


_is_due.field_flags = {"required": True}  # type: ignore[attr-defined]


def _ticks(label: Any) -> SelectMultipleField:
    return SelectMultipleField(
        label, choices=[], widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), validate_choice=True
    )


def _with_rounds(form: type[PlanForm]) -> type[PlanForm]:
    """Give the form the fields of each round and of each step; a field is named by its round and its meaning."""
    fields = ladder_fields(EscalationAction)
    for kind in RoundKind:
        fields |= {f"{kind.value}_{name}": field for name, field in _round_fields(kind).items()}
        fields |= round_ladder_fields(kind)
    for name, field in fields.items():
        setattr(form, name, field)
    return form


def _round_fields(kind: RoundKind) -> dict[str, Field]:
    whose = _l("The partner's working time.") if kind in ASKED_ALONE else _l("Your own working time.")
    fields: dict[str, Field] = {
        "is_on": BooleanField(_l("This round takes place")),
        "window": span_field(_l("Open for"), _is_due, description=_l("Like 4h, 90m or 1d 10h.")),
        "clock": clock_field(_l("Counted"), (SAME_DAY, _l("until the working day ends")), description=whose),
        "hot_window": span_field(_l("Hot leads: open for"), description=_l("Empty: the same.")),
        "hot_clock": clock_field(_l("Hot leads: counted"), description=whose),
        "products": _ticks(_l("Only for these product lines")),
        "areas": StringField(
            _l("Only from these areas"), filters=[tidy], description=_l("Codes parted by commas: DE, US-CA.")
        ),
        "min_value": IntegerField(_l("Only from a value of"), [Optional(), NumberRange(0, 1_000_000_000)]),
        "min_score": IntegerField(_l("Only from a score of"), [Optional(), NumberRange(0, 100)]),
        "strategic": SelectField(
            _l("Strategic accounts"), choices=[("", _l("any")), ("yes", _l("only they")), ("no", _l("all but they"))]
        ),
        "sources": _ticks(_l("Only by way of")),
    }
    if kind is RoundKind.PUSH:
        most = NumberRange(1, MOST_PARTNERS_IN_TURN)
        fields["max_offers"] = IntegerField(_l("Partners asked in turn, at most"), [InputRequired(), most])
    for number in range(1, FIELD_CONDITIONS + 1):
        fields[f"field_{number}"] = SelectField(_l("Only where the field"), choices=[])
        fields[f"operator_{number}"] = SelectField(_l("compares so"), choices=[])
        fields[f"value_{number}"] = StringField(
            _l("with"), [Length(max=300), makes_sense], filters=[tidy], description=_l("Several parted by commas.")
        )
    return fields


def makes_sense(form: FlaskForm, field: Field) -> None:
    chosen, operator = (form[field.name.replace("_value_", f"_{name}_")].data for name in ("field", "operator"))
    if chosen in list(LeadField) and operator in list(Operator):
        try:
            FieldCondition(LeadField(chosen), Operator(operator), field.data or "").check()
        except Invalid as error:
            raise ValidationError(phrase_text(error.phrase)) from error


class PlanForm(ChoiceForm):
    """A whole plan. The order of the rounds travels as text; buttons change it."""

    order = HiddenField()
    version = VersionField()
    note = StringField(
        _l("Why this change"), [Length(max=LONGEST_NOTE)], filters=[tidy], description=_l("For whoever reads the list.")
    )

    def offer(self, products: dict[str, str]) -> None:
        """Give the fields of each round their choices."""
        sources = [(kind.value, phrase_text(label_of(kind))) for kind in SourceKind]
        fields = [("", "–"), *((field.value, phrase_text(Phrase(FIELD_LABELS[field]))) for field in LeadField)]
        operators = [(one.value, phrase_text(Phrase(OPERATOR_LABELS[one]))) for one in Operator]
        for kind in RoundKind:
            self[f"{kind.value}_products"].choices = list(products.items())
            self[f"{kind.value}_sources"].choices = sources
            for number in range(1, FIELD_CONDITIONS + 1):
                self[f"{kind.value}_field_{number}"].choices = fields
                self[f"{kind.value}_operator_{number}"].choices = operators


_with_rounds(PlanForm)

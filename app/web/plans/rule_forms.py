"""The form of a routing rule, and between it and the rule."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.domain.lead_conditions import (
    FIELD_LABELS,
    JUNCTION_LABELS,
    OPERATOR_LABELS,
    ConditionGroup,
    FieldCondition,
    Junction,
    LeadField,
    Operator,
)
from app.domain.phrases import Phrase
from app.domain.routing_rules import LONGEST_NAME, TRIGGER_LABELS, RoutingRule, RuleTrigger
from app.domain.rule_actions import DESTINATION_LABELS, RuleActions, RuleDestination
from app.localisation import phrase_text
from app.queries.rule_choices import RuleChoices
from app.web.fields import VersionField, tidy
from app.web.plans.forms import makes_sense

ROWS = range(1, 7)
"""The conditions a rule may have; the rows from the fourth on are the second group, of which one must hold."""
FIRST, SECOND = ROWS[:3], ROWS[3:]


def _ticks(label: Any, hint: Any = "") -> SelectMultipleField:
    return SelectMultipleField(
        label,
        choices=[],
        coerce=int,
        description=hint,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


class RuleForm(FlaskForm):
    """A rule: which leads, and what is done with them."""

    name = StringField(
        _l("Name"), [InputRequired(_l("This must not be empty.")), Length(max=LONGEST_NAME)], filters=[tidy]
    )
    is_active = BooleanField(_l("On"), default=True)
    trigger = SelectField(
        _l("It is asked when"),
        [InputRequired()],
        choices=[(one.value, _l(TRIGGER_LABELS[one])) for one in RuleTrigger],
        description=_l(
            "A waiting lead is nurtured or in review; it changes when the prospect asks again or its account does."
        ),
    )
    junction = SelectField(
        _l("It applies when"), [InputRequired()], choices=[(one.value, _l(JUNCTION_LABELS[one])) for one in Junction]
    )
    only_ids = _ticks(_l("Only these partners may have it"), _l("None ticked: everybody who is eligible."))
    preferred_ids = _ticks(
        _l("These partners are asked first"),
        _l("On the board they are told so; their tier says as ever from when on they see it."),
    )
    excluded_ids = _ticks(_l("Not for these partners"), _l("Even where they are eligible otherwise."))
    min_tier = SelectField(_l("Only from this tier up"), choices=[])
    makes_hot = BooleanField(_l("Make it hot"))
    score = IntegerField(_l("Give it the score"), [Optional(), NumberRange(0, 100)])
    product = SelectField(_l("Product line, where it names none"), choices=[])
    destination = SelectField(
        _l("It goes"), [InputRequired()], choices=[(one.value, _l(DESTINATION_LABELS[one])) for one in RuleDestination]
    )
    notified_ids = _ticks(_l("These colleagues get a mail at once"), _l("Once for each lead."))
    version = VersionField()

    def offer(self, choices: RuleChoices) -> None:
        """Give the fields their choices."""
        self.only_ids.choices = self.preferred_ids.choices = self.excluded_ids.choices = choices.partners
        self.notified_ids.choices = choices.colleagues
        self.min_tier.choices = [("", _("any tier")), *choices.tiers]
        self.product.choices = [("", _("as it is")), *choices.products]
        fields = [("", "–"), *((one.value, phrase_text(Phrase(FIELD_LABELS[one]))) for one in LeadField)]
        operators = [(one.value, phrase_text(Phrase(OPERATOR_LABELS[one]))) for one in Operator]
        for row in ROWS:
            self[f"if_field_{row}"].choices = fields
            self[f"if_operator_{row}"].choices = operators

    @property
    def has_more(self) -> bool:
        """Whether the second group says anything."""
        return any(self[f"if_field_{row}"].data for row in SECOND)

    def rule(self) -> RoutingRule:
        """The rule a valid form holds."""
        first, second = (tuple(self._conditions(rows)) for rows in (FIRST, SECOND))
        any_of = ConditionGroup(Junction.ANY, second)
        own = ConditionGroup(Junction(self.junction.data), first)
        return RoutingRule(
            name=self.name.data or "",
            conditions=ConditionGroup(Junction.ALL, (own, any_of)) if second else own,
            actions=self._actions(),
            is_active=self.is_active.data,
            trigger=RuleTrigger(self.trigger.data),
        )

    def _actions(self) -> RuleActions:
        return RuleActions(
            only_ids=frozenset(self.only_ids.data or ()),
            preferred_ids=frozenset(self.preferred_ids.data or ()),
            excluded_ids=frozenset(self.excluded_ids.data or ()),
            min_tier=self.min_tier.data or None,
            makes_hot=self.makes_hot.data,
            score=self.score.data,
            product=self.product.data or None,
            destination=RuleDestination(self.destination.data),
            notified_ids=frozenset(self.notified_ids.data or ()),
        )

    def _conditions(self, rows: range) -> list[FieldCondition]:
        asked = [[self[f"if_{part}_{row}"].data for part in ("field", "operator", "value")] for row in rows]
        return [FieldCondition(LeadField(name), Operator(how), value or "") for name, how, value in asked if name]


for _row in ROWS:
    setattr(RuleForm, f"if_field_{_row}", SelectField(_l("Field"), choices=[]))
    setattr(RuleForm, f"if_operator_{_row}", SelectField(_l("compares so"), choices=[]))
    setattr(
        RuleForm,
        f"if_value_{_row}",
        StringField(_l("with"), [Length(max=300), makes_sense], filters=[tidy]),
    )


def rule_values(rule: RoutingRule) -> dict[str, Any]:
    """What the form holds for a rule."""
    groups = [part for part in rule.conditions.parts if isinstance(part, ConditionGroup)]
    first, second = groups if len(groups) == 2 else (rule.conditions, ConditionGroup())
    actions = rule.actions
    values: dict[str, Any] = {
        "name": rule.name,
        "is_active": rule.is_active,
        "trigger": rule.trigger.value,
        "junction": first.junction.value,
        "only_ids": sorted(actions.only_ids),
        "preferred_ids": sorted(actions.preferred_ids),
        "excluded_ids": sorted(actions.excluded_ids),
        "min_tier": actions.min_tier or "",
        "makes_hot": actions.makes_hot,
        "score": actions.score,
        "product": actions.product or "",
        "destination": actions.destination.value,
        "notified_ids": sorted(actions.notified_ids),
    }
    for rows, group in ((FIRST, first), (SECOND, second)):
        for row, one in zip(rows, group.parts, strict=False):
            if isinstance(one, FieldCondition):
                values |= {
                    f"if_field_{row}": one.field.value,
                    f"if_operator_{row}": one.operator.value,
                    f"if_value_{row}": one.value,
                }
    return values


def new_rule_values() -> dict[str, Any]:
    """What an empty form holds."""
    return {
        "name": "",
        "version": 0,
        "trigger": RuleTrigger.RECEIVED.value,
        "junction": Junction.ALL.value,
        "destination": RuleDestination.PLAN.value,
    }


def heading(rule_id: int | None) -> str:
    """What the form's page is called."""
    return _("Change the rule") if rule_id else _("Add a rule")

"""The form of a routing rule, and between it and the rule."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.domain.contradictions import contradiction_in
from app.domain.errors import Invalid
from app.domain.lead_conditions import (
    FIELD_LABELS,
    JUNCTION_LABELS,
    OPERATOR_LABELS,
    ConditionGroup,
    FieldCondition,
    Junction,
    LeadField,
    Operator,
    field_name,
)
from app.domain.phrases import Phrase
from app.domain.routing_rules import LONGEST_NAME, NEVER_MET, TRIGGER_LABELS, RoutingRule, RuleTrigger
from app.domain.rule_actions import DESTINATION_LABELS, RuleActions, RuleDestination
from app.localisation import phrase_text
from app.queries.rule_choices import RuleChoices
from app.web.fields import VersionField, tidy
from app.web.places import country_name
from app.web.plans.forms import makes_sense
from app.web.plans.rule_places import read_subdivisions, subdivision_choices
from app.web.problems import show_problems

ROWS = range(1, 7)
"""The conditions a rule may have; the rows from the fourth on are the second group, of which one must hold."""
FIRST, SECOND = ROWS[:3], ROWS[3:]


EVERY = "every"
"""Chosen in the place of a junction: the rule asks nothing of a lead. Nobody gets there by leaving something out."""


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
        _l("It applies when"),
        [InputRequired()],
        choices=[*((one.value, _l(JUNCTION_LABELS[one])) for one in Junction), (EVERY, _l("always: to every lead"))],
    )
    search = StringField(_l("Find a partner"), filters=[tidy])
    only_ids = _ticks(_l("Only these"), _l("None ticked: everybody who is eligible."))
    preferred_ids = _ticks(
        _l("Asked first"), _l("On the board they are told so; their tier says as ever from when on they see it.")
    )
    excluded_ids = _ticks(_l("Not these"), _l("Even where they are eligible otherwise."))
    min_tier = SelectField(_l("Only from this tier up"), choices=[])
    makes_hot = BooleanField(_l("Make it hot"))
    score = IntegerField(_l("Give it the score"), [Optional(), NumberRange(0, 100)])
    product = SelectField(_l("Product line, where it names none"), choices=[])
    destination = SelectField(
        _l("It goes"), [InputRequired()], choices=[(one.value, _l(DESTINATION_LABELS[one])) for one in RuleDestination]
    )
    notified_ids = _ticks(_l("These colleagues get a mail at once"), _l("Once for each lead."))
    version = VersionField()
    choices: RuleChoices

    @property
    def named_ids(self) -> frozenset[int]:
        """The partners that are ticked, whoever they are."""
        return frozenset(one for field in self.partner_fields for one in field.data or ())

    @property
    def partner_fields(self) -> tuple[SelectMultipleField, ...]:
        """The three things a rule may say of a partner."""
        return self.only_ids, self.preferred_ids, self.excluded_ids

    def offer(self, choices: RuleChoices) -> None:
        """Give the fields their choices."""
        self.choices = choices
        for field in self.partner_fields:
            field.choices = [(one.id, one.name) for one in choices.partners]
        self.notified_ids.choices = choices.colleagues
        self.min_tier.choices = [("", _("any tier")), *choices.tiers]
        self.product.choices = [("", _("as it is")), *choices.products]
        fields = [("", "–"), *((one.value, phrase_text(Phrase(FIELD_LABELS[one]))) for one in LeadField)]
        operators = [(one.value, phrase_text(Phrase(OPERATOR_LABELS[one]))) for one in Operator]
        for row in ROWS:
            self[f"if_field_{row}"].choices = fields
            self[f"if_operator_{row}"].choices = operators

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the form holds a rule; what can never act is refused beside its field."""
        return super().validate(extra_validators) and self._reads_places() and self._says_which() and self._can_act()

    def _reads_places(self) -> bool:
        """Read states and provinces by name, in the countries asked for or else in those the network covers."""
        for row in self._rows_of(LeadField.SUBDIVISION):
            value = self[f"if_value_{row}"]
            if self[f"if_operator_{row}"].data in (Operator.IS, Operator.IS_NOT):
                try:
                    value.data = read_subdivisions(value.data or "", (*self.asked_countries, *self.choices.countries))
                except Invalid as error:
                    value.errors = [phrase_text(error.phrase)]
                    return False
        return True

    def _says_which(self) -> bool:
        """Whether it says which leads it is about: every lead only where somebody has chosen so."""
        is_every, has_conditions = self.junction.data == EVERY, any(self[f"if_field_{row}"].data for row in ROWS)
        if is_every and has_conditions:
            self.junction.errors = [
                _("A rule for every lead has no conditions: take them out, or choose how they join.")
            ]
        elif not is_every and not has_conditions:
            self.junction.errors = [_("Say which leads: fill in a condition, or choose “always: to every lead”.")]
        return not self.junction.errors

    def _can_act(self) -> bool:
        rule = self.rule()
        if (field := contradiction_in(rule.conditions)) is not None:
            problem = phrase_text(Phrase(NEVER_MET, {"field": field_name(field)}))
            self[f"if_value_{self._rows_of(field)[-1]}"].errors = [problem]
            return False
        try:
            if not rule.actions.are_none:
                rule.actions.check()
        except Invalid as error:
            show_problems(self, error)
            return False
        return True

    def _rows_of(self, field: LeadField) -> list[int]:
        return [row for row in ROWS if self[f"if_field_{row}"].data == field.value]

    @property
    def asked_countries(self) -> tuple[str, ...]:
        """The countries the conditions name."""
        texts = ",".join(self[f"if_value_{row}"].data or "" for row in self._rows_of(LeadField.COUNTRY))
        return tuple(text.strip().upper() for text in texts.split(",") if text.strip())

    @property
    def suggestions(self) -> dict[str, list[tuple[str, str]]]:
        """What may be chosen for fields with codes: subdivisions of the countries asked for, else of the own."""
        places = subdivision_choices(self.asked_countries or self.choices.countries[:1])
        countries = [(code, country_name(code)) for code in self.choices.countries]
        return {
            LeadField.SUBDIVISION.value: places,
            LeadField.COUNTRY.value: countries,
            LeadField.PRODUCTS.value: self.choices.products,
        }

    @property
    def has_more(self) -> bool:
        """Whether the second group says anything."""
        return any(self[f"if_field_{row}"].data for row in SECOND)

    def rule(self) -> RoutingRule:
        """The rule a valid form holds."""
        first, second = (tuple(self._conditions(rows)) for rows in (FIRST, SECOND))
        any_of = ConditionGroup(Junction.ANY, second)
        own = ConditionGroup(Junction.ALL if self.junction.data == EVERY else Junction(self.junction.data), first)
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
        "junction": first.junction.value if rule.conditions.parts else EVERY,
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

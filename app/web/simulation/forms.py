"""What is replayed, as it stands in the URL: a time, a policy, the share of newer partners, and weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import DateField, Field, IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from app.domain.labels import label_of
from app.domain.newcomers import FairnessFloor
from app.domain.overlap import OVERLAP_LABELS, OverlapPolicy
from app.domain.plans import HIGHEST_WEIGHT, PlanDraft
from app.domain.ranking import RankingPart
from app.domain.simulation import ChoiceRules, Period

BETWEEN_DAYS = "days"


class SimulationForm(FlaskForm):
    """Which leads are replayed, and how a partner is chosen for each."""

    period = SelectField(
        _l("Leads received"),
        [InputRequired()],
        choices=[
            ("30", _l("in the last 30 days")),
            ("90", _l("in the last 90 days")),
            ("365", _l("in the last 365 days")),
            (BETWEEN_DAYS, _l("between these days")),
        ],
    )
    first_on = DateField(_l("From"), [Optional()])
    last_on = DateField(_l("Until"), [Optional()])
    overlap = SelectField(
        _l("Who is asked first"),
        [InputRequired()],
        choices=[(one.value, _l(OVERLAP_LABELS[one])) for one in OverlapPolicy],
    )
    fairness_every = IntegerField(
        _l("One offer in so many goes to a newer partner"),
        [InputRequired(), NumberRange(0, 100)],
        description=_l("0: newer partners have no share of their own."),
    )

    def __init__(self, arguments: Mapping[str, Any]) -> None:
        super().__init__(MultiDict(arguments), meta={"csrf": False})

    def validate_period(self, field: Field) -> None:
        """Between two days both must be there, in their order."""
        if field.data != BETWEEN_DAYS:
            return
        if self.first_on.data is None or self.last_on.data is None:
            raise ValidationError(_l("Choose both days."))
        if self.last_on.data < self.first_on.data:
            raise ValidationError(_l("It must not end before it begins."))

    def chosen_period(self) -> Period:
        """The time of a valid form."""
        if self.period.data == BETWEEN_DAYS:
            return Period(first_on=self.first_on.data, last_on=self.last_on.data)
        return Period(days=int(self.period.data))

    def rules(self, plan: PlanDraft) -> ChoiceRules:
        """The choice a valid form asks for; what counts as a newer partner is the plan's."""
        return ChoiceRules(
            OverlapPolicy(self.overlap.data),
            FairnessFloor(self.fairness_every.data or None, plan.newcomer_below),
            {part: self[weight_name(part)].data for part in RankingPart},
        )


def weight_name(part: RankingPart) -> str:
    """The field of one part's weight."""
    return f"weight_{part.value}"


for _part in RankingPart:
    _weight = IntegerField(_l(label_of(_part).template), [InputRequired(), NumberRange(0, HIGHEST_WEIGHT)])
    setattr(SimulationForm, weight_name(_part), _weight)


def rules_of_plan(plan: PlanDraft) -> ChoiceRules:
    """The choice as the plan has it; a part without a weight does not count."""
    return ChoiceRules(plan.overlap, plan.fairness, {part: plan.weights.get(part, 0) for part in RankingPart})


def values_of_plan(plan: PlanDraft) -> dict[str, Any]:
    """What the form holds at first: the last quarter, and the choice of the present plan."""
    return {
        "period": "90",
        "overlap": plan.overlap.value,
        "fairness_every": plan.fairness_every,
        **{weight_name(part): plan.weights.get(part, 0) for part in RankingPart},
    }

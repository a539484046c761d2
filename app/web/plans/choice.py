"""The plan's form, as far as it says who is asked first when several partners qualify."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional

from app.domain.labels import label_of
from app.domain.money import Money
from app.domain.newcomers import ExperienceLimits
from app.domain.overlap import OVERLAP_LABELS, OverlapPolicy
from app.domain.plans import HIGHEST_WEIGHT, MOST_LEADS_OF_NEWCOMER, PlanDraft
from app.domain.ranking import PART_MEANINGS, RankingPart


class ChoiceForm(FlaskForm):
    """The policy, the share of newer partners, the leads for experienced ones, and the weights of the ranking."""

    overlap = SelectField(
        _l("Who is asked first"),
        [InputRequired()],
        choices=[(one.value, _l(OVERLAP_LABELS[one])) for one in OverlapPolicy],
        description=_l("What each policy does stands below."),
    )
    fairness_every = IntegerField(
        _l("Newer partners: one offer in"),
        [InputRequired(), NumberRange(0, 100)],
        description=_l("0: newer partners have no share of their own."),
    )
    newcomer_below = IntegerField(
        _l("Newer partners: had fewer leads than"),
        [InputRequired(), NumberRange(1, MOST_LEADS_OF_NEWCOMER)],
        description=_l("From you, in all."),
    )
    experience_score = IntegerField(
        _l("Experienced partners first: score from"),
        [Optional(), NumberRange(0, 100)],
        description=_l("Empty: the score makes no difference."),
    )
    experience_value = IntegerField(
        _l("Experienced partners first: value from"),
        [Optional(), NumberRange(0, 1_000_000_000)],
        description=_l("Empty: the value makes no difference."),
    )


def _with_weights(form: type[ChoiceForm]) -> None:
    """Give the form a field for the weight of each part."""
    for part in RankingPart:
        field = IntegerField(
            _l(label_of(part).template),
            [InputRequired(), NumberRange(0, HIGHEST_WEIGHT)],
            description=_l(PART_MEANINGS[part]),
        )
        setattr(form, f"weight_{part.value}", field)


_with_weights(ChoiceForm)


def choice_of_form(form: ChoiceForm, currency: str) -> dict[str, Any]:
    """What a valid form says of the choice, as a plan takes it."""
    value = form.experience_value.data
    return {
        "overlap": OverlapPolicy(form.overlap.data),
        "fairness_every": form.fairness_every.data or 0,
        "newcomer_below": form.newcomer_below.data or 0,
        "experience": ExperienceLimits(
            form.experience_score.data, None if value is None else Money(value * 100, currency)
        ),
        "weights": {part: form[f"weight_{part.value}"].data for part in RankingPart},
    }


def choice_values(draft: PlanDraft) -> dict[str, Any]:
    """What the form holds for a plan's choice."""
    limits = draft.experience
    return {
        "overlap": draft.overlap.value,
        "fairness_every": draft.fairness_every,
        "newcomer_below": draft.newcomer_below,
        "experience_score": limits.score,
        "experience_value": limits.value.cents // 100 if limits.value else None,
        **{f"weight_{part.value}": draft.weights.get(part, 0) for part in RankingPart},
    }

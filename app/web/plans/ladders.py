"""Escalation ladders in the plan's form: the plan's own, and that of a round which differs from it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, SelectField
from wtforms.validators import InputRequired, StopValidation

from app.domain.deadlines import Clock
from app.domain.distribution import ASKED_ALONE, ROUND_STEPS, RoundKind, RoundPlan
from app.domain.errors import Invalid
from app.domain.escalation import ESCALATION_LABELS, EscalationAction, EscalationLadder, LadderStep
from app.domain.phrases import Phrase
from app.web.plans.spans import clock_field, read_span, span_field, span_text

OWN = "own"


def _is_needed(form: FlaskForm, field: Field) -> None:
    """A step that is taken says after how long."""
    if not (field.data or "").strip():
        is_taken = form[f"{field.name.removesuffix('_after')}_is_on"].data
        raise StopValidation(_("This must not be empty.") if is_taken else "")


_is_needed.field_flags = {"required": True}  # type: ignore[attr-defined]


def ladder_fields(actions: Iterable[EscalationAction], prefix: str = "") -> dict[str, Field]:
    """The fields of each step: whether it is taken, after how long, on which clock, and the same for hot leads."""
    fields: dict[str, Field] = {}
    for action in actions:
        of = f"{prefix}{action.value}_"
        fields |= {
            f"{of}is_on": BooleanField(_l(ESCALATION_LABELS[action])),
            f"{of}after": span_field(_l("After"), _is_needed),
            f"{of}clock": clock_field(_l("Counted")),
            f"{of}hot_after": span_field(_l("Hot leads: after")),
            f"{of}hot_clock": clock_field(_l("Hot leads: counted")),
        }
    return fields


def round_ladder_fields(kind: RoundKind) -> dict[str, Field]:
    """The fields of a round's own ladder; where the plan's ladder holds otherwise, whether it has one."""
    fields = ladder_fields(ROUND_STEPS[kind], f"{kind.value}_")
    if kind in ASKED_ALONE:
        choices = [("plan", _l("as the plan says below")), (OWN, _l("steps of its own"))]
        hint = _l("The steps below count only when the round has its own.")
        fields[f"{kind.value}_ladder"] = SelectField(
            _l("Which steps hold"), [InputRequired()], choices=choices, description=hint
        )
    return fields


def ladder_of_form(form: FlaskForm, actions: Iterable[EscalationAction], prefix: str = "") -> EscalationLadder:
    """The steps that are ticked. `Invalid`, at each wait that is wrong, where they cannot follow each other."""
    steps = [_step(form, action, prefix) for action in actions if form[f"{prefix}{action.value}_is_on"].data]
    try:
        return EscalationLadder(tuple(steps))
    except Invalid as error:
        fields = {f"{prefix}{name}": phrase for name, phrase in error.fields.items()}
        raise Invalid(error.phrase, fields=fields, code=error.code) from error


def round_ladder_of_form(form: FlaskForm, kind: RoundKind) -> EscalationLadder | None:
    """A round's own ladder; None where the plan's holds, or nobody is told."""
    if kind in ASKED_ALONE and not has_own_ladder(form, kind):
        return None
    ladder = ladder_of_form(form, ROUND_STEPS[kind], f"{kind.value}_")
    return ladder if ladder.steps or kind in ASKED_ALONE else None


def has_own_ladder(form: FlaskForm, kind: RoundKind) -> bool:
    """Whether the form says that a round in which one partner is asked alone has steps of its own."""
    return bool(form[f"{kind.value}_ladder"].data == OWN)


def ladder_faults(form: FlaskForm) -> dict[str, Phrase]:
    """What cannot follow each other in the ladders of a checked form; one whose fields have faults is left aside."""
    faults: dict[str, Phrase] = {}
    for kind in (None, *RoundKind):
        if any(form[name].errors for name in (round_ladder_fields(kind) if kind else ladder_fields(EscalationAction))):
            continue
        try:
            if kind is None:
                ladder_of_form(form, EscalationAction)
            else:
                round_ladder_of_form(form, kind)
        except Invalid as error:
            faults |= error.fields
    return faults


def ladder_values(ladder: EscalationLadder, prefix: str = "") -> dict[str, Any]:
    """What the form holds for a ladder."""
    values: dict[str, Any] = {}
    for step in ladder.steps:
        of = f"{prefix}{step.action.value}_"
        values |= {
            f"{of}is_on": True,
            f"{of}after": span_text(step.after),
            f"{of}clock": step.after.clock.value,
            f"{of}hot_after": span_text(step.hot_after),
            f"{of}hot_clock": step.hot_after.clock.value,
        }
    return values


def round_ladder_values(line: RoundPlan, plans: EscalationLadder) -> dict[str, Any]:
    """What the form holds for a round's ladder; where it has none of its own, the plan's to begin with."""
    allowed = ROUND_STEPS[line.kind]
    steps = tuple(step for step in line.ladder_beside(plans).steps if step.action in allowed)
    chosen = {f"{line.kind.value}_ladder": "plan" if line.ladder is None else OWN}
    return chosen | ladder_values(EscalationLadder(steps), f"{line.kind.value}_")


def laddered(form: FlaskForm) -> frozenset[RoundKind]:
    """The rounds of which the form says, rightly or wrongly, what follows while nobody answers in them."""
    return frozenset(kind for kind in RoundKind if _has_steps(form, kind) or _has_faults(form, kind))


def _has_steps(form: FlaskForm, kind: RoundKind) -> bool:
    if kind in ASKED_ALONE:
        return has_own_ladder(form, kind)
    return any(form[f"{kind.value}_{action.value}_is_on"].data for action in ROUND_STEPS[kind])


def _has_faults(form: FlaskForm, kind: RoundKind) -> bool:
    return any(form[name].errors for name in round_ladder_fields(kind))


def _step(form: FlaskForm, action: EscalationAction, prefix: str) -> LadderStep:
    after, clock, hot_after, hot_clock = (
        form[f"{prefix}{action.value}_{name}"].data for name in ("after", "clock", "hot_after", "hot_clock")
    )
    usual = read_span(after, Clock(clock))
    return LadderStep(action, usual, read_span(hot_after, Clock(hot_clock)) if hot_after else usual)

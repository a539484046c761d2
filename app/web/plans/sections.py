"""The sections of the plan's form: which are worth opening, what they hold in short, and where a fault stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from wtforms import Field, SelectField

from app.domain.distribution import ROUND_STEPS, RoundKind
from app.domain.escalation import ESCALATION_LABELS, EscalationAction
from app.domain.labels import label_of
from app.domain.phrases import Phrase
from app.localisation import phrase_text
from app.web.plans.choice import ChoiceForm
from app.web.plans.forms import SAME_DAY, PlanForm
from app.web.plans.ladders import has_own_ladder

LADDER, CHOICE = "ladder", "choice"
"""What holds for all rounds: what follows when nobody acts, and who is asked first."""


def section_of(name: str) -> str:
    """The round a field is of, else the part that holds for all rounds; "" for what stands outside them."""
    kind = name.partition("_")[0]
    if kind in list(RoundKind):
        return kind
    if name.startswith(tuple(EscalationAction)):
        return LADDER
    return CHOICE if hasattr(ChoiceForm, name) else ""


def opened_sections(form: PlanForm, saved: PlanForm) -> frozenset[str]:
    """The sections with a fault, and those in which the form says another thing than the plan in force."""
    faulty = {section_of(name) for name in form.errors if name}
    edited = {section_of(field.name) for field in form if _held(field) != _held(saved[field.name])}
    return frozenset((faulty | edited) - {""})


def _held(field: Field) -> Any:
    """What a field holds; one that nothing was put in yet holds what a browser would send."""
    if isinstance(field, SelectField) and not field.data:
        return next((value for value, *_label in field.iter_choices()), None)
    return sorted(field.data) if isinstance(field.data, list) and field.data else field.data or None


def places(form: PlanForm, order: Sequence[RoundKind]) -> Mapping[str, str]:
    """Where each field with a fault stands: its round and its step, by the names people read."""
    return {name: _place(name, order) for name in form.errors if name and section_of(name)}


def _place(name: str, order: Sequence[RoundKind]) -> str:
    section = section_of(name)
    headings = {LADDER: _("When nobody acts"), CHOICE: _("When several partners qualify")}
    if section not in headings:
        kind = RoundKind(section)
        values = {"number": order.index(kind) + 1, "round": phrase_text(label_of(kind))}
        headings[section] = _("Round %(number)s (%(round)s)", **values)
    steps = [phrase_text(Phrase(ESCALATION_LABELS[one])) for one in EscalationAction if f"{one.value}_" in name]
    return ", ".join([headings[section], *steps])


def summaries(form: PlanForm) -> Mapping[str, str]:
    """What each section holds, in a line, as it was entered."""
    steps = [form[f"{one.value}_after"].data for one in EscalationAction if form[f"{one.value}_is_on"].data]
    policies = {value: str(label) for value, label, *_more in form.overlap.iter_choices()}
    return {
        **{kind.value: _times(form, kind) for kind in RoundKind},
        LADDER: _("Steps after %(times)s", times=", ".join(filter(None, steps))) if steps else _("No steps"),
        CHOICE: policies.get(form.overlap.data, ""),
    }


def _times(form: PlanForm, kind: RoundKind) -> str:
    """How long a round is open, and where its steps may give the lead to somebody else, after how long they do."""
    window, hot = (form[f"{kind.value}_{name}"].data or "" for name in ("window", "hot_window"))
    clock = form[f"{kind.value}_clock"]
    counted = {value: str(label) for value, label, *_more in clock.iter_choices()}.get(clock.data, "")
    usual = counted if clock.data == SAME_DAY else f"{window} {counted}"
    times = _("%(window)s; hot leads: %(hot)s", window=usual, hot=hot) if hot else usual
    if EscalationAction.RE_ROUTE not in ROUND_STEPS[kind]:
        return times
    of = f"{kind.value}_" if has_own_ladder(form, kind) else ""
    if not form[f"{of}{EscalationAction.RE_ROUTE.value}_is_on"].data:
        return times
    after, hot_after = (form[f"{of}{EscalationAction.RE_ROUTE.value}_{name}"].data for name in ("after", "hot_after"))
    told = _("%(after)s, hot leads: %(hot)s", after=after, hot=hot_after) if hot_after not in ("", after) else after
    return _("%(times)s; given to somebody else after %(after)s", times=times, after=told)

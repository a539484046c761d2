"""Between the plan's form and the plan."""

from __future__ import annotations

from typing import Any

from app.domain.deadlines import Clock, Span
from app.domain.distribution import DistributionPlan, RoundKind, RoundPlan
from app.domain.escalation import EscalationAction
from app.domain.lead_conditions import FieldCondition, LeadField, Operator
from app.domain.money import Money
from app.domain.plans import PlanDraft
from app.domain.round_conditions import RoundCondition
from app.web.plans.choice import choice_of_form, choice_values
from app.web.plans.forms import FIELD_CONDITIONS, SAME_DAY, PlanForm
from app.web.plans.ladders import ladder_of_form, ladder_values, round_ladder_of_form, round_ladder_values
from app.web.plans.spans import read_span, span_text

_STRATEGIC = {"": None, "yes": True, "no": False}


def order_of(form: PlanForm) -> tuple[RoundKind, ...]:
    """The order the form holds; whatever it leaves out follows."""
    named = [RoundKind(name) for name in (form.order.data or "").split(",") if name in list(RoundKind)]
    return tuple(dict.fromkeys([*named, *RoundKind]))


def conditioned(form: PlanForm) -> frozenset[RoundKind]:
    """The rounds of which the form says, rightly or wrongly, for which leads they are held."""
    names = ["products", "areas", "min_value", "min_score", "strategic", "sources"]
    names += [f"{part}_{number}" for part in ("field", "value") for number in range(1, FIELD_CONDITIONS + 1)]
    fields = {kind: [form[f"{kind.value}_{name}"] for name in names] for kind in RoundKind}
    return frozenset(
        kind
        for kind, asked in fields.items()
        if any(field.errors or field.data not in (None, "", []) for field in asked)
    )


def draft_of_form(form: PlanForm, currency: str) -> PlanDraft:
    """The plan a valid form holds. `Invalid` where its escalation cannot stand."""
    return PlanDraft(
        rounds=DistributionPlan(tuple(_round(form, kind, currency) for kind in order_of(form))),
        contact_ladder=ladder_of_form(form, EscalationAction),
        **choice_of_form(form, currency),
    )


def form_values(draft: PlanDraft) -> dict[str, Any]:
    """What the form holds for a plan."""
    values: dict[str, Any] = {
        "order": ",".join(line.kind.value for line in draft.rounds.rounds),
        **choice_values(draft),
    }
    for line in draft.rounds.rounds:
        values |= {f"{line.kind.value}_{name}": value for name, value in _round_values(line).items()}
        values |= round_ladder_values(line, draft.contact_ladder)
    return values | ladder_values(draft.contact_ladder)


def _round_values(line: RoundPlan) -> dict[str, Any]:
    wanted = line.condition
    values: dict[str, Any] = {
        "is_on": line.is_on,
        "window": span_text(line.window),
        "clock": SAME_DAY if line.window.is_same_day else line.window.clock.value,
        "hot_window": span_text(line.hot_window) if line.hot_window else "",
        "hot_clock": (line.hot_window or line.window).clock.value,
        "max_offers": line.max_offers,
        "products": sorted(wanted.products),
        "areas": ", ".join(sorted(wanted.areas)),
        "min_value": wanted.min_value.cents // 100 if wanted.min_value else None,
        "min_score": wanted.min_score,
        "strategic": {None: "", True: "yes", False: "no"}[wanted.is_strategic],
        "sources": sorted(wanted.sources),
    }
    for number, condition in enumerate(wanted.fields[:FIELD_CONDITIONS], 1):
        values |= {
            f"field_{number}": condition.field.value,
            f"operator_{number}": condition.operator.value,
            f"value_{number}": condition.value,
        }
    return values


def _round(form: PlanForm, kind: RoundKind, currency: str) -> RoundPlan:
    def given(name: str) -> Any:
        return form[f"{kind.value}_{name}"].data

    is_same_day = given("clock") == SAME_DAY
    condition = RoundCondition(
        products=frozenset(given("products") or ()),
        areas=frozenset(filter(None, (area.strip().upper() for area in (given("areas") or "").split(",")))),
        min_value=None if given("min_value") is None else Money(given("min_value") * 100, currency),
        min_score=given("min_score"),
        is_strategic=_STRATEGIC[given("strategic") or ""],
        sources=frozenset(given("sources") or ()),
        fields=tuple(
            FieldCondition(
                LeadField(given(f"field_{number}")), Operator(given(f"operator_{number}")), given(f"value_{number}")
            )
            for number in range(1, FIELD_CONDITIONS + 1)
            if given(f"field_{number}")
        ),
    )
    return RoundPlan(
        kind=kind,
        window=Span(is_same_day=True) if is_same_day else read_span(given("window"), Clock(given("clock"))),
        hot_window=read_span(given("hot_window"), Clock(given("hot_clock"))) if given("hot_window") else None,
        max_offers=given("max_offers") if kind is RoundKind.PUSH else None,
        condition=condition,
        is_on=given("is_on"),
        ladder=round_ladder_of_form(form, kind),
    )

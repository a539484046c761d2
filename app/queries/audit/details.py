"""What else a line of the trail knows: old and new values, reasons, numbers, in the reader's words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from app.domain.accounts import AccountHealth, AccountLevel, OpportunityState, RematchCause
from app.domain.audit import EventKind
from app.domain.availability import AbsenceKind
from app.domain.cockpit import ContactOutcome
from app.domain.consent import ConsentScope
from app.domain.deadlines import Clock
from app.domain.departures import Destination
from app.domain.distribution import AssignmentOrigin, DeclineReason, RoundKind, RoundOutcome
from app.domain.escalation import EscalationAction, ReRoutedTo
from app.domain.identity import Role
from app.domain.labels import label_of
from app.domain.leads import LostReason, ReviewReason, Stage
from app.domain.money import Money
from app.domain.partners import PartnershipStatus
from app.domain.phrases import N_, Phrase
from app.domain.qualification import ContactRole, QualificationField
from app.domain.returns import ReturnReason
from app.domain.review import ReviewDecision
from app.domain.stalling import StallAction
from app.queries.audit.plan_details import plan_changed, rule_changed, set_by_rule
from app.queries.audit.words import WORDS

_LABELLED: dict[str, tuple[type[StrEnum], ...]] = {
    "reason": (ReviewReason, DeclineReason),
    "round": (RoundKind,),
    "origin": (AssignmentOrigin,),
    "outcome": (RoundOutcome,),
    "consent": (ConsentScope,),
    "scope": (ConsentScope,),
    "standing": (PartnershipStatus,),
    "role": (Role,),
    "level": (AccountLevel,),
    "health": (AccountHealth,),
    "state": (OpportunityState,),
    "decision": (ReviewDecision,),
    "cause": (RematchCause,),
    "contact_role": (ContactRole,),
    "contact_clock": (Clock,),
    "hot_contact_clock": (Clock,),
    "owner_contact_clock": (Clock,),
}
"""Which values of which keys the domain has labels for."""

Data = Mapping[str, Any]


def detail(kind: EventKind, data: Data) -> list[Phrase]:
    """What else there is to say about a line; data of another shape than expected leaves it unsaid."""
    try:
        return _DETAILS.get(kind, _plain)(data)
    except (KeyError, ValueError, TypeError, AttributeError):
        return []


def _change(field: str, old: object, new: object) -> Phrase:
    values = {"field": _word(field), "old": old, "new": new}
    return Phrase(N_("%(field)s: %(old)s → %(new)s"), values)


def _word(key: str) -> Phrase:
    if key in list(QualificationField):
        return label_of(QualificationField(key))
    return Phrase(WORDS.get(key, key.replace("_", " ").capitalize()))


def _nothing(_data: Data) -> list[Phrase]:
    return []


def _activity(data: Data) -> list[Phrase]:
    return [label_of(ContactOutcome(data["outcome"]))] if data.get("outcome") else []


def _stage(data: Data) -> list[Phrase]:
    return [_change("stage", label_of(Stage(data["old"])), label_of(Stage(data["new"])))]


def _forecast(data: Data) -> list[Phrase]:
    told = []
    if "expected_revenue" in data:
        told.append(_change("expected_revenue", *(_money(value) for value in data["expected_revenue"])))
    if "close_on" in data:
        told.append(_change("close_on", *(_day(value) for value in data["close_on"])))
    return told


def _follow_up(data: Data) -> list[Phrase]:
    return [_change("follow_up", _moment(data["old"]), _moment(data["new"]))]


_TAKEN = {
    EscalationAction.ALERT_SALES_MANAGER.value: N_("The partner's sales manager was told."),
    EscalationAction.ALERT_CHANNEL_MANAGER.value: N_("The channel manager was told."),
}
_QUIET = {
    StallAction.REMIND_PARTNER.value: N_("Whoever works it was reminded."),
    StallAction.TELL_CHANNEL_MANAGER.value: N_("The channel manager was told."),
    StallAction.RETURN_TO_DISTRIBUTION.value: N_("It returns to distribution."),
}
_PASSED_TO = {
    Destination.SUCCESSOR.value: N_("The successor works it."),
    ReRoutedTo.BACKUP.value: N_("The backup partner is asked alone."),
    ReRoutedTo.PLAN.value: N_("The distribution plan goes on."),
    ReRoutedTo.DIRECT.value: N_("It waits in the direct queue."),
}


def _step_of(key: str, sentences: Mapping[str, str]) -> Callable[[Data], list[Phrase]]:
    """What was done about a silence, by the value that stands under `key`."""

    def told(data: Data) -> list[Phrase]:
        template = sentences.get(data.get(key, ""))
        return [Phrase(template)] if template else []

    return told


def _moved(data: Data) -> list[Phrase]:
    """To whom several leads were moved, why, and how many stayed where they were."""
    counts = {"done": len(data["leads"]), "refused": len(data["refused"])}
    return _move_of(data, Phrase(N_("Moved: %(done)s, not moved: %(refused)s"), counts))


def _begun_move(data: Data) -> list[Phrase]:
    """To whom several leads are to go, how many, and why."""
    return _move_of(data, Phrase(N_("Chosen: %(count)s"), {"count": len(data["leads"])}))


def _move_of(data: Data, told: Phrase) -> list[Phrase]:
    to = Phrase("%(name)s", {"name": data["taker"]}) if data["taker"] else Phrase(N_("The distribution plan goes on."))
    return [to, told, Phrase(N_("%(field)s: %(value)s"), {"field": _word("reason"), "value": data["reason"]})]


def _due(data: Data) -> list[Phrase]:
    return [Phrase(N_("%(field)s: %(value)s"), {"field": _word("due_at"), "value": _moment(data["due_at"])})]


def _closing(data: Data) -> list[Phrase]:
    told = []
    if data.get("reason") in list(LostReason):
        told.append(label_of(LostReason(data["reason"])))
    if data.get("lost_to"):
        told.append(Phrase(N_("Lost to %(competitor)s"), {"competitor": data["lost_to"]}))
    if data.get("expected_revenue"):
        told.append(Phrase(N_("Worth %(amount)s"), {"amount": _money(data["expected_revenue"])}))
    if data.get("quality"):
        told.append(Phrase(N_("Lead quality %(quality)s of 5"), {"quality": data["quality"]}))
    return told


def _returned(data: Data) -> list[Phrase]:
    """Why the lead came back, in the words of who returned it, and how good it was."""
    told = [label_of(ReturnReason(data["reason"]))]
    if data.get("note"):
        told.append(Phrase("“%(text)s”", {"text": data["note"]}))
    if data.get("quality"):
        told.append(Phrase(N_("Lead quality %(quality)s of 5"), {"quality": data["quality"]}))
    return told


def _absence(data: Data) -> list[Phrase]:
    """Away for what, from when until when; or that it is over."""
    if data.get("is_over"):
        return [Phrase(N_("Back again"))]
    kind, starts_at, ends_at = (
        label_of(AbsenceKind(data["absence"])),
        _moment(data["starts_at"]),
        _moment(data["ends_at"]),
    )
    if ends_at is None:
        return [Phrase(N_("%(kind)s from %(start)s on"), {"kind": kind, "start": starts_at})]
    return [Phrase(N_("%(kind)s: %(start)s – %(end)s"), {"kind": kind, "start": starts_at, "end": ends_at})]


def _calendar(data: Data) -> list[Phrase]:
    """The days it is closed or open again, and what else changed from old to new."""
    told = []
    for key, template in (
        ("closed", N_("Closed from %(first)s to %(last)s")),
        ("opened", N_("Open again from %(first)s to %(last)s")),
    ):
        if key in data:
            first, last = map(_day, data[key])
            told.append(Phrase(template, {"first": first, "last": last}))
    return [*told, *_plain(data)]


def _reassigned(data: Data) -> list[Phrase]:
    return [Phrase("%(old)s → %(new)s", {"old": data["from"], "new": data["to"]}), *_plain(data)]


def _plain(data: Data) -> list[Phrase]:
    """Anything else: stored phrases, changes from old to new, what has a label, short values with their word."""
    told = [phrase for key, value in data.items() for phrase in _told(key, value)]
    before, after = data.get("before"), data.get("after")
    if isinstance(before, dict) and isinstance(after, dict):
        told.extend(_change(field, _shown(field, before.get(field)), _shown(field, after[field])) for field in after)
    return told


def _told(key: str, value: object) -> list[Phrase]:
    if isinstance(value, dict) and "text" in value:
        return [Phrase.from_json(value)]
    if not isinstance(value, str | int) or isinstance(value, bool) or value == "":
        return []
    label = _label(key, value)
    if label is not None:
        return [label]
    if key == "reason":
        return [Phrase("“%(text)s”", {"text": value})]
    return [Phrase(N_("%(field)s: %(value)s"), {"field": _word(key), "value": value})] if key in WORDS else []


def _label(key: str, value: object) -> Phrase | None:
    enum = next((enum for enum in _LABELLED.get(key, ()) if value in list(enum)), None)
    return label_of(enum(str(value))) if enum is not None else None


def _shown(key: str, value: object) -> object:
    return _label(key, value) or _short(value)


def _short(value: object) -> object:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or None
    if isinstance(value, bool):
        return Phrase(N_("yes") if value else N_("no"))
    return value if isinstance(value, str | int | float | None) else str(value)


def _money(stored: object) -> Money | None:
    match stored:
        case [int(cents), str(currency)]:
            return Money(cents, currency)
    return None


def _day(stored: object) -> date | None:
    return date.fromisoformat(stored) if isinstance(stored, str) else None


def _moment(stored: object) -> datetime | None:
    return datetime.fromisoformat(stored) if isinstance(stored, str) else None


def _qualified(data: Data) -> list[Phrase]:
    """The role from old to new; of the answers only which have changed, for the trail does not keep them."""
    changed: object = None
    for field in data["fields"]:
        word = _word(field)
        changed = word if changed is None else Phrase("%(first)s, %(next)s", {"first": changed, "next": word})
    told = [Phrase(N_("Noted: %(what)s"), {"what": changed})] if changed else []
    return [*_plain(data), *told]


_DETAILS: dict[EventKind, Callable[[Data], list[Phrase]]] = {
    EventKind.ACTIVITY_LOGGED: _activity,
    EventKind.STAGE_CHANGED: _stage,
    EventKind.FORECAST_CHANGED: _forecast,
    EventKind.FOLLOW_UP_CHANGED: _follow_up,
    EventKind.QUALIFICATION_CHANGED: _qualified,
    EventKind.FOLLOW_UP_PASSED: _due,
    EventKind.CONTACT_OVERDUE: _due,
    EventKind.LEAD_WON: _closing,
    EventKind.LEAD_LOST: _closing,
    EventKind.LEAD_RETURNED: _returned,
    EventKind.LEAD_RETURN_UNDONE: _nothing,
    EventKind.ABSENCE_CHANGED: _absence,
    EventKind.CALENDAR_CHANGED: _calendar,
    EventKind.LEAD_ESCALATED: _step_of("step", _TAKEN),
    EventKind.LEAD_RE_ROUTED: _step_of("to", _PASSED_TO),
    EventKind.LEADS_REASSIGN_BEGUN: _begun_move,
    EventKind.LEADS_REASSIGNED: _moved,
    EventKind.LEAD_STALLED: _step_of("what", _QUIET),
    EventKind.LEAD_NURTURE_TOUCH: _nothing,
    EventKind.ACCOUNTS_REASSIGNED: _reassigned,
    EventKind.PLAN_CHANGED: plan_changed,
    EventKind.ROUTING_RULE_CHANGED: rule_changed,
    EventKind.LEAD_SET_BY_RULE: set_by_rule,
}

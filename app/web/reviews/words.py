"""How answers are offered: their names on the buttons, their keys, and the usual reasons for taking a lead out."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.leads import ReviewReason
from app.domain.matching.decision import SignalKind
from app.domain.review import ReviewDecision

KEYS = {
    ReviewDecision.MATCHED: "m",
    ReviewDecision.NOT_THIS: "n",
    ReviewDecision.NEW_ACCOUNT: "a",
    ReviewDecision.DISQUALIFIED: "x",
    ReviewDecision.SENT_TO_PLAN: "p",
}
_LABELS = {
    ReviewDecision.MATCHED: _l("Match"),
    ReviewDecision.NOT_THIS: _l("Not this"),
    ReviewDecision.NEW_ACCOUNT: _l("New account"),
    ReviewDecision.DISQUALIFIED: _l("Disqualify"),
    ReviewDecision.SENT_TO_PLAN: _l("Send to plan"),
}
_REASONS = {
    "not_real": _l("No real request"),
    "test": _l("Spam or a test"),
    "competitor": _l("A competitor"),
    "partner": _l("One of our partners"),
    "duplicate": _l("Asked twice"),
    "not_our_market": _l("Not our market"),
}
_SIGNALS = {
    SignalKind.DOMAIN: _l("Same domain"),
    SignalKind.SHARED_DOMAIN: _l("Domain of several companies"),
    SignalKind.CORPORATE_NUMBER: _l("Same corporate number"),
    SignalKind.ALIAS: _l("Known by this name"),
    SignalKind.NAME: _l("Same name"),
    SignalKind.SIMILAR: _l("Similar name"),
    SignalKind.IP_RANGE: _l("From its network"),
}
_USUAL = {
    ReviewReason.COMPETITOR: "competitor",
    ReviewReason.PARTNER_COMPANY: "partner",
    ReviewReason.DUPLICATE: "duplicate",
}


def answer_label(decision: ReviewDecision) -> str:
    """What the button of an answer says."""
    return str(_LABELS[decision])


def signal_label(kind: SignalKind) -> str:
    """What speaks for an account."""
    return str(_SIGNALS[kind])


def disqualify_reasons() -> list[tuple[str, str]]:
    """Why a lead is taken out, to choose from."""
    return [(code, str(label)) for code, label in _REASONS.items()]


def usual_reason(reason: ReviewReason) -> str:
    """The reason that fits best why the question was asked."""
    return _USUAL.get(reason, "not_real")


def reason_text(code: str, note: str) -> str:
    """The chosen reason and what else was written, as it stays with the lead."""
    chosen = str(_REASONS[code]) if code in _REASONS else ""
    return _("%(reason)s: %(note)s", reason=chosen, note=note) if chosen and note else chosen or note

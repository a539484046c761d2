"""What is said of a lead that is reserved to its owner: by when to answer, and when the lead goes on without (§6).

One voice for the plan, the procedure, the board, the mails and the cockpit: the answer first, then what follows.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from app.domain.deadlines import Span
from app.domain.distribution import RoundPlan
from app.domain.escalation import EscalationAction, EscalationLadder
from app.domain.identity import OrganisationKind
from app.domain.phrases import N_, Phrase
from app.domain.span_text import span_phrase

WHOSE_IT_IS = Phrase(N_("Reserved for the partner that owns the company."))
"""For whom the round is."""

_ASKED = {
    OrganisationKind.PARTNER: (
        N_("Please answer by %(answer_by)s; if nobody has by %(goes_on_at)s, it goes on."),
        N_("Please answer by %(answer_by)s; if nobody does, it goes on then."),
    ),
    OrganisationKind.MANUFACTURER: (
        N_("The partner is asked to answer by %(answer_by)s; if nobody has by %(goes_on_at)s, it goes on."),
        N_("The partner is asked to answer by %(answer_by)s; if nobody does, it goes on then."),
    ),
}
"""For each reader: where the lead goes on later, and where it goes on as soon as the answer is late."""

_RULE = (
    N_("The partner is asked to answer within %(window)s; if nobody does, it goes on after %(end)s."),
    N_("The partner is asked to answer within %(window)s; if nobody does, it goes on then."),
)
_HOT_RULE = (
    N_("Hot leads: asked to answer within %(window)s; if nobody does, it goes on after %(end)s."),
    N_("Hot leads: asked to answer within %(window)s; if nobody does, it goes on then."),
)


def answer_asked(answer_by: datetime | None, goes_on_at: datetime, reader: OrganisationKind) -> Phrase:
    """What a side is told of a reservation; without `answer_by` the answer is due when the lead goes on."""
    later, at_once = _ASKED[reader]
    if answer_by is None or answer_by >= goes_on_at:
        return Phrase(at_once, {"answer_by": goes_on_at})
    return Phrase(later, {"answer_by": answer_by, "goes_on_at": goes_on_at})


def reservation_rule(line: RoundPlan, plans: EscalationLadder, *, is_hot: bool = False) -> Phrase:
    """How long an owner has under a plan whose ladder is `plans`: the window, then the step that takes the lead away.

    Where the ladder takes nothing away, or no later than the window, the lead goes on with the window's end.
    """
    later, at_once = _HOT_RULE if is_hot else _RULE
    window, end = line.window_for(is_hot=is_hot), _end(line, plans, is_hot=is_hot)
    if end is None or (end.clock is window.clock and end.rough_minutes <= window.rough_minutes):
        return Phrase(at_once, {"window": span_phrase(window)})
    return Phrase(later, {"window": span_phrase(window), "end": span_phrase(end)})


def reservation_rules(line: RoundPlan, plans: EscalationLadder) -> Iterable[Phrase]:
    """The same for the usual lead, and for a hot one where it has less or more time."""
    usual, hot = (reservation_rule(line, plans, is_hot=is_hot) for is_hot in (False, True))
    yield usual
    if usual.values != hot.values:
        yield hot


def _end(line: RoundPlan, plans: EscalationLadder, *, is_hot: bool) -> Span | None:
    steps = line.ladder_beside(plans).steps
    return next((one.wait(is_hot=is_hot) for one in steps if one.action is EscalationAction.RE_ROUTE), None)

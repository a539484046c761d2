"""Giving a lead to somebody else by hand: when that is refused, and what becomes of whoever has it (B-06, W-08)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from app.domain.consent import PARTNER_NOT_AGREED_TO, ConsentScope, lets_partner_call
from app.domain.distribution import RoundKind
from app.domain.errors import Refused
from app.domain.identity import Role
from app.domain.leads import CLOSED_STATES, LeadState
from app.domain.phrases import N_, Phrase

REASSIGNER_ROLES = (Role.ADMIN, Role.CHANNEL_MANAGER)
"""Who may move leads in bulk."""
LEADS_AT_ONCE = 50
"""Leads moved by one submit: a person can still read what becomes of each."""


@dataclass(frozen=True, slots=True)
class Taker:
    """Who is to have a lead: a partnership, one of the manufacturer's people, or, with neither, whoever its plan finds.

    Raises `ValueError` for both at once.
    """

    partnership_id: int | None = None
    user_id: int | None = None

    def __post_init__(self) -> None:
        if self.partnership_id is not None and self.user_id is not None:
            raise ValueError("a lead goes to a partner or to a person")

    @property
    def is_plan(self) -> bool:
        """Whether the lead's plan is to go on."""
        return self.partnership_id is None and self.user_id is None


@dataclass(frozen=True, slots=True)
class LeadStanding:
    """Where a lead stands, as far as moving it is concerned: the same again means that nobody has moved it since."""

    state: LeadState
    assignment_id: int | None = None
    round_id: int | None = None

    def to_text(self) -> str:
        """A form that a page can send back."""
        return f"{self.state.value}.{self.assignment_id or 0}.{self.round_id or 0}"


@dataclass(frozen=True, slots=True)
class ReassignFacts:
    """What decides whether a lead may be moved. `worker` is who works it, `round_kind` its open round's.

    `consent_scope` is `NONE` once consent is withdrawn; `is_partner_active` is about the one that is to take it.
    """

    state: LeadState
    worker: Taker | None = None
    round_kind: RoundKind | None = None
    consent_scope: ConsentScope = ConsentScope.NONE
    named_ids: Collection[int] = ()
    is_partner_active: bool = True


def decide_reassign(facts: ReassignFacts, taker: Taker) -> Phrase:
    """What becomes of the lead when it goes to `taker` by hand, in words for the manufacturer.

    The prospect's consent binds a person too; territory and caps do not. Raises `Refused` with the codes `closed`,
    `state`, `partnership_not_active`, `consent` and `already_theirs`.
    """
    if facts.state in CLOSED_STATES:
        raise Refused(Phrase(N_("This lead is closed.")), code="closed")
    if taker.is_plan:
        return _decide_plan(facts)
    if taker.partnership_id is not None:
        _refuse_partner(facts, taker.partnership_id)
    if facts.worker == taker:
        raise Refused(Phrase(N_("They already work this lead.")), code="already_theirs")
    return Phrase(_GIVEN_FROM.get(_where(facts), _GIVEN))


def refuse_changed(seen: str, now: LeadStanding) -> None:
    """Raise `Refused` when a lead does not stand any more where the page said it did."""
    if seen != now.to_text():
        raise Refused(
            Phrase(N_("Somebody has moved this lead since you looked at it.")),
            code="changed",
            remedy=Phrase(N_("Look at it again, then decide.")),
        )


def _decide_plan(facts: ReassignFacts) -> Phrase:
    if facts.state is LeadState.RECEIVED:
        raise Refused(Phrase(N_("The lead is being checked: its plan has not begun.")), code="state")
    if facts.consent_scope is ConsentScope.NONE:
        raise Refused(
            Phrase(N_("The prospect has not agreed to be called.")),
            code="consent",
            remedy=Phrase(N_("Ask the prospect for consent first.")),
        )
    return Phrase(_PLAN_FROM.get(_where(facts), _PLAN_ANEW))


def _refuse_partner(facts: ReassignFacts, partnership_id: int) -> None:
    if not facts.is_partner_active:
        raise Refused(Phrase(N_("This partnership is not active.")), code="partnership_not_active")
    if not lets_partner_call(facts.consent_scope, facts.named_ids, partnership_id):
        raise Refused(
            PARTNER_NOT_AGREED_TO,
            code="consent",
            remedy=Phrase(N_("Ask the prospect first, or give the lead to one of your own people.")),
        )


def _where(facts: ReassignFacts) -> LeadState | RoundKind:
    return facts.round_kind if facts.state is LeadState.DISTRIBUTING and facts.round_kind else facts.state


_GIVEN = N_("It is theirs at once.")
_GIVEN_FROM: dict[LeadState | RoundKind, str] = {
    LeadState.ASSIGNED: N_("It is theirs at once; who works it now is told why."),
    LeadState.IN_REVIEW: N_("It is theirs at once; the open question is closed."),
    RoundKind.BOARD: N_("It is theirs at once; it leaves the board."),
    RoundKind.OWNER: N_("It is theirs at once; the partner that is asked now is told why."),
    RoundKind.PUSH: N_("It is theirs at once; the partner that is asked now is told why."),
    RoundKind.DIRECT: N_("It is theirs at once; it leaves the direct queue."),
}
_PLAN_ANEW = N_("Its plan begins anew, with everybody who may have it now.")
_PLAN_FROM: dict[LeadState | RoundKind, str] = {
    LeadState.ASSIGNED: N_("Who works it now is told why, and its plan goes on with the next round."),
    RoundKind.BOARD: N_("It leaves the board, and its plan goes on with the next round."),
    RoundKind.OWNER: N_("The partner that is asked now is told why, and its plan goes on with the next round."),
    RoundKind.PUSH: N_("The partner that is asked now is told why, and its plan goes on with the next round."),
    RoundKind.DIRECT: N_("It leaves the direct queue, and its plan begins anew with everybody who may have it now."),
}

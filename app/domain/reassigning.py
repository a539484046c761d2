"""Giving a lead to somebody else by hand: when that is refused, and what becomes of whoever has it (B-06, W-08)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from app.domain.consent import PARTNER_NOT_AGREED_TO, ConsentScope, lets_partner_call
from app.domain.distribution import RoundKind
from app.domain.errors import Refused
from app.domain.identity import Role
from app.domain.lead_routing.trace import Eligibility, RuleName, RuleResult
from app.domain.leads import CLOSED_STATES, LeadState
from app.domain.phrases import N_, Phrase

CAUSE = "by_hand"
"""Why a lead went where a person gave it, by the word that is stored with the decision."""
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


@dataclass(frozen=True, slots=True)
class PartnerRoom:
    """What a partnership can take now: leads it has not called yet and its cap, whether it is away, or suspended.

    `back_at` is None where nobody knows when it is back, `suspended_until` where it may claim.
    """

    name: str
    open_claims: int
    cap: int
    is_away: bool = False
    back_at: datetime | None = None
    suspended_until: datetime | None = None


def rules_against(eligibility: Eligibility) -> tuple[RuleResult, ...]:
    """Which of the manufacturer's own rules a person would set aside by giving this partner the lead.

    The partnership's standing and the prospect's consent are not among them: `decide_reassign` refuses those.
    """
    refused = (RuleName.CONTRACT, RuleName.CONSENT)
    return tuple(result for result in eligibility.failures if result.rule not in refused)


def room_against(room: PartnerRoom, more: int) -> tuple[Phrase, ...]:
    """What speaks against giving a partner `more` leads now, whichever they are."""
    found: list[Phrase] = []
    if room.is_away:
        away, away_until = N_("%(name)s is away at present."), N_("%(name)s is away until %(until)s.")
        found.append(Phrase(away_until if room.back_at else away, {"name": room.name, "until": room.back_at}))
    if room.suspended_until is not None:
        told = {"name": room.name, "until": room.suspended_until}
        found.append(Phrase(N_("The claims of %(name)s are suspended until %(until)s."), told))
    then = room.open_claims + more
    if more and then > room.cap:
        found.append(
            Phrase(
                N_("%(name)s would have %(then)s leads that it has not called yet; its limit is %(cap)s."),
                {"name": room.name, "then": then, "cap": room.cap},
            )
        )
    return tuple(found)


def refuse_unconfirmed(name: str, against: Collection[Phrase], *, is_confirmed: bool) -> None:
    """Raise `Refused` where rules speak against a partner, and nobody has said that it is meant."""
    if against and not is_confirmed:
        raise Refused(
            Phrase(N_("%(name)s would not get it by your rules: %(why)s"), {"name": name, "why": next(iter(against))}),
            code="not_eligible",
            remedy=Phrase(N_("Look at it again, and say that it is meant.")),
        )


def moved_by_hand(*, person: str, name: str, reason: str, against: Collection[Phrase] = ()) -> tuple[Phrase, ...]:
    """What the trace says of a lead that a person gave to somebody: to whom, why, and which rules were set aside."""
    told = {"person": person, "name": name, "reason": reason.strip()}
    return (
        Phrase(N_("%(person)s gave it to %(name)s: %(reason)s"), told),
        *(Phrase(N_("Although: %(why)s"), {"why": why}) for why in against),
    )


def decided_by_hand(*, person: str, reason: str) -> Phrase:
    """What the trace says where a person lets a lead go on; the reason may be empty."""
    said = N_("%(person)s decided so: %(reason)s") if reason.strip() else N_("%(person)s decided so.")
    return Phrase(said, {"person": person, "reason": reason.strip()})


def plan_without_partner(facts: ReassignFacts) -> Phrase:
    """What becomes of a lead whose plan is to go on and that no other partner may have, for the manufacturer."""
    then = Phrase(_PLAN_FROM[_where(facts)] if _where(facts) in _GOES_ON else N_("Its plan begins anew."))
    return Phrase(N_("%(then)s No partner may have it now: it comes to your own people at once."), {"then": then})


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
_GOES_ON = (LeadState.ASSIGNED, RoundKind.BOARD, RoundKind.OWNER, RoundKind.PUSH)
"""From where the plan goes on with its next round; from anywhere else it begins anew."""

"""The push round: one eligible partner is asked alone, then the next, a few at the most (W-11, T-26)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.deadlines import due_at
from app.domain.distribution import RoundPlan
from app.domain.labels import label_of
from app.domain.lead_routing.trace import why_offered
from app.domain.phrases import N_, Phrase
from app.domain.push_ranking import PushRanking
from app.models import Lead, Offer, Partnership, Round
from app.queries.absences import partners_away
from app.queries.manufacturers import ManufacturerRules, organisation_calendar
from app.services.distribution.choosing import NOBODY_LEFT, choose_among
from app.services.distribution.deciding import Candidate, Considered, expiry_of
from app.services.distribution.exclusive import Asked, make_exclusive_offer


@dataclass(frozen=True, slots=True)
class PushChoice:
    """Who is to be asked next, and why; `best` is None where a person decides or nobody is left."""

    best: Candidate | None
    ranking: PushRanking
    reasons: tuple[Phrase, ...]

    @property
    def facts(self) -> dict[str, Any]:
        """What the routing decision keeps of it."""
        return {"ranking": self.ranking.to_json()} if self.ranking.places else {}


def choose_to_push(
    session: Session,
    lead: Lead,
    push: Round | None,
    line: RoundPlan,
    considered: Considered,
    rules: ManufacturerRules,
    now: datetime,
) -> PushChoice:
    """Choose whom to ask next in a push round, or first where none is open: by the lead's own plan (`choose_among`).

    Who was asked in this round and who is away is passed by; once enough were asked nobody is left. The reasons are
    for the routing decision: they name the partner, so they are the manufacturer's alone.
    """
    left = _left_to_ask(session, push, line, considered)
    ranking = choose_among(session, lead, considered, list(left.values()), rules, now) if left else NOBODY_LEFT
    if ranking.chosen_id is None:
        return PushChoice(None, ranking, ranking.reasons)
    name = session.get_one(Partnership, ranking.chosen_id).name
    seen = {"partner": name, "policy": label_of(ranking.policy)}
    asked = Phrase(N_("%(partner)s is asked, by the plan's policy: %(policy)s."), seen)
    return PushChoice(left[ranking.chosen_id], ranking, (asked, *ranking.reasons))


def make_push_offer(
    session: Session,
    lead: Lead,
    push: Round,
    line: RoundPlan,
    asked: Candidate,
    ranking: PushRanking,
    rules: ManufacturerRules,
    now: datetime,
) -> None:
    """Ask the partner that was chosen; the window runs in its own working time.

    The order, each part of it and the policy's reasons stay with the offer for the manufacturer. The partner reads why
    it may have the lead, nothing of others.
    """
    window = line.window_for(is_hot=lead.is_hot)
    expires_at = due_at(window, organisation_calendar(session, asked.partner_id), now)
    make_exclusive_offer(
        session,
        lead,
        push,
        Asked(asked.facts.partnership_id, asked.partner_id, asked.version),
        now=now,
        expires_at=expiry_of(asked, expires_at, rules.time_zone),
        reasons=why_offered(asked.eligibility.results),
        ranking=ranking.to_json(),
    )


def _left_to_ask(session: Session, push: Round | None, line: RoundPlan, considered: Considered) -> dict[int, Candidate]:
    """The eligible partnerships that are there and were not asked in this round; none once enough were asked."""
    in_round = select(Offer.partnership_id).where(Offer.round_id == push.id) if push else None
    asked = set(session.scalars(in_round)) if in_round is not None else set()
    if line.max_offers is not None and len(asked) >= line.max_offers:
        return {}
    away = partners_away(session, {one.partner_id for one in considered.eligible})
    return {
        one.facts.partnership_id: one
        for one in considered.eligible
        if one.facts.partnership_id not in asked and one.partner_id not in away
    }

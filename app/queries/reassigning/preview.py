"""What would become of leads that are about to be moved by hand, and what speaks against it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.database import db
from app.domain.errors import Refused
from app.domain.identity import Viewer
from app.domain.lead_routing.trace import RuleName
from app.domain.leads import LeadState
from app.domain.money import Money
from app.domain.person_names import full_name
from app.domain.phrases import Phrase
from app.domain.reassigning import (
    LeadStanding,
    ReassignFacts,
    Taker,
    decide_reassign,
    plan_without_partner,
    rules_against,
)
from app.models import Assignment, Lead, Offer, Partnership, User
from app.queries.cockpit.index import products_of
from app.queries.eligibility import leads_for_nobody
from app.queries.network.own import own_manufacturer
from app.queries.reassigning.fitness import TakerFitness, taker_fitness
from app.queries.reassigning.standing import reassign_facts

FINDINGS_TOLD = 3
"""Sentences told of each rule above the leads; all of them stand beside the leads."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a move would make of a lead: what happens, or why nothing does.

    Both are None while nobody is chosen to take it and nothing stands against every choice.
    """

    outcome: Phrase | None = None
    why_not: Phrase | None = None
    remedy: Phrase | None = None


@dataclass(frozen=True, slots=True)
class MovableLead:
    """One lead that was chosen: who has it now, where it stands, and what would become of it.

    `against` are the manufacturer's own rules by which the chosen partner would not get it.
    """

    id: uuid.UUID
    reference: str
    name: str
    products: tuple[str, ...]
    is_hot: bool
    amount: Money | None
    state: LeadState
    holder: str
    standing: LeadStanding
    verdict: Verdict
    against: tuple[Phrase, ...] = ()

    @property
    def is_movable(self) -> bool:
        """Whether it would be moved."""
        return self.verdict.outcome is not None


@dataclass(frozen=True, slots=True)
class Objection:
    """One rule that speaks against moving `count` of the leads, the first it says of them, and how many more."""

    rule: RuleName
    count: int
    findings: tuple[Phrase, ...]
    more: int


@dataclass(frozen=True, slots=True)
class MovePreview:
    """The chosen leads, the most valuable first, and what speaks against moving them to the chosen partner.

    `partner` is empty where none is chosen; `about_partner` speaks against all of them alike.
    """

    leads: tuple[MovableLead, ...]
    partner: str
    objections: tuple[Objection, ...]
    about_partner: tuple[Phrase, ...]

    @property
    def movable(self) -> int:
        """How many would be moved."""
        return sum(lead.is_movable for lead in self.leads)

    @property
    def unfit(self) -> int:
        """How many the partner would not get by the manufacturer's own rules."""
        return sum(bool(lead.against) for lead in self.leads)

    @property
    def needs_word(self) -> bool:
        """Whether a person has to say that it is meant."""
        return bool(self.movable and (self.unfit or self.about_partner))


def preview_reassign(*, viewer: Viewer, lead_ids: Collection[uuid.UUID], taker: Taker | None) -> MovePreview:
    """What would become of each of the viewer's leads; those of others are left out.

    The number of statements does not grow with the leads.
    """
    session, own = db.session(), own_manufacturer(viewer)
    facts = reassign_facts(session, own, lead_ids, taker or Taker())
    verdicts = {lead_id: _verdict(one, taker) for lead_id, (_standing, one) in facts.items()}
    by_value = select(Lead).where(Lead.id.in_(facts)).order_by(Lead.amount_cents.desc().nulls_last(), Lead.id)
    leads = session.scalars(by_value).all()
    movable = [lead for lead in leads if verdicts[lead.id].outcome is not None]
    if taker is not None and taker.is_plan:
        verdicts |= _without_partner(session, own, movable, facts)
    fitness = taker_fitness(session, own, movable, taker or Taker())
    holders, products = _holders(session, facts), products_of(list(facts))
    return MovePreview(
        tuple(
            MovableLead(
                id=lead.id,
                reference=lead.reference,
                name=lead.company or full_name(lead.given_name, lead.family_name) or lead.reference,
                products=products.get(lead.id, ()),
                is_hot=lead.is_hot,
                amount=_amount(lead),
                state=lead.state,
                holder=holders.get(lead.id, ""),
                standing=facts[lead.id][0],
                verdict=verdicts[lead.id],
                against=fitness.against(lead.id),
            )
            for lead in leads
        ),
        fitness.room.name if fitness.room else "",
        _objections(fitness),
        fitness.against_all(len(movable)),
    )


def _amount(lead: Lead) -> Money | None:
    return Money(lead.amount_cents, lead.currency) if lead.amount_cents is not None and lead.currency else None


def _verdict(facts: ReassignFacts, taker: Taker | None) -> Verdict:
    """Before anybody is chosen only what stands against every choice is told."""
    try:
        outcome = decide_reassign(facts, taker or Taker())
    except Refused as refused:
        is_told = taker is not None or refused.code == "closed"
        return Verdict(why_not=refused.phrase, remedy=refused.remedy) if is_told else Verdict()
    return Verdict(outcome) if taker is not None else Verdict()


def _without_partner(
    session: Session,
    manufacturer_id: int,
    leads: Collection[Lead],
    facts: Mapping[uuid.UUID, tuple[LeadStanding, ReassignFacts]],
) -> dict[uuid.UUID, Verdict]:
    """What becomes of those leads that no partner may have, but for who works them now, where the plan is to go on.

    Of a nurtured lead of a known company nothing is said: its owner is asked before the plan.
    """
    asked = [lead for lead in leads if lead.state is not LeadState.NURTURING or lead.account_id is None]
    workers = {lead_id: one.worker.partnership_id for lead_id, (_, one) in facts.items() if one.worker is not None}
    nobodys = leads_for_nobody(session, manufacturer_id, asked, workers)
    return {lead_id: Verdict(plan_without_partner(facts[lead_id][1])) for lead_id in nobodys}


def _objections(fitness: TakerFitness) -> tuple[Objection, ...]:
    """The rules that speak against leads, those against the most of them first."""
    failed = [result for found in fitness.found.values() for result in rules_against(found)]
    by_rule = {rule: [result.phrase for result in failed if result.rule is rule] for rule in RuleName}
    objections = (_objection(rule, told) for rule, told in by_rule.items() if told)
    return tuple(sorted(objections, key=lambda one: -one.count))


def _objection(rule: RuleName, told: Collection[Phrase]) -> Objection:
    findings = tuple({str(one): one for one in told}.values())
    return Objection(rule, len(told), findings[:FINDINGS_TOLD], max(0, len(findings) - FINDINGS_TOLD))


def _holders(session: Session, facts: Mapping[uuid.UUID, tuple[LeadStanding, ReassignFacts]]) -> dict[uuid.UUID, str]:
    """Who works each lead, or is asked alone to take it."""
    asked = aliased(Partnership)
    works = (
        select(Assignment.lead_id, Partnership.name, User.name)
        .outerjoin(Partnership, Partnership.id == Assignment.partnership_id)
        .outerjoin(User, User.id == Assignment.user_id)
        .where(Assignment.id.in_([one.assignment_id for one, _ in facts.values() if one.assignment_id]))
    )
    offered = (
        select(Offer.lead_id, asked.name)
        .join(asked, asked.id == Offer.partnership_id)
        .where(
            Offer.round_id.in_([one.round_id for one, _ in facts.values() if one.round_id]),
            Offer.is_exclusive,
            Offer.answer.is_(None),
        )
    )
    asked_alone = {row[0]: row[1] for row in session.execute(offered)}
    return asked_alone | {row[0]: row[1] or row[2] or "" for row in session.execute(works)}

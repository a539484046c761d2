"""The demo's world: every state present, told in its order, nobody in it real."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import clock_now, db
from app.domain.accounts import AccountChangeKind, AccountLevel
from app.domain.audit import EventKind
from app.domain.demo import PERSONAS
from app.domain.distribution import AssignmentOrigin, OfferAnswer, RoundKind
from app.domain.identity import OrganisationKind, Role
from app.domain.leads import LeadState, ReviewReason, Stage
from app.domain.notifications import MailKind
from app.domain.submissions import SubmissionState
from app.models import (
    AccountChange,
    Activity,
    Assignment,
    Certification,
    Deadline,
    Event,
    Lead,
    LeadImport,
    Offer,
    Opportunity,
    Organisation,
    OutboxMessage,
    Partnership,
    Review,
    Round,
    RoutingRule,
    RuleApplication,
    SavedView,
    Submission,
    User,
)
from app.services.demo.world import seed_world
from tests.databases import emptied_after


@pytest.fixture(scope="module")
def seeded(app: Flask) -> Iterator[Session]:
    """The world, made once for all that only look at it."""
    with emptied_after(app):
        assert seed_world()
        yield db.session()


def _count(session: Session, table: type) -> int:
    return session.scalars(select(func.count()).select_from(table)).one()


def _values(session: Session, column: object) -> set[object]:
    return set(session.scalars(select(column)))


def test_holds_every_state_and_every_kind_of_thing(seeded: Session) -> None:
    states = _values(seeded, Lead.state)
    assert states == set(LeadState) - {LeadState.RECEIVED, LeadState.ERASED}
    assert _values(seeded, Lead.stage) == set(Stage)
    assert _count(seeded, Lead) >= 60
    kinds = [organisation.kind for organisation in seeded.scalars(select(Organisation))]
    assert kinds.count(OrganisationKind.MANUFACTURER) == 3
    assert kinds.count(OrganisationKind.PARTNER) >= 12
    assert _values(seeded, User.role) == set(Role)
    assert _values(seeded, User.language) == {"en", "de", "ja"}
    assert {SubmissionState.QUARANTINED, SubmissionState.MERGED} <= _values(seeded, Submission.state)
    for table in (LeadImport, SavedView, Activity, Certification):
        assert _count(seeded, table) >= 3, table
    open_rounds = set(seeded.scalars(select(Round.kind).where(Round.closed_at.is_(None))))
    assert open_rounds == {RoundKind.OWNER, RoundKind.BOARD, RoundKind.PUSH, RoundKind.DIRECT}


def test_one_partner_works_with_all_three_manufacturers(seeded: Session) -> None:
    nordwind = select(Partnership).join(Organisation, Organisation.id == Partnership.partner_id)
    standings = seeded.scalars(nordwind.where(Organisation.name == "Nordwind Technik GmbH")).all()
    assert len({standing.manufacturer_id for standing in standings}) == 3
    assert len({standing.partner_id for standing in standings}) == 1


def test_the_past_is_told_in_its_order_and_ends_now(seeded: Session) -> None:
    moments = seeded.scalars(select(Event.at).order_by(Event.id)).all()
    late = [before - after for before, after in pairwise(moments) if before > after]
    assert max((gap.total_seconds() for gap in late), default=0.0) < 2
    assert moments[-1] <= seeded.scalars(select(clock_now())).one()
    pending = select(Deadline).where(Deadline.fired_at.is_(None), Deadline.cancelled_at.is_(None))
    assert all(deadline.due_at > moments[-1] for deadline in seeded.scalars(pending))


def test_offers_on_the_board_can_be_seen_at_once(seeded: Session) -> None:
    shown = (
        select(func.count())
        .select_from(Offer)
        .join(Partnership, Partnership.id == Offer.partnership_id)
        .where(
            Offer.answer.is_(None),
            Offer.visible_from <= clock_now(),
            Offer.expires_at > clock_now(),
            Offer.eligibility_version == Partnership.eligibility_version,
        )
    )
    assert seeded.scalars(shown).one() >= 25


def test_nobody_in_it_is_real(seeded: Session) -> None:
    addresses = _values(seeded, User.email) | _values(seeded, Lead.email)
    assert all(str(address).endswith(".example") for address in addresses)


def test_every_persona_has_joined(seeded: Session) -> None:
    joined = set(seeded.scalars(select(User.email).where(User.joined_at.is_not(None), User.disabled_at.is_(None))))
    assert {persona.email for persona in PERSONAS} <= joined


def test_leads_are_where_every_level_sends_them(seeded: Session) -> None:
    assert _values(seeded, Lead.account_level) >= set(AccountLevel)
    waiting = _values(seeded, Lead.review_reason)
    assert {ReviewReason.COMPETITOR, ReviewReason.PARTNER_COMPANY, ReviewReason.OWNER_CONFLICT} <= waiting
    silent = select(Lead.company).join(Offer, Offer.lead_id == Lead.id).join(Round, Round.id == Offer.round_id)
    silent = silent.where(Round.kind == RoundKind.OWNER, Offer.answer == OfferAnswer.EXPIRED)
    assert "Horlogerie du Léman SA" in set(seeded.scalars(silent))
    sellers = select(func.count()).select_from(Assignment).where(Assignment.origin == AssignmentOrigin.OWNER)
    assert (
        seeded.scalars(sellers.where(Assignment.user_id.is_not(None), Assignment.partnership_id.is_(None))).one() >= 3
    )
    assert _count(seeded, Opportunity) == 2


def test_some_leads_are_reserved_to_personas(seeded: Session) -> None:
    reserved = (
        select(User.email)
        .join(Offer, Offer.partner_id == User.organisation_id)
        .join(Round, Round.id == Offer.round_id)
        .where(Round.kind == RoundKind.OWNER, Offer.answer.is_(None), Offer.expires_at > clock_now())
    )
    emails = Counter(seeded.scalars(reserved))
    assert emails["nora@nordwind.example"] >= 3
    assert {"lukas@isarwerk.example", "reto@alpstein.example", "kenji@kansai-motion.example"} <= emails.keys()


def test_a_reviewer_finds_near_matches_of_many_kinds(seeded: Session) -> None:
    reviews = seeded.scalars(
        select(Review).where(Review.reason == ReviewReason.NEAR_MATCH, Review.decided_at.is_(None))
    ).all()
    assert len(reviews) >= 10
    assert all(review.candidates for review in reviews)
    signals = [signal for review in reviews for one in review.candidates for signal in one["signals"]]
    assert {"similar", "name", "domain", "shared_domain", "ip_range"} <= {signal["kind"] for signal in signals}


def test_a_third_lead_has_made_its_companys_account(seeded: Session) -> None:
    made = seeded.scalars(select(AccountChange).where(AccountChange.kind == AccountChangeKind.CREATED_FROM_LEADS)).one()
    leads = seeded.scalars(select(Lead).where(Lead.account_id == made.account_id)).all()
    assert [lead.company_domain for lead in leads] == ["tauberfeld.example"] * 3
    assert seeded.scalars(select(func.count()).where(Event.kind == EventKind.HIGH_ACTIVITY)).one() == 1


def test_partners_race_for_many_of_the_leads(seeded: Session) -> None:
    seen = (
        select(Offer.lead_id)
        .join(Round, Round.id == Offer.round_id)
        .where(Round.kind == RoundKind.BOARD, Offer.answer.is_(None), Offer.visible_from <= clock_now())
        .group_by(Offer.lead_id)
        .having(func.count(Offer.partner_id.distinct()) > 1)
    )
    assert len(seeded.scalars(seen).all()) >= 10


def test_old_mails_are_not_sent_again_and_young_ones_wait(seeded: Session) -> None:
    owed = seeded.scalars(select(OutboxMessage).where(OutboxMessage.sent_at.is_(None))).all()
    assert {"invitation_to_user", "push_offer_to_partner"} <= {message.kind for message in owed}
    assert len(owed) < 80


def test_own_rules_have_met_leads_of_the_past(seeded: Session) -> None:
    followed = select(RoutingRule.name, RoutingRule.trigger).join(RuleApplication).distinct()
    assert ("Large deals in Bavaria", "received") in {tuple(row) for row in seeded.execute(followed)}
    told = select(OutboxMessage.id).where(OutboxMessage.kind == MailKind.ROUTING_RULE_TO_COLLEAGUE)
    assert seeded.scalar(told.limit(1)) is not None

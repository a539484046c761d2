"""How a run of the recheck ends: in time, with what it could not do still owed, and with nobody held up by another."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.adapters.job_queue import OutOfTime
from app.domain.departures import LeadsChoice
from app.domain.distribution import OfferAnswer
from app.domain.partners import PartnershipStatus
from app.domain.phrases import Phrase
from app.models import Lead, Offer, OwedRecheck, Partnership
from app.queries.network.partners import partner_overview
from app.services.departures.moving import move_departing_leads
from app.services.owed_rechecks import leads_owed, owe_for_network, owe_for_rules
from app.services.rechecking import recheck_eligibility, runs
from tests import factories
from tests.boards import offer_to, put_on_board
from tests.cast import Cast
from tests.conftest import TimeMachine
from tests.departures import pause, works
from tests.pushes import another_partner
from tests.ruling import keep, offered_to


def doubted(session: Session, partnership: Partnership) -> Partnership:
    partnership.eligibility_version += 1
    session.commit()
    return partnership


def fails(monkeypatch: pytest.MonkeyPatch, error: BaseException, lead: Lead) -> None:
    """Let the look at one lead fail until it is undone."""
    real, spoiled_id = runs.recheck_lead, lead.id

    def look(session: Session, lead: Lead, *rest: object, **more: object) -> None:
        if lead.id == spoiled_id:
            raise error
        real(session, lead, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(runs, "recheck_lead", look)


def is_fresh(session: Session, lead: Lead, partnership: Partnership) -> bool:
    session.expire_all()
    return offer_to(session, lead, partnership).eligibility_version == partnership.eligibility_version


def by_network(session: Session, cast: Cast) -> None:
    doubted(session, cast.partnerships["kansai"])


def by_rule(_session: Session, cast: Cast) -> None:
    keep(cast, excluded_ids=frozenset({cast.partnerships["kansai"].id}))


@pytest.mark.covers("W-06", "A-03")
@pytest.mark.parametrize("changed", [by_network, by_rule])
@pytest.mark.parametrize(
    "error",
    [OutOfTime("120 seconds"), OperationalError("", {}, psycopg.errors.AdminShutdown("shutting down"))],
    ids=["out of time", "the server goes"],
)
def test_what_ends_the_run_is_not_held_against_the_lead_it_was_at(
    session: Session,
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    changed: Callable[[Session, Cast], None],
    error: Exception,
) -> None:
    leads = [put_on_board(session, cast) for _ in range(2)]
    changed(session, cast)
    fails(monkeypatch, error, leads[0])
    with pytest.raises(type(error)):
        recheck_eligibility()
    monkeypatch.undo()
    assert leads[0].id in session.scalars(select(OwedRecheck.lead_id)).all()
    assert recheck_eligibility() >= 1, "the next ring goes on with it"
    assert recheck_eligibility() == 0


@pytest.mark.covers("W-06", "A-03")
@pytest.mark.parametrize(
    "error",
    [
        OperationalError("", {}, psycopg.errors.QueryCanceled("statement timeout")),
        OperationalError("", {}, psycopg.errors.LockNotAvailable("lock timeout")),
        OperationalError("", {}, psycopg.errors.DeadlockDetected("deadlock")),
        RuntimeError("spoiled"),
    ],
    ids=lambda one: type(getattr(one, "orig", one)).__name__,
)
def test_one_lead_that_always_fails_holds_up_no_other_and_is_tried_again(
    session: Session, cast: Cast, clock: TimeMachine, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    leads = [put_on_board(session, cast) for _ in range(3)]
    kansai = doubted(session, cast.partnerships["kansai"])
    fails(monkeypatch, error, leads[0])
    assert recheck_eligibility() == 2
    assert [is_fresh(session, lead, kansai) for lead in leads] == [False, True, True]
    assert partner_overview(viewer=cast.viewer("carl"), partnership_id=kansai.id).is_being_rechecked
    assert recheck_eligibility() == 0, "not at once"
    monkeypatch.undo()
    clock.pass_time(minutes=2)
    assert recheck_eligibility() == 1
    assert is_fresh(session, leads[0], kansai)
    assert not partner_overview(viewer=cast.viewer("carl"), partnership_id=kansai.id).is_being_rechecked


@pytest.mark.covers("W-06")
def test_a_run_whose_time_is_up_leaves_the_rest_to_the_next(session: Session, cast: Cast) -> None:
    lead, kansai = put_on_board(session, cast), cast.partnerships["kansai"]
    doubted(session, kansai)
    assert recheck_eligibility(seconds=-1) == 0
    assert not is_fresh(session, lead, kansai)
    assert recheck_eligibility() == 1
    assert is_fresh(session, lead, kansai)


def test_neither_rules_nor_another_manufacturer_hold_up_a_change_of_the_network(session: Session, cast: Cast) -> None:
    ours = [put_on_board(session, cast) for _ in range(3)]
    theirs = [factories.lead(session, cast.globex, []) for _ in range(2)]
    why = Phrase("Changed.")
    owe_for_rules(session, cast.acme.id, [lead.id for lead in ours], why)
    owe_for_rules(session, cast.globex.id, [lead.id for lead in theirs], why)
    last = put_on_board(session, cast)
    doubted(session, cast.partnerships["kansai"])
    owe_for_network(session, cast.acme.id, limit=9)
    session.flush()
    session.execute(OwedRecheck.__table__.delete().where(OwedRecheck.why.is_(None), OwedRecheck.lead_id != last.id))
    order = leads_owed(session)
    assert len(order) == 6
    assert last.id in order[:3]
    assert set(order[:3]) & {lead.id for lead in theirs}


@pytest.mark.covers("W-17", "B-03")
def test_who_may_have_a_lead_meanwhile_gets_it_where_its_last_partner_stays_after_all(
    session: Session, cast: Cast
) -> None:
    """A departing partner has the lead alone while a newcomer becomes eligible; then it is taken up again."""
    lead = put_on_board(session, cast)
    others = offer_to(session, lead, cast.partnerships["kansai"])
    others.answer, others.answered_at = OfferAnswer.DECLINED, func.clock_now()
    session.commit()
    works(session, cast, 1)
    pause(session, cast, LeadsChoice.GO)
    newcomer = another_partner(session, cast, "Newcomer")
    doubted(session, newcomer)
    recheck_eligibility()
    pause(session, cast, None, PartnershipStatus.ACTIVE)
    recheck_eligibility()
    open_to = select(Offer.partnership_id).where(Offer.lead_id == lead.id, Offer.answer.is_(None))
    assert set(session.scalars(open_to)) == {newcomer.id, cast.partnerships["nordwind"].id}
    assert session.scalar(select(func.count()).select_from(OwedRecheck)) == 0
    assert move_departing_leads() == 0


def test_a_rule_and_the_network_are_looked_at_together(session: Session, cast: Cast) -> None:
    lead = put_on_board(session, cast)
    by_rule(session, cast)
    doubted(session, cast.partnerships["nordwind"])
    assert recheck_eligibility() == 1
    assert offered_to(session, cast, lead) == {"nordwind"}
    assert is_fresh(session, lead, cast.partnerships["nordwind"])

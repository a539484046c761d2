"""Open leads matched again after accounts have changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import psycopg
import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.adapters.job_names import RUN_REMATCHES, queue_of
from app.adapters.job_queue import OutOfTime, current_queue
from app.database import db
from app.domain.account_merging import OwnerKept
from app.domain.accounts import AccountStatus, RematchCause
from app.domain.audit import EventKind
from app.domain.distribution import RoundKind
from app.domain.errors import Forbidden
from app.domain.leads import LeadState, ReviewReason
from app.domain.network.account_draft import AccountDraft
from app.domain.rule_actions import RuleDestination
from app.models import Account, Event, Lead, Offer, Rematch, Review, Round
from app.queries.accounts.rematches import rematch_state
from app.queries.network.drafts import draft_of_account
from app.services.accounts import rematching
from app.services.accounts.linking import link_lead, unlink_lead
from app.services.accounts.merging import merge_accounts
from app.services.accounts.rematching import ask_for_rematch, run_rematches
from app.services.lead_routing import release_lead
from app.services.network.accounts import change_account, create_account, end_account
from tests import factories
from tests.boards import put_on_board
from tests.cast import Cast
from tests.ruling import keep
from tests.silences import pending

SAKURA = {"company": "Sakura Optics K.K.", "company_key": "sakura optics", "company_domain": "sakura-optics.example"}


def on_board(session: Session, cast: Cast, **values: Any) -> Lead:
    return put_on_board(session, cast, email="m@sakura-optics.example", **(SAKURA | values))


def sakura(cast: Cast, **values: Any) -> int:
    known: dict[str, Any] = {
        "code": "A-1",
        "name": "Sakura Optics",
        "domains": ("sakura-optics.example",),
        "status": AccountStatus.CUSTOMER,
        "owner_partnership_id": cast.partnerships["kansai"].id,
    }
    return create_account(actor=cast.viewer("ada"), draft=AccountDraft(**(known | values)))


def open_round(session: Session, lead: Lead) -> tuple[RoundKind, list[int]]:
    found = session.scalars(select(Round).where(Round.lead_id == lead.id, Round.closed_at.is_(None))).one()
    offers = select(Offer.partnership_id).where(Offer.round_id == found.id, Offer.answer.is_(None))
    return found.kind, sorted(session.scalars(offers))


@pytest.mark.covers("I-06")
def test_a_lead_on_the_board_goes_to_the_owner_of_an_account_written_down_since(session: Session, cast: Cast) -> None:
    lead = on_board(session, cast)
    account_id = sakura(cast)
    assert session.scalars(select(Rematch)).one().finished_at is None
    assert run_rematches() == 1
    session.expire_all()
    assert lead.account_id == account_id
    assert open_round(session, lead) == (RoundKind.OWNER, [cast.partnerships["kansai"].id])
    run = session.scalars(select(Rematch)).one()
    assert (run.total, run.done, run.changed, run.after_lead_id) == (1, 1, 1, lead.id)
    assert run.finished_at is not None
    event = session.scalars(select(Event).where(Event.kind == EventKind.LEADS_REMATCHED)).one()
    assert event.data == {"rows": 1, "changed": 1, "cause": "accounts_changed"}
    assert run_rematches() == 0


def test_a_run_that_changes_nothing_leaves_every_round_as_it_is(session: Session, cast: Cast) -> None:
    leads = [on_board(session, cast), put_on_board(session, cast)]
    sakura(cast)
    run_rematches()
    before = [open_round(session, lead) for lead in leads], len(session.scalars(select(Round)).all())
    for _ in range(2):
        ask_for_rematch(actor=cast.viewer("carl"))
        assert run_rematches() == 2
    assert ([open_round(session, lead) for lead in leads], len(session.scalars(select(Round)).all())) == before
    assert session.scalars(select(Rematch.changed).order_by(Rematch.id.desc())).first() == 0


def test_another_owner_gets_the_offer(session: Session, cast: Cast) -> None:
    lead, account_id = on_board(session, cast), sakura(cast)
    run_rematches()
    account = session.get_one(Account, account_id)
    draft = replace(draft_of_account(account), owner_partnership_id=cast.partnerships["nordwind"].id)
    change_account(actor=cast.viewer("ada"), account_id=account_id, version=account.version, draft=draft)
    run_rematches()
    assert open_round(session, lead) == (RoundKind.OWNER, [cast.partnerships["nordwind"].id])


def test_an_account_out_of_use_gives_its_leads_back_to_the_plan(session: Session, cast: Cast) -> None:
    lead, account_id = on_board(session, cast), sakura(cast)
    run_rematches()
    end_account(actor=cast.viewer("ada"), account_id=account_id)
    run_rematches()
    assert (lead.account_id, open_round(session, lead)[0]) == (None, RoundKind.BOARD)


def test_leads_of_a_merged_account_go_to_the_owner_of_the_other(session: Session, cast: Cast) -> None:
    lead, going = on_board(session, cast), sakura(cast, owner_partnership_id=None)
    run_rematches()
    staying = sakura(cast, code="A-2", name="Sakura Group", domains=())
    merge_accounts(actor=cast.viewer("ada"), account_id=going, into_id=staying)
    run_rematches()
    session.expire_all()
    assert lead.account_id == staying
    assert open_round(session, lead) == (RoundKind.OWNER, [cast.partnerships["kansai"].id])


@pytest.mark.covers("I-06", "P-18")
@pytest.mark.parametrize("by_hand", [False, True])
def test_an_offer_to_the_owner_of_the_account_that_ended_is_taken_back(
    session: Session, cast: Cast, by_hand: bool
) -> None:
    lead, going = on_board(session, cast), sakura(cast)
    if by_hand:
        link_lead(lead_id=lead.id, account_id=going, actor=cast.viewer("ines"), reason="They said so.")
    run_rematches()
    assert open_round(session, lead) == (RoundKind.OWNER, [cast.partnerships["kansai"].id])
    nordwind = cast.partnerships["nordwind"].id
    staying = sakura(cast, code="A-2", name="Sakura Optics", domains=(), owner_partnership_id=nordwind)
    merge_accounts(actor=cast.viewer("ada"), account_id=going, into_id=staying, owner_kept=OwnerKept.STAYING)
    run_rematches()
    session.expire_all()
    assert (lead.account_id, lead.is_linked_by_hand) == (staying, by_hand)
    assert open_round(session, lead) == (RoundKind.OWNER, [nordwind])


def test_a_question_about_the_company_is_answered_by_what_is_known_now(session: Session, cast: Cast) -> None:
    account_id = sakura(cast, status=AccountStatus.COMPETITOR, owner_partnership_id=None)
    lead = on_board(session, cast)
    assert (lead.state, lead.review_reason) == (LeadState.IN_REVIEW, ReviewReason.COMPETITOR)
    account = session.get_one(Account, account_id)
    draft = AccountDraft(code="A-1", name="Sakura Optics", domains=("sakura-optics.example",))
    change_account(actor=cast.viewer("ada"), account_id=account_id, version=account.version, draft=draft)
    run_rematches()
    session.expire_all()
    assert (lead.state, lead.review_reason) == (LeadState.DISTRIBUTING, None)


def test_what_a_person_decided_or_works_is_left_alone(session: Session, cast: Cast) -> None:
    by_hand = on_board(session, cast)
    unlink_lead(lead_id=by_hand.id, actor=cast.viewer("ines"), reason="Another Sakura.")
    released = on_board(session, cast, score=5)
    release_lead(lead_id=released.id, actor=cast.viewer("ines"), reason="They called.")
    worked = on_board(session, cast)
    factories.assignment(session, worked, partnership=cast.partnerships["nordwind"])
    session.commit()
    sakura(cast)
    assert run_rematches() == 1
    session.expire_all()
    assert (by_hand.account_id, worked.account_id) == (None, None)
    assert open_round(session, by_hand)[0] is open_round(session, released)[0] is RoundKind.BOARD


def test_a_run_goes_on_where_a_killed_process_stopped(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    leads = sorted((on_board(session, cast, company_domain=None) for _ in range(3)), key=lambda lead: lead.id)
    account_id, looked_at = sakura(cast), []

    def killed_at_the_second(session: Session, lead: Lead) -> bool:
        looked_at.append(lead.id)
        if len(looked_at) == 2:
            raise KeyboardInterrupt
        return match_again(session, lead)

    match_again = rematching.match_again
    monkeypatch.setattr(rematching, "match_again", killed_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        run_rematches()
    assert (session.scalars(select(Rematch.done)).one(), leads[0].account_id) == (1, account_id)
    assert run_rematches() == 2
    assert looked_at == [leads[0].id, leads[1].id, leads[1].id, leads[2].id]
    assert {lead.account_id for lead in leads} == {account_id}


def test_a_lead_that_fails_stops_no_other(session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = sorted((on_board(session, cast) for _ in range(2)), key=lambda lead: lead.id)
    account_id, match_again = sakura(cast), rematching.match_again

    def failing(session: Session, lead: Lead) -> bool:
        if lead.id == bad.id:
            raise ValueError("spoiled")
        return match_again(session, lead)

    monkeypatch.setattr(rematching, "match_again", failing)
    assert run_rematches() == 2
    assert (bad.account_id, good.account_id) == (None, account_id)


@pytest.mark.parametrize("error", [OperationalError("", {}, psycopg.errors.AdminShutdown()), OutOfTime("120 seconds")])
def test_a_lead_at_which_the_run_was_ended_is_not_counted_as_looked_at(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    lead = on_board(session, cast)
    account_id, match_again = sakura(cast), rematching.match_again

    def ended(session: Session, lead: Lead) -> bool:
        raise error

    monkeypatch.setattr(rematching, "match_again", ended)
    with pytest.raises(type(error)):
        run_rematches()
    monkeypatch.setattr(rematching, "match_again", match_again)
    assert run_rematches() == 1
    assert lead.account_id == account_id


@pytest.mark.parametrize("times", [1, 9], ids=["once", "always"])
def test_a_lead_that_meets_a_time_out_is_tried_twice_and_holds_up_no_other(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    leads, real, fails = [on_board(session, cast) for _ in range(2)], rematching.match_again, iter(range(times))
    sakura(cast)
    slow = min(lead.id for lead in leads)

    def look(session: Session, lead: Lead) -> bool:
        if lead.id == slow and next(fails, None) is not None:
            raise OperationalError("", {}, psycopg.errors.QueryCanceled("statement timeout"))
        return real(session, lead)

    monkeypatch.setattr(rematching, "match_again", look)
    assert run_rematches() == 2
    session.expire_all()
    assert {lead.id for lead in leads if lead.account_id is None} == (set() if times == 1 else {slow})


def test_a_run_that_another_worker_is_at_is_left_to_it(committed: Session, committed_cast: Cast) -> None:
    lead = on_board(committed, committed_cast)
    account_id = sakura(committed_cast)
    assert run_rematches(seconds=-1) == 0
    with Session(db.engine) as other:
        other.scalars(select(Rematch).with_for_update()).one()
        assert run_rematches() == 0
        assert committed.scalars(select(Rematch.finished_at)).one() is None
        committed.rollback()
    assert run_rematches() == 1
    committed.expire_all()
    assert lead.account_id == account_id


def test_several_who_ask_ring_once(session: Session, cast: Cast) -> None:
    queue = current_queue()
    queue.redis.flushdb()
    for _ in range(3):
        ask_for_rematch(actor=cast.viewer("carl"))
    assert len(queue.queue(queue_of(RUN_REMATCHES)).job_ids) == 1
    queue.redis.flushdb()


def test_the_time_is_kept_and_the_next_call_goes_on(session: Session, cast: Cast) -> None:
    on_board(session, cast)
    sakura(cast)
    assert run_rematches(seconds=-1) == 0
    state = rematch_state(viewer=cast.viewer("vera"))
    assert state is not None and state.is_under_way and (state.done, state.total) == (0, 1)
    assert run_rematches() == 1


def test_one_run_waits_however_often_it_is_asked_for(session: Session, cast: Cast) -> None:
    for _ in range(3):
        ask_for_rematch(actor=cast.viewer("carl"))
    assert session.scalars(select(Rematch.cause)).all() == [RematchCause.ASKED_FOR]
    run_rematches(seconds=-1)
    ask_for_rematch(actor=cast.viewer("carl"))
    assert len(session.scalars(select(Rematch)).all()) == 2
    for name in ("vera", "ines", "nora"):
        with pytest.raises(Forbidden):
            ask_for_rematch(actor=cast.viewer(name))


@pytest.mark.covers("T-21")
def test_the_question_about_a_company_ends_when_a_rule_then_nurtures_the_lead(session: Session, cast: Cast) -> None:
    account_id = sakura(cast, status=AccountStatus.COMPETITOR, owner_partnership_id=None)
    lead = on_board(session, cast)
    assert lead.review_reason is ReviewReason.COMPETITOR
    keep(cast, destination=RuleDestination.NURTURE)
    end_account(actor=cast.viewer("ada"), account_id=account_id)
    run_rematches()
    session.expire_all()
    assert lead.state is LeadState.NURTURING
    assert session.scalars(select(Review).where(Review.decided_at.is_(None))).all() == []
    assert pending(session, lead) == []

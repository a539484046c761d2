"""The mail to colleagues a routing rule names, sent through a real mail server."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.lead_conditions import ConditionGroup, FieldCondition, LeadField, Operator
from app.domain.routing_rules import RoutingRule
from app.domain.rule_actions import RuleActions
from app.jobs.notifications import deliver_outbox
from app.services.routing_rules import create_rule, remove_rule
from tests.boards import put_on_board
from tests.cast import Cast
from tests.mail_server import MailServer, body_of


@pytest.fixture
def rule_id(cast: Cast) -> int:
    """A rule that tells Ada and Vera of leads of one company."""
    conditions = ConditionGroup(parts=(FieldCondition(LeadField.COMPANY, Operator.CONTAINS, "Zeisig"),))
    told = frozenset(cast.people[name].id for name in ("ada", "vera"))
    rule = RoutingRule("Zeisig watch", conditions, RuleActions(notified_ids=told))
    return create_rule(actor=cast.viewer("carl"), rule=rule).id


@pytest.mark.covers("T-21")
def test_it_says_which_rule_applied_and_what_becomes_of_the_lead(
    session: Session, cast: Cast, rule_id: int, mail_server: MailServer
) -> None:
    lead = put_on_board(session, cast, company="Zeisigwerk", title="Industrial pumps")
    remove_rule(actor=cast.viewer("carl"), rule_id=rule_id)
    deliver_outbox()
    assert len(mail_server.taken) == 2
    for message in mail_server.taken:
        assert "Zeisig" not in str(message["Subject"])
        for body in (body_of(message, "plain"), body_of(message, "html")):
            assert "Zeisig watch" in body
            assert "It is on the board now" in body
            assert f"/leads/{lead.id}" in body


@pytest.mark.usefixtures("rule_id")
def test_who_has_left_since_gets_none(session: Session, cast: Cast, mail_server: MailServer) -> None:
    put_on_board(session, cast, company="Zeisigwerk")
    cast.people["ada"].disabled_at = read_clock(session)
    session.commit()
    deliver_outbox()
    (message,) = mail_server.taken
    assert "vera" in str(message["To"])

"""What came of it, counted in the database by statements that share nothing with the product's own."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

import psycopg

from bench.kill_matrix.claiming import Answers
from bench.kill_matrix.promises import World

Figures = dict[str, Any]

DUE_NOW = """
    SELECT (SELECT count(*) FROM deadline WHERE fired_at IS NULL AND cancelled_at IS NULL AND due_at <= now()),
           (SELECT count(*) FROM outbox_message WHERE sent_at IS NULL AND given_up_at IS NULL AND due_at <= now())
"""

_DEADLINES = """
    WITH watched AS (SELECT *, extract(epoch FROM fired_at - due_at) AS late FROM deadline WHERE due_at <= %(until)s)
    SELECT count(*) AS deadlines, count(fired_at) AS fired, count(cancelled_at) AS cancelled,
        count(*) FILTER (WHERE fired_at IS NULL AND cancelled_at IS NULL) AS forgotten,
        count(*) FILTER (WHERE fired_at IS NOT NULL AND cancelled_at IS NOT NULL) AS both,
        count(*) FILTER (WHERE fired_at < due_at) AS early,
        count(*) FILTER (WHERE failures > 0) AS retried,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY late) AS late_p50_s,
        percentile_cont(0.99) WITHIN GROUP (ORDER BY late) AS late_p99_s, max(late) AS late_max_s
    FROM watched
"""

_CANCELLED_WITHOUT_REASON = """
    SELECT count(*) FROM deadline d
    WHERE d.due_at <= %(until)s AND d.cancelled_at IS NOT NULL
        AND NOT EXISTS (SELECT FROM offer WHERE offer.id = d.offer_id AND offer.answer IS NOT NULL)
        AND NOT EXISTS (SELECT FROM round WHERE round.id = d.round_id AND round.closed_at IS NOT NULL)
        AND NOT EXISTS (SELECT FROM assignment work WHERE work.id = d.assignment_id AND work.ended_at IS NOT NULL)
        AND NOT EXISTS (SELECT FROM review WHERE d.kind = 'review_due' AND review.lead_id = d.lead_id
                        AND review.decided_at IS NOT NULL)
"""

_EFFECTS = """
    WITH fired AS (
        SELECT *, CASE
            WHEN kind = 'board_closes' THEN 'round.closed'
            WHEN kind IN ('push_expires', 'owner_expires') THEN 'offer.expired'
            WHEN kind = 'contact_due' THEN 'cockpit.contact_overdue'
            WHEN kind = 'follow_up_due' THEN 'cockpit.follow_up_passed'
            WHEN kind = 'activity_due' THEN 'lead.stalled'
            WHEN kind = 'nurture_due' THEN 'lead.nurture_touch'
            WHEN kind = 'escalation_due' AND step = 're_route' THEN 'lead.re_routed'
            ELSE 'lead.escalated' END AS expected
        FROM deadline WHERE due_at <= %(until)s AND fired_at IS NOT NULL
    ), seen AS (
        SELECT fired.id, (
            SELECT count(*) FROM event
            WHERE event.lead_id = fired.lead_id AND event.kind = fired.expected
                AND (NOT event.data ? 'due_at' OR (event.data ->> 'due_at')::timestamptz = fired.due_at)
                AND (NOT event.data ? 'step' OR event.data ->> 'step' = fired.step)
                AND (event.kind <> 'lead.escalated' OR event.data ->> 'what' = fired.kind)
                AND (event.kind <> 'lead.stalled' OR event.data ->> 'what' = fired.stall)
                AND (event.kind <> 'round.closed' OR event.data ->> 'round' = 'board')
        ) AS times
        FROM fired
    )
    SELECT count(*) FILTER (WHERE times = 0) AS without_effect, coalesce(sum(times - 1) FILTER (WHERE times > 1), 0)
    FROM seen
"""

_TWICE = {
    "lines of the trail": "SELECT count(*) - 1 FROM event WHERE lead_id IS NOT NULL"
    " GROUP BY kind, lead_id, partnership_id, data HAVING count(*) > 1",
    "mails owed": "SELECT count(*) - 1 FROM outbox_message GROUP BY kind, user_id, payload,"
    r" regexp_replace(once_key, '\d+', '', 'g') HAVING count(*) > 1",
    "open rounds": "SELECT count(*) - 1 FROM round WHERE closed_at IS NULL GROUP BY lead_id HAVING count(*) > 1",
    "rounds": "SELECT count(*) - 1 FROM round WHERE backup_for_id IS NULL GROUP BY lead_id, kind HAVING count(*) > 1",
    "offers": "SELECT count(*) - 1 FROM offer WHERE is_exclusive AND answer IS NULL GROUP BY lead_id"
    " HAVING count(*) > 1",
    "active assignments": "SELECT count(*) - 1 FROM assignment WHERE ended_at IS NULL GROUP BY lead_id"
    " HAVING count(*) > 1",
    "places taken": "SELECT abs(p.unworked_claims - count(a.id)) FROM partnership p LEFT JOIN assignment a"
    " ON a.partnership_id = p.id AND a.ended_at IS NULL AND a.first_attempt_at IS NULL"
    " GROUP BY p.id HAVING p.unworked_claims <> count(a.id)",
}
"""What there may be only one of; each statement answers by how many there are too many."""


class Count:
    """Reads one installation's database."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url.replace("postgresql+psycopg://", "postgresql://")

    def waiting(self) -> tuple[int, int]:
        """How many deadlines and mails are due now and not done."""
        return self._row(DUE_NOW)

    def pids_at_work(self) -> set[int]:
        """The workers and clocks that have given a sign of life; nobody while the database is away."""
        try:
            return {row[0] for row in self._rows("SELECT pid FROM process_heartbeat")}
        except psycopg.OperationalError:
            return set()

    def deadlines(self, until: datetime) -> Figures:
        """What became of the deadlines that were due until then."""
        with psycopg.connect(self._url, row_factory=psycopg.rows.dict_row) as line:
            counted: Figures = line.execute(_DEADLINES, {"until": until}).fetchone() or {}
        without_effect, repeated = self._row(_EFFECTS, until)
        without_reason = self._row(_CANCELLED_WITHOUT_REASON, until)[0]
        too_many = {name: sum(row[0] for row in self._rows(statement)) for name, statement in _TWICE.items()}
        twice = {"effects": int(repeated), "fired and cancelled": counted["both"], **too_many}
        lost = {"forgotten": counted["forgotten"], "without effect": without_effect, "no reason": without_reason}
        return counted | {"lost": lost, "twice": {name: int(number) for name, number in twice.items()}}

    def claims(self, world: World, answers: Answers, *, is_complete: bool) -> Figures:
        """Whether every claim that was answered with a yes stands, and whether any lead was won by two."""
        kept = {
            row[0]: row[1:]
            for row in self._rows("SELECT id, offer_id, partner_id FROM assignment WHERE origin = 'claim'")
        }
        lost = double = 0
        for place, winners in answers.won.items():
            double += len(winners) - 1
            lost += sum(
                kept.get(assignment_id) != (world.offers[place][organisation_id], organisation_id)
                for organisation_id, assignment_id in winners.items()
            )
        nobodys = len(world.offers) - len(answers.won) if is_complete else 0
        return {"claims": len(answers.won), "claims_lost": lost + nobodys, "double_claims": double}

    def mails(self, taken: Counter[int]) -> Figures:
        """Whether every mail marked as sent has arrived, and how many arrived more than once."""
        sent = {row[0] for row in self._rows("SELECT id FROM outbox_message WHERE sent_at IS NOT NULL")}
        return {
            "mails": len(sent),
            "mails_lost": len(sent - taken.keys()),
            "mails_repeated": sum(times - 1 for times in taken.values()),
        }

    def _row(self, statement: str, until: datetime | None = None) -> tuple[Any, ...]:
        return self._rows(statement, until)[0]

    def _rows(self, statement: str, until: datetime | None = None) -> list[tuple[Any, ...]]:
        with psycopg.connect(self._url) as line:
            return line.execute(statement, {"until": until}).fetchall()

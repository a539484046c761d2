"""Where a lead may stand when the quarter is over: each end with its reason, and what makes it one."""

from __future__ import annotations

from collections import Counter

from tests.quarter.clock import Agenda

_ENDS = """
    WITH pending AS (
        SELECT lead_id, round_id, offer_id, assignment_id FROM deadline
        WHERE fired_at IS NULL AND cancelled_at IS NULL AND due_at > clock_now()
    ), reminded AS (
        SELECT lead_id, kind, max(fired_at) AS at FROM deadline WHERE cancelled_at IS NULL GROUP BY lead_id, kind
    )
    SELECT lead.id, CASE
        WHEN state = 'won' AND lead.closed_at IS NOT NULL THEN 'won'
        WHEN state = 'lost' AND lead.closed_at IS NOT NULL AND lost_reason IS NOT NULL THEN 'lost: ' || lost_reason
        WHEN state IN ('disqualified', 'withdrawn') AND lead.closed_at IS NOT NULL AND closing_note <> ''
            THEN state || ', with a reason'
        WHEN state = 'nurturing' AND consent.scope = 'none' THEN 'nurtured: may not be called'
        WHEN state = 'nurturing' AND score < release_score THEN 'nurtured: below the release score'
        WHEN state = 'in_review' AND review.id IS NOT NULL
            AND EXISTS (SELECT FROM reminded WHERE lead_id = lead.id AND kind = 'review_due')
            THEN 'before a person: ' || review.reason
        WHEN state = 'distributing' AND round.kind = 'direct'
            AND EXISTS (SELECT FROM reminded WHERE lead_id = lead.id AND kind = 'direct_due')
            THEN 'in the direct queue'
        WHEN state = 'distributing' AND EXISTS (SELECT FROM pending WHERE round_id = round.id)
            THEN 'offered: ' || round.kind
        WHEN state = 'assigned' AND EXISTS (SELECT FROM pending WHERE assignment_id = work.id)
            THEN CASE WHEN work.partnership_id IS NULL THEN 'a seller' ELSE 'a partner' END
                || CASE WHEN work.first_attempt_at IS NULL THEN ' is to call' ELSE ' works it' END
        WHEN state = 'assigned' AND work.partnership_id IS NULL
            AND EXISTS (SELECT FROM reminded WHERE lead_id = lead.id AND at >= work.assigned_at)
            THEN 'a seller was reminded'
        END
    FROM lead JOIN consent ON consent.lead_id = lead.id
    JOIN manufacturer_settings AS settings ON settings.manufacturer_id = lead.manufacturer_id
    LEFT JOIN round ON round.lead_id = lead.id AND round.closed_at IS NULL
    LEFT JOIN assignment AS work ON work.lead_id = lead.id AND work.ended_at IS NULL
    LEFT JOIN review ON review.lead_id = lead.id AND review.decided_at IS NULL"""

NOT_DEFENSIBLE = "NOT DEFENSIBLE"


def ends_of_leads(agenda: Agenda) -> Counter[str]:
    """How many leads ended how. The house's own are never taken away: who has been reminded of one is left with it."""
    return Counter(end or NOT_DEFENSIBLE for _, end in agenda.ask(_ENDS))

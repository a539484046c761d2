"""What must hold after the quarter, each as the statement that finds whatever breaks it."""

from __future__ import annotations

KEPT = {
    "a lead is distributed without exactly one open round": """
        SELECT lead.id FROM lead LEFT JOIN round ON round.lead_id = lead.id AND round.closed_at IS NULL
        GROUP BY lead.id HAVING count(round.id) <> CASE WHEN lead.state = 'distributing' THEN 1 ELSE 0 END""",
    "an open round that nothing will end": """
        SELECT round.id, round.kind FROM round WHERE closed_at IS NULL AND NOT EXISTS (
            SELECT FROM deadline LEFT JOIN offer ON offer.id = deadline.offer_id
            WHERE deadline.round_id = round.id AND deadline.cancelled_at IS NULL AND offer.answer IS NULL
                AND (deadline.fired_at IS NULL OR round.kind = 'direct'))""",
    "an open board without an offer, or somebody asked alone beside somebody else": """
        SELECT round.id FROM round LEFT JOIN offer ON offer.round_id = round.id AND offer.answer IS NULL
        WHERE closed_at IS NULL AND kind <> 'direct'
        GROUP BY round.id HAVING count(offer.id) = 0 OR (kind <> 'board' AND count(offer.id) > 1)""",
    "an open offer of a round that is over": """
        SELECT offer.id FROM offer JOIN round ON round.id = offer.round_id
        WHERE offer.answer IS NULL AND round.closed_at IS NOT NULL""",
    "a lead is worked by nobody, or not in the state for it": """
        SELECT lead.id FROM lead LEFT JOIN assignment ON assignment.lead_id = lead.id AND ended_at IS NULL
        GROUP BY lead.id HAVING count(assignment.id) <> CASE WHEN lead.state = 'assigned' THEN 1 ELSE 0 END""",
    "a lead is worked by a partner, and nothing follows from silence": """
        SELECT id, first_attempt_at FROM assignment work
        WHERE ended_at IS NULL AND partnership_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM deadline WHERE assignment_id = work.id AND fired_at IS NULL AND cancelled_at IS NULL
                AND (step = 're_route' OR stall = 'return_to_distribution'))""",
    "a lead waits for a person, and nobody is asked": """
        SELECT lead.id FROM lead LEFT JOIN review ON review.lead_id = lead.id AND decided_at IS NULL
        GROUP BY lead.id HAVING count(review.id) <> CASE WHEN lead.state = 'in_review' THEN 1 ELSE 0 END""",
    "a question that nobody is reminded of": """
        SELECT id FROM review WHERE decided_at IS NULL AND NOT EXISTS (
            SELECT FROM deadline WHERE deadline.lead_id = review.lead_id AND kind = 'review_due'
                AND cancelled_at IS NULL AND deadline.starts_at >= review.opened_at - interval '1 second')""",
    "a promise about a closed lead": """
        SELECT deadline.id FROM deadline JOIN lead ON lead.id = deadline.lead_id
        WHERE fired_at IS NULL AND cancelled_at IS NULL
            AND lead.state IN ('won', 'lost', 'disqualified', 'withdrawn', 'nurturing')""",
    "a deadline was missed": """
        SELECT id, kind, due_at FROM deadline
        WHERE fired_at IS NULL AND cancelled_at IS NULL AND due_at < clock_now() - interval '1 second'""",
    "a deadline fired early, or late": """
        SELECT id, kind, due_at, fired_at FROM deadline
        WHERE fired_at < due_at OR fired_at > interval '1 second' + greatest(due_at, (
            SELECT max(at) FROM event WHERE kind = 'lead.return_undone' AND event.lead_id = deadline.lead_id
                AND at <= fired_at))""",
    "a deadline failed, or was both fired and cancelled": """
        SELECT id, kind, last_error FROM deadline
        WHERE failures > 0 OR (fired_at IS NOT NULL AND cancelled_at IS NOT NULL)""",
    "a step of a silence was taken twice": """
        SELECT assignment_id, offer_id, kind, step, stall, count(*) FROM deadline
        WHERE fired_at IS NOT NULL AND step IS NOT NULL
        GROUP BY assignment_id, offer_id, kind, step, stall HAVING count(*) > 1""",
    "a fired deadline without its one line in the trail, or a line without its deadline": """
        WITH promised AS (
            SELECT lead_id, due_at, CASE kind WHEN 'contact_due' THEN 'cockpit.contact_overdue'
                WHEN 'activity_due' THEN 'lead.stalled' WHEN 'nurture_due' THEN 'lead.nurture_touch'
                WHEN 'follow_up_due' THEN 'cockpit.follow_up_passed' ELSE 'lead.escalated' END AS told
            FROM deadline WHERE fired_at IS NOT NULL AND (kind = 'escalation_due' AND step <> 're_route'
                OR kind IN ('contact_due', 'activity_due', 'nurture_due', 'follow_up_due'))
            UNION ALL SELECT lead_id, due_at, 'lead.escalated' FROM deadline
            WHERE fired_at IS NOT NULL AND kind = 'contact_due' AND step IS NOT NULL
        ), written AS (
            SELECT lead_id, (data ->> 'due_at')::timestamptz AS due_at, kind AS told FROM event
            WHERE data ? 'due_at' AND kind IN ('cockpit.contact_overdue', 'lead.stalled', 'lead.nurture_touch',
                'cockpit.follow_up_passed', 'lead.escalated'))
        SELECT coalesce(p.lead_id, w.lead_id), coalesce(p.told, w.told), p.times, w.times
        FROM (SELECT lead_id, told, due_at, count(*) AS times FROM promised GROUP BY 1, 2, 3) p
        FULL JOIN (SELECT lead_id, told, due_at, count(*) AS times FROM written GROUP BY 1, 2, 3) w
            ON w.lead_id = p.lead_id AND w.told = p.told AND w.due_at = p.due_at
        WHERE p.times IS DISTINCT FROM w.times""",
    "an offer to one partner that expired without its deadline, or the other way round": """
        SELECT offer.id FROM offer LEFT JOIN deadline ON deadline.offer_id = offer.id
            AND deadline.kind IN ('owner_expires', 'push_expires') AND deadline.fired_at IS NOT NULL
        WHERE is_exclusive GROUP BY offer.id
        HAVING count(deadline.id) <> CASE WHEN offer.answer = 'expired' THEN 1 ELSE 0 END""",
    "a mail owed twice": """
        SELECT kind, user_id, payload FROM outbox_message WHERE payload ? 'deadline_id'
        GROUP BY kind, user_id, payload HAVING count(*) > 1""",
    "a mail that could be owed twice": "SELECT id, kind FROM outbox_message WHERE once_key IS NULL",
    "a partner's count of leads it has not called is not the truth": """
        SELECT partnership.id FROM partnership LEFT JOIN assignment ON assignment.partnership_id = partnership.id
            AND assignment.ended_at IS NULL AND first_attempt_at IS NULL
        GROUP BY partnership.id HAVING count(assignment.id) <> unworked_claims""",
    "a partner took more than its cap of leads it has not called": """
        SELECT taken.id, cap.open FROM assignment taken
        JOIN (SELECT partnership.id, coalesce(partnership.max_open_claims, tier.max_open_claims) AS open
              FROM partnership JOIN tier ON tier.id = tier_id) cap ON cap.id = taken.partnership_id
        JOIN assignment had ON had.partnership_id = taken.partnership_id AND had.id <> taken.id
            AND had.assigned_at < taken.assigned_at
            AND NOT EXISTS (SELECT FROM event WHERE event.lead_id = had.lead_id AND kind = 'lead.return_undone')
            AND coalesce(least(had.first_attempt_at, had.ended_at), 'infinity')
                > taken.assigned_at
        WHERE taken.origin IN ('claim', 'push')
        GROUP BY taken.id, cap.open HAVING count(had.id) >= cap.open""",
    "a partner took more leads on a day than its cap": """
        SELECT partnership.id, (assigned_at AT TIME ZONE partner.time_zone)::date AS day, count(*) FROM assignment
        JOIN partnership ON partnership.id = partnership_id JOIN tier ON tier.id = tier_id
        JOIN organisation partner ON partner.id = assignment.partner_id
        WHERE origin IN ('claim', 'push')
        GROUP BY partnership.id, tier.id, day
        HAVING count(*) > coalesce(partnership.max_claims_per_day, tier.max_claims_per_day)""",
    "a partner that was away or suspended took a lead": """
        SELECT offer.id FROM offer WHERE answer = 'claimed' AND (
            EXISTS (SELECT FROM absence WHERE organisation_id = offer.partner_id AND user_id IS NULL
                AND kind IN ('pause', 'vacation') AND starts_at <= answered_at
                AND coalesce(ends_at, 'infinity') > answered_at)
            OR EXISTS (SELECT FROM claim_suspension WHERE partnership_id = offer.partnership_id
                AND starts_at <= answered_at AND coalesce(lifted_at, ends_at) > answered_at))""",
    "a partner that was away or suspended was asked alone": """
        SELECT offer.id, round.kind, round.backup_for_id FROM offer JOIN round ON round.id = offer.round_id
        WHERE is_exclusive AND (
            EXISTS (SELECT FROM absence WHERE organisation_id = offer.partner_id AND user_id IS NULL
                AND starts_at <= offer.created_at AND coalesce(ends_at, 'infinity') > offer.created_at)
            OR EXISTS (SELECT FROM claim_suspension WHERE partnership_id = offer.partnership_id
                AND starts_at < offer.created_at AND coalesce(lifted_at, ends_at) > offer.created_at))""",
    "a partner that was full was asked alone": """
        SELECT offer.id, round.backup_for_id FROM offer JOIN round ON round.id = offer.round_id
        JOIN partnership ON partnership.id = offer.partnership_id JOIN tier ON tier.id = tier_id
        JOIN assignment had ON had.partnership_id = partnership.id AND had.assigned_at < offer.created_at
            AND coalesce(least(had.first_attempt_at, had.ended_at), 'infinity') > offer.created_at
        WHERE round.kind = 'push'
        GROUP BY offer.id, round.id, partnership.id, tier.id
        HAVING count(had.id) >= coalesce(partnership.max_open_claims, tier.max_open_claims)""",
    "a partner was offered a lead again that was taken from it, or that it gave back or declined": """
        SELECT later.id FROM offer later JOIN (
            SELECT lead_id, partnership_id, ended_at AS at FROM assignment WHERE "end" IN ('re_routed', 'returned')
            UNION ALL SELECT lead_id, partnership_id, answered_at FROM offer WHERE answer = 'declined'
        ) AS lost USING (lead_id, partnership_id) WHERE later.created_at > lost.at""",
    "a partner was asked alone again for a lead on which it was silent, within two days": """
        SELECT later.id FROM offer later JOIN offer earlier USING (lead_id, partnership_id)
        WHERE earlier.is_exclusive AND earlier.answer = 'expired' AND later.created_at > earlier.answered_at
            AND later.created_at < earlier.answered_at + interval '48 hours'""",
    "a partner was offered a lead of a place where it may not sell": """
        SELECT offer.id FROM offer JOIN lead ON lead.id = offer.lead_id JOIN round ON round.id = offer.round_id
        WHERE round.kind <> 'owner' AND NOT EXISTS (SELECT FROM territory_rule place
            WHERE place.partnership_id = offer.partnership_id AND place.country = lead.country
                AND coalesce(place.subdivision, lead.subdivision) = lead.subdivision)""",
    "points were counted twice for one answer or silence": """
        SELECT partnership_id, kind, lead_id FROM response_entry
        GROUP BY partnership_id, kind, lead_id, happened_at HAVING count(*) > 1""",
    "a silence or an inaction that cost nothing, or cost without being one": """
        SELECT (SELECT count(*) FROM response_entry WHERE kind = 'silent'),
            (SELECT count(*) FROM offer WHERE is_exclusive AND answer = 'expired')
        WHERE (SELECT count(*) FROM response_entry WHERE kind = 'silent')
            <> (SELECT count(*) FROM offer WHERE is_exclusive AND answer = 'expired')""",
}

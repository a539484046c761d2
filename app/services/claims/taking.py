"""A claim in two statements: take everything that is scarce and answer what follows from it; then write what it means.

Written as SQL, since a claim's speed is its statements (`make bench` measures it): each step reads the rows that the
step before it has changed, so that the locks are taken in the order lead, partnership, round, offer, and a step that
finds nothing leaves nothing for the next. Whoever waited for the lead has looked at the offer before the wait: only
the update of the offer itself tells that no colleague declined it and no worker ended it meanwhile. What a partner
lost for not working it stays closed to it for the cool-down; nobody can have lost a lead before its second round.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.audit import EventKind, audience_of
from app.domain.availability import kinds_without_claims
from app.domain.deadlines import DeadlineKind
from app.domain.distribution import AssignmentEnd, AssignmentOrigin, OfferAnswer, RoundKind, RoundOutcome
from app.domain.escalation import Promised, contact_promises
from app.domain.identity import Viewer
from app.domain.leads import LeadState
from app.domain.notifications import MailKind
from app.domain.partners import PartnershipStatus
from app.domain.response_score import ResponseKind
from app.queries.manufacturers import WINDOW_COLUMNS, ContactWindows, ladder_of, windows_of, working_calendar

_TAKE = text("""
    WITH taken AS (
        UPDATE lead
        SET state = :assigned,
            first_assigned_at = coalesce(lead.first_assigned_at, clock_now()),
            updated_at = clock_now()
        FROM offer JOIN round ON round.id = offer.round_id
        WHERE offer.id = :offer_id AND offer.partner_id = :partner_id AND offer.answer IS NULL
          AND offer.visible_from <= clock_now() AND offer.expires_at > clock_now()
          AND round.closed_at IS NULL
          AND lead.id = offer.lead_id AND lead.state = :distributing
        RETURNING lead.id AS lead_id, lead.manufacturer_id, lead.is_hot, lead.plan_id, offer.partnership_id,
            offer.partner_id, offer.round_id, offer.eligibility_version, round.kind AS round_kind,
            round.number AS round_number
    ), room AS (
        UPDATE partnership
        SET unworked_claims = partnership.unworked_claims + 1,
            claims_on = partner.today,
            claims_that_day = 1 + CASE WHEN partnership.claims_on = partner.today
                                       THEN partnership.claims_that_day ELSE 0 END
        FROM taken, tier, LATERAL (
            SELECT CAST(timezone(organisation.time_zone, clock_now()) AS date) AS today
            FROM organisation WHERE organisation.id = taken.partner_id
        ) AS partner
        WHERE partnership.id = taken.partnership_id AND tier.id = partnership.tier_id
          AND partnership.status = :active
          AND partnership.eligibility_version = taken.eligibility_version
          AND (partnership.claims_suspended_until IS NULL OR partnership.claims_suspended_until <= clock_now())
          AND NOT (taken.round_number > 1 AND EXISTS (
              SELECT FROM manufacturer_settings AS settings, (
                  SELECT silent.answered_at AS lost_at FROM offer AS silent
                  WHERE silent.partnership_id = taken.partnership_id AND silent.lead_id = taken.lead_id
                    AND silent.is_exclusive AND silent.answer = :expired
                  UNION ALL
                  SELECT work.ended_at FROM assignment AS work
                  WHERE work.lead_id = taken.lead_id AND work.partnership_id = taken.partnership_id
                    AND work."end" = :re_routed
              ) AS loss
              WHERE settings.manufacturer_id = taken.manufacturer_id
                AND loss.lost_at + settings.cool_down_hours * interval '1 hour' > clock_now()
          ))
          AND NOT EXISTS (
              SELECT FROM absence
              WHERE absence.organisation_id = taken.partner_id
                AND (absence.user_id IS NULL OR absence.user_id = :user_id)
                AND absence.kind = ANY(CAST(:unclaiming AS text[]))
                AND absence.starts_at <= clock_now() AND (absence.ends_at IS NULL OR absence.ends_at > clock_now())
          )
          AND (taken.round_kind = :owner OR (
              partnership.unworked_claims < coalesce(partnership.max_open_claims, tier.max_open_claims)
              AND CASE WHEN partnership.claims_on = partner.today THEN partnership.claims_that_day ELSE 0 END
                  < coalesce(partnership.max_claims_per_day, tier.max_claims_per_day)
          ))
        RETURNING partnership.id
    ), closed AS (
        UPDATE round
        SET closed_at = clock_now(), outcome = CASE WHEN round.kind = :board THEN :claimed ELSE :accepted END
        FROM taken, room
        WHERE round.id = taken.round_id AND round.closed_at IS NULL
        RETURNING round.id, round.kind
    ), answered AS (
        UPDATE offer
        SET answer = CASE WHEN offer.id = :offer_id THEN :won ELSE :lost_race END,
            answered_at = clock_now(),
            answered_by_id = CASE WHEN offer.id = :offer_id THEN CAST(:user_id AS bigint) END
        FROM closed
        WHERE offer.round_id = closed.id AND offer.answer IS NULL
        RETURNING offer.id
    ), cancelled AS (
        UPDATE deadline
        SET cancelled_at = clock_now()
        FROM taken, closed
        WHERE deadline.lead_id = taken.lead_id AND deadline.fired_at IS NULL AND deadline.cancelled_at IS NULL
          AND deadline.kind <> :follow_up
    ), assignment_made AS (
        INSERT INTO assignment (lead_id, manufacturer_id, partnership_id, partner_id, offer_id, origin, reason)
        SELECT taken.lead_id, taken.manufacturer_id, taken.partnership_id, taken.partner_id, :offer_id,
            CASE closed.kind WHEN :board THEN :by_claim WHEN :owner THEN :by_owner ELSE :by_push END, ''
        FROM taken, closed, answered
        WHERE answered.id = :offer_id
        RETURNING id, origin
    )
    SELECT taken.lead_id, taken.manufacturer_id, taken.is_hot, taken.partnership_id, taken.round_id,
        assignment_made.id AS assignment_id, assignment_made.origin,
        settings.contact_hours, settings.contact_clock, settings.hot_contact_minutes, settings.hot_contact_clock,
        settings.owner_contact_minutes, settings.owner_contact_clock,
        partner.time_zone, partner.working_hours, partner.country, partner.subdivision, partner.closed_on,
        plan.contact_ladder, clock_now() AS now
    FROM assignment_made, manufacturer_settings AS settings, organisation AS partner,
        taken LEFT JOIN distribution_plan AS plan ON plan.id = taken.plan_id
    WHERE settings.manufacturer_id = taken.manufacturer_id AND partner.id = taken.partner_id
""")
_TAKE_WORDS = {
    "assigned": LeadState.ASSIGNED.value,
    "distributing": LeadState.DISTRIBUTING.value,
    "active": PartnershipStatus.ACTIVE.value,
    "follow_up": DeadlineKind.FOLLOW_UP_DUE.value,
    "unclaiming": [kind.value for kind in kinds_without_claims()],
    "board": RoundKind.BOARD.value,
    "owner": RoundKind.OWNER.value,
    "claimed": RoundOutcome.CLAIMED.value,
    "accepted": RoundOutcome.ACCEPTED.value,
    "expired": OfferAnswer.EXPIRED.value,
    "re_routed": AssignmentEnd.RE_ROUTED.value,
    "won": OfferAnswer.CLAIMED.value,
    "lost_race": OfferAnswer.LOST_RACE.value,
    "by_claim": AssignmentOrigin.CLAIM.value,
    "by_owner": AssignmentOrigin.OWNER.value,
    "by_push": AssignmentOrigin.PUSH.value,
}

_TELL = text("""
    WITH promised AS (
        INSERT INTO deadline (manufacturer_id, lead_id, kind, step, clock, due_at, assignment_id, last_error)
        SELECT :manufacturer_id, :lead_id, line.kind, line.step, line.clock, line.due_at, :assignment_id, ''
        FROM unnest(CAST(:deadline_kinds AS text[]), CAST(:steps AS text[]), CAST(:clocks AS text[]),
            CAST(:dues AS timestamptz[])) AS line (kind, step, clock, due_at)
    ), noted AS (
        INSERT INTO event (kind, audience, manufacturer_id, lead_id, partnership_id, actor_user_id,
            actor_organisation_id, data)
        SELECT line.kind, line.audience, :manufacturer_id, :lead_id, :partnership_id, :user_id, :organisation_id,
            jsonb_build_object('origin', CAST(:origin AS text))
        FROM unnest(CAST(:kinds AS text[]), CAST(:audiences AS text[])) AS line (kind, audience)
    ), lost_late AS (
        UPDATE offer SET answer = :lost_race, answered_at = clock_now()
        WHERE offer.round_id = :round_id AND offer.answer IS NULL
    ), shown AS (
        INSERT INTO reveal (lead_id, user_id, organisation_id, ground)
        VALUES (:lead_id, :user_id, :organisation_id, :ground)
    ), scored AS (
        INSERT INTO response_entry (manufacturer_id, partnership_id, lead_id, kind, points, once_key)
        SELECT settings.manufacturer_id, :partnership_id, :lead_id, :response_kind, settings.accepted_points,
            :response_key
        FROM manufacturer_settings AS settings
        WHERE settings.manufacturer_id = :manufacturer_id AND settings.is_response_scored
    )
    INSERT INTO outbox_message (kind, user_id, payload, once_key, last_error)
    VALUES (:mail_kind, :user_id, jsonb_build_object('lead_id', CAST(:lead_id AS text)), :once_key, '')
""")


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken, and what the promise of a first contact is reckoned with: the partner's week, the windows."""

    lead_id: uuid.UUID
    manufacturer_id: int
    is_hot: bool
    partnership_id: int
    round_id: int
    assignment_id: int
    origin: AssignmentOrigin
    windows: ContactWindows
    time_zone: str
    working_hours: str
    country: str | None
    subdivision: str | None
    closed_on: list[str]
    contact_ladder: list[dict[str, Any]] | None
    now: datetime


def take_offer(session: Session, offer_id: uuid.UUID, actor: Viewer) -> Taken | None:
    """Take the lead, a place under both caps and the round, close everybody's offers, make the assignment.

    None when one of them was not to be had: then the caller rolls back what the others left.
    """
    asked = {"offer_id": offer_id, "partner_id": actor.organisation_id, "user_id": actor.user_id}
    row = session.connection().execute(_TAKE, _TAKE_WORDS | asked).one_or_none()
    return _read(row._asdict()) if row is not None else None


def _read(values: dict[str, Any]) -> Taken:
    windows = windows_of({name: values.pop(name) for name in WINDOW_COLUMNS})
    return Taken(**values | {"origin": AssignmentOrigin(values["origin"]), "windows": windows})


def promised_contact(taken: Taken) -> tuple[Promised, ...]:
    """Until when the partner is to get in touch, in its own working time, and what follows when it does not."""
    is_owners = taken.origin is AssignmentOrigin.OWNER
    window = taken.windows.window_for(is_hot=taken.is_hot, is_owners=is_owners)
    calendar = working_calendar(
        taken.time_zone, taken.working_hours, taken.country, taken.subdivision, tuple(taken.closed_on)
    )
    ladder = ladder_of(taken.contact_ladder)
    return contact_promises(ladder, calendar, window, taken.now, is_hot=taken.is_hot)


def write_consequences(session: Session, taken: Taken, promised: Sequence[Promised], actor: Viewer) -> None:
    """The promises about the first contact, the trail, who was shown the contact data, and the winner's mail.

    Also the end of offers that a recheck made while the claim waited for the lead: the first statement cannot see them.
    """
    is_claim = taken.origin is AssignmentOrigin.CLAIM
    kinds = (
        EventKind.OFFER_CLAIMED if is_claim else EventKind.OFFER_ACCEPTED,
        EventKind.LEAD_ASSIGNED,
        EventKind.LEAD_REVEALED,
    )
    session.connection().execute(
        _TELL,
        {
            "manufacturer_id": taken.manufacturer_id,
            "lead_id": taken.lead_id,
            "partnership_id": taken.partnership_id,
            "round_id": taken.round_id,
            "lost_race": OfferAnswer.LOST_RACE.value,
            "assignment_id": taken.assignment_id,
            "user_id": actor.user_id,
            "organisation_id": actor.organisation_id,
            "origin": taken.origin.value,
            "kinds": [kind.value for kind in kinds],
            "audiences": [audience_of(kind).value for kind in kinds],
            "deadline_kinds": [one.kind.value for one in promised],
            "steps": [one.step.value if one.step else None for one in promised],
            "clocks": [one.clock.value for one in promised],
            "dues": [one.due_at for one in promised],
            "ground": f"assignment:{taken.assignment_id}",
            "response_kind": ResponseKind.ACCEPTED.value,
            "response_key": f"{ResponseKind.ACCEPTED.value}:{taken.assignment_id}",
            "mail_kind": MailKind.LEAD_CLAIMED_TO_WINNER.value,
            "once_key": f"claimed:{taken.assignment_id}:{actor.user_id}",
        },
    )

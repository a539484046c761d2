"""Jobs by dotted name, so that services can ask for work without importing it. A guard test resolves every name."""

from __future__ import annotations

ENFORCE_DEADLINES = "app.jobs.deadlines.enforce_deadlines"
DELIVER_OUTBOX = "app.jobs.notifications.deliver_outbox"
ROUTE_LEAD = "app.jobs.lead_routing.route_lead"
ROUTE_RECEIVED_LEADS = "app.jobs.lead_routing.route_received_leads"
RECHECK_ELIGIBILITY = "app.jobs.lead_routing.recheck_eligibility"
INDEX_NEW_NAMES = "app.jobs.accounts.index_new_names"
RUN_REMATCHES = "app.jobs.accounts.run_rematches"
MAIL_SAVED_VIEWS = "app.jobs.board.mail_saved_views"
ADVANCE_IMPORT = "app.jobs.intake.advance_import"
TEND_INTAKE = "app.jobs.intake.tend_intake"
LINK_LEFT_OUT_LEADS = "app.jobs.profiles.link_left_out_leads"
MOVE_DEPARTING_LEADS = "app.jobs.departures.move_departing_leads"
SETTLE_RESPONSES = "app.jobs.response_scores.settle_responses"
RECOUNT_LAPSED_SCORES = "app.jobs.response_scores.recount_lapsed_scores"
FORGET_IP_ADDRESSES = "app.jobs.privacy.forget_ip_addresses"
FORGET_OLD_ANSWERS = "app.jobs.integrations.forget_old_answers"

# A worker empties the queues in this order.
QUEUE_NAMES = ("urgent", "default", "mail")
QUEUE_OF_JOB = {
    ENFORCE_DEADLINES: "urgent",
    ROUTE_LEAD: "urgent",
    RECHECK_ELIGIBILITY: "urgent",
    DELIVER_OUTBOX: "mail",
    MAIL_SAVED_VIEWS: "mail",
}


def queue_of(job_name: str) -> str:
    """The queue a job waits in."""
    return QUEUE_OF_JOB.get(job_name, "default")

"""The one list of periodic work. The clock process rings each entry into RQ."""

from __future__ import annotations

from dataclasses import dataclass

from app.adapters.job_names import (
    DELIVER_OUTBOX,
    ENFORCE_DEADLINES,
    FORGET_IP_ADDRESSES,
    FORGET_OLD_ANSWERS,
    INDEX_NEW_NAMES,
    LINK_LEFT_OUT_LEADS,
    MAIL_SAVED_VIEWS,
    MOVE_DEPARTING_LEADS,
    RECHECK_ELIGIBILITY,
    RECOUNT_LAPSED_SCORES,
    ROUTE_RECEIVED_LEADS,
    RUN_REMATCHES,
    SETTLE_RESPONSES,
    TEND_INTAKE,
)


@dataclass(frozen=True, slots=True)
class PeriodicJob:
    """A job, and how often the clock asks for it."""

    job_name: str
    every_seconds: int


PERIODIC_JOBS = (
    PeriodicJob(ENFORCE_DEADLINES, every_seconds=1),
    PeriodicJob(DELIVER_OUTBOX, every_seconds=1),
    PeriodicJob(ROUTE_RECEIVED_LEADS, every_seconds=2),
    PeriodicJob(RECHECK_ELIGIBILITY, every_seconds=2),
    PeriodicJob(RUN_REMATCHES, every_seconds=2),
    PeriodicJob(MOVE_DEPARTING_LEADS, every_seconds=2),
    PeriodicJob(SETTLE_RESPONSES, every_seconds=2),
    PeriodicJob(RECOUNT_LAPSED_SCORES, every_seconds=3600),
    PeriodicJob(MAIL_SAVED_VIEWS, every_seconds=60),
    PeriodicJob(TEND_INTAKE, every_seconds=30),
    PeriodicJob(INDEX_NEW_NAMES, every_seconds=600),
    PeriodicJob(LINK_LEFT_OUT_LEADS, every_seconds=60),
    PeriodicJob(FORGET_IP_ADDRESSES, every_seconds=86_400),
    PeriodicJob(FORGET_OLD_ANSWERS, every_seconds=3600),
)

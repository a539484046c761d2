"""When a second arrival is the same request again, to be merged as a touch on the lead (issue 2 §5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

SAME_REQUEST_WITHIN = timedelta(days=30)
"""Asking again later is a new demand (domain.md §5: within 30 days the same person asking for the same)."""


@dataclass(frozen=True, slots=True)
class Request:
    """What tells one request from another. Empty text means: not known, and never equal to another unknown."""

    external_id: str = ""
    email: str = ""
    phone: str = ""
    company_key: str = ""
    products: frozenset[str] = frozenset()
    received_at: datetime | None = None


def is_same_person(first: Request, second: Request) -> bool:
    """Same e-mail address, or same telephone number at the same company (a switchboard serves many people)."""
    if first.email and first.email == second.email:
        return True
    is_same_phone = bool(first.phone) and first.phone == second.phone
    return is_same_phone and bool(first.company_key) and first.company_key == second.company_key


def is_same_request(first: Request, second: Request, *, within: timedelta = SAME_REQUEST_WITHIN) -> bool:
    """Whether `second` is `first` again: the same external id of the source, or the same person asking for the same
    products within `within` (30 days). Products are compared as given; the caller passes the catalogue's codes."""
    if first.external_id and first.external_id == second.external_id:
        return True
    if first.received_at is None or second.received_at is None:
        return False
    is_recent = abs(first.received_at - second.received_at) <= within
    return is_recent and first.products == second.products and is_same_person(first, second)

"""Leads that are about to be lost, as one statement, and what there is to say about each of them."""

from app.queries.slipping.page import SHOWN, SlippingGroup, SlippingLead, SlippingView, slipping_view
from app.queries.slipping.slips import COUNT_CAP, count_slipping

__all__ = [
    "COUNT_CAP",
    "SHOWN",
    "SlippingGroup",
    "SlippingLead",
    "SlippingView",
    "count_slipping",
    "slipping_view",
]

"""The leads a viewer works: the list and the page, the same for both sides, each seeing what it may."""

from app.queries.cockpit.filters import FilterChoices, LeadFilters, filter_choices
from app.queries.cockpit.index import COUNT_CAP, EXPORT_CAP, PAGE_SIZE, SORTS, LeadList, LeadRow, list_leads
from app.queries.cockpit.page import LeadPage, LeadWork, lead_page

__all__ = [
    "COUNT_CAP",
    "EXPORT_CAP",
    "PAGE_SIZE",
    "SORTS",
    "FilterChoices",
    "LeadFilters",
    "LeadList",
    "LeadPage",
    "LeadRow",
    "LeadWork",
    "filter_choices",
    "lead_page",
    "list_leads",
]

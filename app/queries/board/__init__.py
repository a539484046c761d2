"""The board of one partner over all its manufacturers: open offers blinded, what it claimed, what went to others.

May import models and domain. What is not shown before a claim is in none of the values below.
"""

from app.queries.board.cards import RIVALS_CAP, LeadCard, Product
from app.queries.board.news import BoardNews, board_news, newly_visible
from app.queries.board.offer import OfferView, offer_card, offer_view, similar_leads
from app.queries.board.outcomes import GoneLead, OwnLead
from app.queries.board.page import COUNT_CAP, PAGE_SIZE, BoardChoices, BoardPage, board_page, claimable_count
from app.queries.board.standing import Standing, list_standings
from app.queries.board.views import SavedBoardView, list_views

__all__ = [
    "COUNT_CAP",
    "PAGE_SIZE",
    "RIVALS_CAP",
    "BoardChoices",
    "BoardNews",
    "BoardPage",
    "GoneLead",
    "LeadCard",
    "OfferView",
    "OwnLead",
    "Product",
    "SavedBoardView",
    "Standing",
    "board_news",
    "board_page",
    "claimable_count",
    "list_standings",
    "list_views",
    "newly_visible",
    "offer_card",
    "offer_view",
    "similar_leads",
]

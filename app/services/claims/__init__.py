"""Taking and declining offers. Exactly one partner wins a lead: the conditional UPDATE of its row is the lock."""

from app.services.claims.claiming import Claimed, claim_offer
from app.services.claims.declining import decline_offer

__all__ = ["Claimed", "claim_offer", "decline_offer"]

"""Keeping who may see an open lead up to date with the network and the rules."""

from app.services.rechecking.looking import recheck_lead
from app.services.rechecking.returned_owners import give_back_to_owner
from app.services.rechecking.runs import recheck_eligibility

__all__ = ["give_back_to_owner", "recheck_eligibility", "recheck_lead"]

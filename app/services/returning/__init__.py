"""A lead goes back: handed back by who works it, for a defect, and taken back again within minutes."""

from app.services.returning.returns import return_lead
from app.services.returning.undoing import undo_return

__all__ = ["return_lead", "undo_return"]

"""What is looked at before leads are moved by hand, what would become of each, and what became of those moved."""

from app.queries.reassigning.fitness import taker_fitness
from app.queries.reassigning.moved import MovedLead, Reassigned, moved_since, reassigned
from app.queries.reassigning.preview import MovableLead, MovePreview, preview_reassign
from app.queries.reassigning.standing import reassign_facts, taker_name
from app.queries.reassigning.takers import TakerChoice, TakerPartner, taker_choice

__all__ = [
    "MovableLead",
    "MovePreview",
    "MovedLead",
    "Reassigned",
    "TakerChoice",
    "TakerPartner",
    "moved_since",
    "preview_reassign",
    "reassign_facts",
    "reassigned",
    "taker_choice",
    "taker_fitness",
    "taker_name",
]

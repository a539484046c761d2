"""A past time replayed under another choice of partners, beside what happened."""

from app.web.simulation import routes
from app.web.simulation.blueprint import blueprint

__all__ = ["blueprint", "routes"]

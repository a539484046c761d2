"""A past time replayed under another choice of partners, by what is stored of its leads and partners.

May import models, domain and the other queries; writes nothing.
"""

from app.queries.simulation.leads import MOST_LEADS
from app.queries.simulation.replaying import SimulatedTime, simulate_choice

__all__ = ["MOST_LEADS", "SimulatedTime", "simulate_choice"]

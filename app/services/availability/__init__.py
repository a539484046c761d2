"""Saying who is away: a pause, a vacation, not this week; of one person, or of a whole partner."""

from app.services.availability.absences import end_absence, set_absence

__all__ = ["end_absence", "set_absence"]

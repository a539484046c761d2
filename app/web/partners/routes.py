"""All pages of partners; each module says what it holds."""

from __future__ import annotations

from app.web.partners import departing, editing, pausing, qualifications, reading
from app.web.partners.blueprint import blueprint

__all__ = ["blueprint", "departing", "editing", "pausing", "qualifications", "reading"]

"""All pages of response scores; each module says what it holds."""

from __future__ import annotations

from app.web.response_scores import deciding, listing, reading
from app.web.response_scores.blueprint import blueprint

__all__ = ["blueprint", "deciding", "listing", "reading"]

"""All pages of this folder; each module says what it holds."""

from __future__ import annotations

from app.web.reviews import linking, queue
from app.web.reviews.blueprint import blueprint

__all__ = ["blueprint", "linking", "queue"]

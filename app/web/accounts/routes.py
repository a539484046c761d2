"""All pages of this folder; each module says what it holds."""

from __future__ import annotations

from app.web.accounts import editing, exporting, linking, merging, people, reading, rematching
from app.web.accounts.blueprint import blueprint

__all__ = ["blueprint", "editing", "exporting", "linking", "merging", "people", "reading", "rematching"]

"""All pages of this folder; each module says what it holds."""

from __future__ import annotations

from app.web.network import importing, settings
from app.web.network.blueprint import blueprint

__all__ = ["blueprint", "importing", "settings"]

"""All pages about leads that slip through; each module says what it holds."""

from __future__ import annotations

from app.web.slipping import moving, watching
from app.web.slipping.blueprint import blueprint

__all__ = ["blueprint", "moving", "watching"]

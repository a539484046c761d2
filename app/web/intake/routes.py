"""The pages of the door, all on one blueprint."""

from __future__ import annotations

from app.web.intake import arrivals, imports, web_forms
from app.web.intake.blueprint import blueprint

__all__ = ["arrivals", "blueprint", "imports", "web_forms"]

"""All pages of signing in; each module says what it holds."""

from __future__ import annotations

from app.web.identity import account, keys, language, links, log_in, people
from app.web.identity.blueprint import blueprint

__all__ = ["account", "blueprint", "keys", "language", "links", "log_in", "people"]

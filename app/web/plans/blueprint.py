"""Where the plan's pages are bound."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("plans", __name__)

"""Where the simulation's pages are bound."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("simulation", __name__)

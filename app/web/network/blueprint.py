"""The blueprint the pages of this folder are bound to."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("network", __name__)

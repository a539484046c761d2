"""The blueprint the pages of this folder are bound to."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("accounts", __name__, url_prefix="/accounts")

"""The blueprint that the pages of the leads share."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("cockpit", __name__, url_prefix="/leads")

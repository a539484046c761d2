"""The blueprint the pages of this folder are bound to."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("response_scores", __name__)

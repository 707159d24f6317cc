"""The blueprint that the view modules of this area hang their pages on."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("organiser", __name__, url_prefix="/organise")

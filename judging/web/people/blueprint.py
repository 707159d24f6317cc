"""The blueprint that the view modules of this area hang their pages on."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("people", __name__)

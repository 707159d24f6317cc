"""The blueprint that the modules of the interface for programs hang their addresses on."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")

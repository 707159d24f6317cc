"""Which requests come from programs: those below /api/, which are answered in JSON and signed in by a token alone."""

from __future__ import annotations

from flask import request

PREFIX = "/api/"
DOCS = "api.docs"


def for_programs() -> bool:
    """Whether the request is a program's. The page that explains the interface is a page like any other."""
    return request.path.startswith(PREFIX) and request.endpoint != DOCS


def wants_json() -> bool:
    """Whether a script of one of our pages asks, rather than a person for a page."""
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"

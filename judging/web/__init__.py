"""The web application: pages rendered on the server, in the reader's language."""

from judging.web.app import create_app

__all__ = ["create_app"]

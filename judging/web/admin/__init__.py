"""The administration of an installation: plugins, organisations, accounts, and the watch over personal data."""

from judging.web.admin import accounts, home, organisations, requests, watch
from judging.web.admin.blueprint import blueprint

__all__ = ["accounts", "blueprint", "home", "organisations", "requests", "watch"]

"""Signing in and out, registering, and a person's own account."""

from judging.web.account import views
from judging.web.account.blueprint import blueprint

__all__ = ["blueprint", "views"]

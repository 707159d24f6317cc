"""The administration of an installation: plugins, organisations and accounts."""

from judging.web.admin import accounts, home, organisations
from judging.web.admin.blueprint import blueprint

__all__ = ["accounts", "blueprint", "home", "organisations"]

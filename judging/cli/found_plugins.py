"""The plugins of this program, without an installation."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from judging.plugins import Registry


@cache
def find_plugins() -> Registry:
    """All installed plugins that JUDGING_PLUGINS allows, found once for the run of the program."""
    from judging.plugins import load_registry
    from judging.services.core_plugin import CorePlugin

    named = os.environ.get("JUDGING_PLUGINS")
    allowed = None if named is None else tuple(part.strip() for part in named.split(",") if part.strip())
    return load_registry(core=CorePlugin(), allowed=allowed)

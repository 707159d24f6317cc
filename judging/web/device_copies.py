"""Pages that a judge's device asks for in order to keep them, for work without a network.

Such a copy holds no key: what a device encrypts is not to be opened by what lies beside it.
"""

from __future__ import annotations

from flask import request

HEADER = "Judging-Copy"
"""The request header by which the script that keeps pages says so."""


def is_for_device() -> bool:
    """Whether the page is asked for as a copy to be kept."""
    return HEADER in request.headers

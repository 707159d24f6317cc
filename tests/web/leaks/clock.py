"""The moment at which the world of the leak tests stands still."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import time_machine

from tests.web.leaks.visits import silent_log
from tests.web.leaks.world import TODAY

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def noon() -> Iterator[None]:
    """Stop the clock at that moment, and write no line for each of thousands of requests."""
    with time_machine.travel(TODAY, tick=False), silent_log():
        yield

"""What a fact of the world is that could be another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from tests.web.leaks.world import World

    Change = Callable[[sqlite3.Connection, World], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """A fact that could be another: who may know it, and who is told of it somewhere, so that it is there to leak."""

    key: str
    change: Change
    known_to: frozenset[str]
    witness: str
    told_at: str

"""Remembering what was worked out from frozen rules, for the many sheets that are held against the same ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

Thing = TypeVar("Thing")
Made = TypeVar("Made")


class ByIdentity(Generic[Thing, Made]):
    """Asks `make` once for each frozen thing and remembers the answer; at `most` things, all are forgotten at once.

    Things are told apart by identity: hashing a whole rubric takes about as long as adding up a sheet. `make` must
    depend on the thing alone.
    """

    __slots__ = ("_known", "_make", "_most")

    def __init__(self, make: Callable[[Thing], Made], *, most: int = 256) -> None:
        self._make = make
        self._most = most
        self._known: dict[int, tuple[Thing, Made]] = {}

    def __call__(self, thing: Thing) -> Made:
        """What `make` answers for this thing."""
        known = self._known.get(id(thing))
        if known is not None:
            return known[1]
        made = self._make(thing)
        if len(self._known) >= self._most:
            self._known.clear()
        # The thing itself is kept as well: while it lives, no other has its id.
        self._known[id(thing)] = (thing, made)
        return made

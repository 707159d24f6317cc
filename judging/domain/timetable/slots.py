"""The slots of a day: equal lengths of time between the hours at which a hall is open."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from judging.errors import N_, RulesError

if TYPE_CHECKING:
    from collections.abc import Iterable


class Window(NamedTuple):
    """A stretch of time in which teams are heard, such as a morning. Both ends are aware moments."""

    starts_at: datetime
    ends_at: datetime


class Slot(NamedTuple):
    """One place in time: from its start to the moment at which the next team may come in."""

    starts_at: datetime
    ends_at: datetime


def slots_of(windows: Iterable[Window], *, minutes: int, change: int = 0) -> tuple[Slot, ...]:
    """Cut windows into slots of `minutes`, with `change` minutes between two of a window, in the order of time.

    A slot that would end after its window is left out; the change after the last one needs no room. Raises RulesError
    for a length below a minute, for a window that ends before it begins, and for windows that overlap.
    """
    if minutes < 1 or change < 0:
        raise RulesError(N_("A slot lasts a minute at least."))
    ordered = sorted(windows)
    slots: list[Slot] = []
    last: datetime | None = None
    for window in ordered:
        if window.ends_at <= window.starts_at:
            raise RulesError(N_("A stretch of time must end after it begins."))
        if last is not None and window.starts_at < last:
            raise RulesError(N_("Two stretches of time overlap."))
        last = window.ends_at
        start = window.starts_at
        while start + timedelta(minutes=minutes) <= window.ends_at:
            slots.append(Slot(start, start + timedelta(minutes=minutes)))
            start += timedelta(minutes=minutes + change)
    return tuple(slots)

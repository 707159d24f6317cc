"""Where a judge goes next in a live round without a timetable, and who has a booth to themselves meanwhile.

A *lease* keeps the booth of an entry for one judge until a moment. Judges are never free to choose among all entries:
each is led through the readings that were assigned to them, in an order that keeps booths from waiting.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from judging.domain.values import Problem
from judging.errors import N_

MOST_MINUTES = 240
"""The longest time for which a booth can be kept."""

LONGEST_PLACE = 80
"""How many characters the name of a booth may have."""


class LeaseEnd(StrEnum):
    """How a lease ended."""

    SUBMITTED = "submitted"
    ASIDE = "aside"
    GIVEN_FREE = "given-free"
    RELEASED = "released"
    OFF = "off"
    EXPIRED = "expired"


SKIPS = frozenset({LeaseEnd.ASIDE, LeaseEnd.GIVEN_FREE, LeaseEnd.RELEASED, LeaseEnd.OFF})
"""Ends after which nobody was at the booth to judge: they count as no visit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenReading:
    """An entry whose sheet the judge has still to submit.

    `place` is where it stands in the judge's own order, `visits` how many judges have been at its booth in the round,
    `aside` whether this judge has set it aside.
    """

    entry: str
    place: int
    visits: int = 0
    aside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """Who has a booth, and until when."""

    entry: str
    judge: str
    until: datetime

    def is_in_force(self, now: datetime) -> bool:
        """Whether the booth is the judge's still; at the moment `until` it is free."""
        return self.until > now


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The judge has a booth already: asking again leads to the same one."""

    lease: Lease


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Where the judge goes next. `again` says that it was skipped or set aside, and nothing else is free."""

    entry: str
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Every entry left to the judge is taken; `free_at` is when the first of them is free at the latest."""

    free_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """No entry is left to the judge."""


Next = Kept | Offer | Wait | Done


def choose_next(
    readings: Collection[OpenReading],
    leases: Iterable[Lease],
    *,
    judge: str,
    now: datetime,
    skipped: str | None = None,
) -> Next:
    """Where `judge` goes next: to a booth where nobody stands, the fewest visits first, then in the judge's own order.

    What is set aside comes after everything else that is free, and `skipped`, the entry that the judge has just left
    unjudged, last of all. Two judges are never at one booth.
    """
    own = {reading.entry for reading in readings}
    taken = {one.entry: one for one in leases if one.is_in_force(now) and one.entry in own}
    for lease in taken.values():
        if lease.judge == judge:
            return Kept(lease=lease)
    free = [reading for reading in readings if reading.entry not in taken]
    if free:
        best = min(free, key=lambda one: (one.entry == skipped, one.aside, one.visits, one.place, one.entry))
        return Offer(entry=best.entry, again=best.aside or best.entry == skipped)
    return Wait(free_at=min(one.until for one in taken.values())) if taken else Done()


def minutes_until(moment: datetime, now: datetime) -> int:
    """How many minutes from `now` to `moment`, begun ones counted as whole; never negative."""
    return max(0, -((now - moment) // timedelta(minutes=1)))


def prolonged(until: datetime, *, minutes: int, now: datetime) -> datetime:
    """Until when a lease lasts after its judge wrote on the sheet at `now`; one that has expired stays so.

    It moves by whole minutes only, so that a save every few seconds seldom writes.
    """
    longer = now + timedelta(minutes=minutes)
    worthwhile = now < until <= longer - timedelta(minutes=1)
    return longer if worthwhile else until


def minutes_problems(minutes: int) -> tuple[Problem, ...]:
    """What is wrong with the number of minutes for which a booth is kept; 0 stands for a round without leases."""
    if 0 <= minutes <= MOST_MINUTES:
        return ()
    message = N_("Type a whole number from 0 to %(most)s.")
    return (Problem(code="range", where="minutes", message=message, params={"most": MOST_MINUTES}),)

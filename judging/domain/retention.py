"""How long each class of data is kept: frozen data, and the moment at which something's time is over.

Sources: the periods are those that docs/privacy.md names. Vietnam's regulation on initiatives asks that files be kept
for at least five years; an edition says so by its archive years, which then outweigh shorter terms.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from judging.domain.calendar_terms import Term, add_months, end_of_term, last_day
from judging.domain.values import Problem
from judging.errors import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

ZONE = "Asia/Ho_Chi_Minh"
"""Whose midnight ends the terms of what belongs to no contest."""


class Kept(StrEnum):
    """The classes of what is kept for a time."""

    LOSER_FILES = "loser-files"
    WINNER_FILES = "winner-files"
    IDLE_ACCOUNTS = "idle-accounts"
    ACCESS_LOG = "access-log"
    LETTERS = "letters"
    AUDIT_LOG = "audit-log"
    CONSENT_PROOFS = "consent-proofs"


class Since(StrEnum):
    """From when a class is counted."""

    PUBLISHED = "published"
    LAST_USED = "last-used"
    WRITTEN = "written"
    DATA_GONE = "data-gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionClass:
    """A class of data, what it is, from when it is counted, and for how long it is kept."""

    key: Kept
    label: str
    since: Since
    term: Term


_YEAR = 12
_LONGEST_MONTH = 31
CLASSES: Mapping[Kept, RetentionClass] = {
    one.key: one
    for one in (
        RetentionClass(
            key=Kept.LOSER_FILES, label=N_("Files of entries without a prize"), since=Since.PUBLISHED,
            term=Term(months=6),
        ),
        RetentionClass(
            key=Kept.WINNER_FILES, label=N_("Files of entries that won a prize"), since=Since.PUBLISHED,
            term=Term(months=24),
        ),
        RetentionClass(
            key=Kept.IDLE_ACCOUNTS, label=N_("Accounts that nobody uses"), since=Since.LAST_USED, term=Term(months=24)
        ),
        RetentionClass(
            key=Kept.ACCESS_LOG, label=N_("Who opened what, ended sign-ins, letters that were sent"),
            since=Since.WRITTEN, term=Term(days=90),
        ),
        RetentionClass(
            key=Kept.LETTERS, label=N_("Words of letters about a contest; that they were sent stays"),
            since=Since.WRITTEN, term=Term(months=24),
        ),
        RetentionClass(
            key=Kept.AUDIT_LOG, label=N_("Record of acts"), since=Since.WRITTEN, term=Term(months=5 * _YEAR)
        ),
        RetentionClass(
            key=Kept.CONSENT_PROOFS, label=N_("Proofs of consent, once the data are gone"), since=Since.DATA_GONE,
            term=Term(months=3 * _YEAR),
        ),
    )
}  # fmt: skip

LOSER_BOUNDS = (1, 24)
WINNER_BOUNDS = (6, 120)
LEAST_ARCHIVE, MOST_ARCHIVE = 5, 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How long one contest keeps files, in months; `archive_years` above 0 outweighs both where it is longer."""

    loser_months: int = CLASSES[Kept.LOSER_FILES].term.months
    winner_months: int = CLASSES[Kept.WINNER_FILES].term.months
    archive_years: int = 0

    def months(self, kept: Kept) -> int:
        """The months for which files of that class are kept."""
        own = self.winner_months if kept is Kept.WINNER_FILES else self.loser_months
        return max(own, self.archive_years * _YEAR)


def check_terms(terms: Terms) -> tuple[Problem, ...]:
    """Why these terms cannot be set."""
    problems = []
    for where, value, (low, high) in (
        ("loser_months", terms.loser_months, LOSER_BOUNDS),
        ("winner_months", terms.winner_months, WINNER_BOUNDS),
    ):
        if not low <= value <= high:
            problems.append(_bounds(where, low, high))
    if terms.archive_years and not LEAST_ARCHIVE <= terms.archive_years <= MOST_ARCHIVE:
        message = N_("The regulation asks for at least %(low)s years, or write 0 where none holds; at most %(high)s.")
        params = {"low": LEAST_ARCHIVE, "high": MOST_ARCHIVE}
        problems.append(Problem(code="bounds", where="archive_years", message=message, params=params))
    return tuple(problems)


def _bounds(where: str, low: int, high: int) -> Problem:
    message = N_("Write a whole number of months from %(low)s to %(high)s.")
    return Problem(code="bounds", where=where, message=message, params={"low": low, "high": high})


def files_of(*, awarded: bool) -> Kept:
    """The class of an entry's files."""
    return Kept.WINNER_FILES if awarded else Kept.LOSER_FILES


def goes_at(kept: Kept, since: datetime, *, terms: Terms | None = None, zone: str = ZONE) -> datetime:
    """The first moment, in UTC, at which something of that class is no longer kept."""
    term = CLASSES[kept].term
    if terms is not None and kept in (Kept.LOSER_FILES, Kept.WINNER_FILES):
        term = replace(term, months=terms.months(kept))
    return end_of_term(since, term, zone=zone)


def is_over(kept: Kept, since: datetime, *, now: datetime, terms: Terms | None = None, zone: str = ZONE) -> bool:
    """Whether something of that class has been kept for long enough."""
    return goes_at(kept, since, terms=terms, zone=zone) <= now


def over_before(kept: Kept, now: datetime, *, zone: str = ZONE) -> datetime:
    """The moment before which all that was written of that class is over by `now`, and after which nothing is."""
    here, term = ZoneInfo(zone), CLASSES[kept].term
    today = now.astimezone(here).date()
    # Months are of different length, so the day is looked for from a little before where it must be.
    day = add_months(today, -term.months) - timedelta(days=term.days + _LONGEST_MONTH)
    while last_day(day, term) < today:
        day += timedelta(days=1)
    return datetime.combine(day, time(), tzinfo=here).astimezone(UTC)


def holds_on(until: date | None, *, lifted: bool, now: datetime, zone: str = ZONE) -> bool:
    """Whether a legal hold still stands: not lifted, and its last day, if it has one, not over."""
    return not lifted and (until is None or now.astimezone(ZoneInfo(zone)).date() <= until)

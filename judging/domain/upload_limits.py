"""How much room the files of a contest have, and until when an upload may be continued. The figures are our own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from judging.domain.values import Problem
from judging.errors import N_

MEGABYTE = 1_000_000

KEPT_FOR = timedelta(hours=24)
"""An upload is forgotten when nothing of it has arrived for so long,"""
REMEMBERED_FOR = timedelta(days=7)
"""and so long after its end its address still says what became of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadLimits:
    """What may be stored, in megabytes of 1,000,000 bytes, and how many uploads a person may have under way at once."""

    entry_megabytes: int = 500
    contest_megabytes: int = 50_000
    most_open: int = 10

    @property
    def entry_bytes(self) -> int:
        """What one entry may hold."""
        return self.entry_megabytes * MEGABYTE

    @property
    def contest_bytes(self) -> int:
        """What all entries together may hold."""
        return self.contest_megabytes * MEGABYTE


LOWEST = UploadLimits(entry_megabytes=1, contest_megabytes=1, most_open=1)
HIGHEST = UploadLimits(entry_megabytes=100_000, contest_megabytes=10_000_000, most_open=100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What is stored or under way, in bytes; an upload counts with its whole length from its beginning."""

    entry: int = 0
    contest: int = 0
    open: int = 0
    """How many uploads the person has under way."""


def what_exceeds(limits: UploadLimits, usage: Usage, *, size: int, begins: bool) -> tuple[Problem, ...]:
    """What keeps `size` more bytes from being taken, each with the way out; `begins` when they are a new upload."""
    problems = []
    if begins and usage.open >= limits.most_open:
        problems.append(
            _problem(
                "too-many-uploads",
                N_("You have %(count)s unfinished uploads, which is the most. Finish or cancel one first."),
                count=usage.open,
            )
        )
    if usage.entry + size > limits.entry_bytes:
        left = max(0, limits.entry_bytes - usage.entry)
        problems.append(
            _problem(
                "entry-full",
                N_(
                    "The files of one entry may have %(limit)s MB together, and %(left)s MB are left. Remove a file, "
                    "cancel an unfinished upload, or make this one smaller."
                ),
                limit=limits.entry_megabytes,
                left=left // MEGABYTE,
            )
        )
    if usage.contest + size > limits.contest_bytes:
        problems.append(
            _problem(
                "contest-full",
                N_("The contest has no room for more files. Write to the office of the contest, which can make room."),
            )
        )
    return tuple(problems)


def outside_limits(limits: UploadLimits) -> tuple[Problem, ...]:
    """What is wrong with limits that somebody wants to set."""
    return tuple(
        Problem(
            code="out-of-range",
            where=name,
            message=N_("Write a whole number from %(low)s to %(high)s."),
            params={"low": getattr(LOWEST, name), "high": getattr(HIGHEST, name)},
        )
        for name in ("entry_megabytes", "contest_megabytes", "most_open")
        if not getattr(LOWEST, name) <= getattr(limits, name) <= getattr(HIGHEST, name)
    )


def _problem(code: str, message: str, **params: object) -> Problem:
    return Problem(code=code, message=message, params=params, where="file")

"""Saving what a judge typed, whether on the sheet of a reading or on that of its blind repeat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from judging.errors import N_, StaleVersion
from judging.services.sheets.drafts import Draft, criteria_left, draft_total, read_draft, store_draft

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from fractions import Fraction

    from judging.db.models import Assignment, BlindRepeat
    from judging.domain.rules import Round
    from judging.domain.values import Problem


class Writable(Protocol):
    """What a sheet is written on: a reading, or a repeat that is shown as one."""

    @property
    def assignment(self) -> Assignment | BlindRepeat:
        """The row that holds the draft."""

    @property
    def judged(self) -> Round:
        """The round, with the rubric that the sheet goes by."""


R = TypeVar("R", bound=Writable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved(Generic[R]):
    """What became of a draft: `version` counts its saves, `left` the criteria without a sound mark.

    `reading` is the sheet that was written on, held until the unit of work ends. `changed` tells whether what was
    typed differs from what was there.
    """

    reading: R
    draft: Draft
    version: int
    total: Fraction
    left: int
    changed: bool

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with what was typed; it was saved all the same."""
        return self.draft.problems


def save_typed(
    reading: R,
    *,
    marks: Mapping[str, str],
    bands: Mapping[str, str],
    comments: Mapping[str, str],
    comment: str,
    locale: str,
    merge: Callable[[R, Draft], Draft] | None,
) -> Saved[R]:
    """Keep what was typed, wrong or not, or what `merge` makes of it. The caller holds the row and may write on it."""
    draft = read_draft(reading.judged, marks=marks, bands=bands, comments=comments, comment=comment, locale=locale)
    if merge is not None:
        draft = merge(reading, draft)
    changed = store_draft(reading.assignment, draft)
    return Saved(
        reading=reading, draft=draft, version=reading.assignment.draft_version,
        total=draft_total(reading.judged, draft), left=criteria_left(reading.judged, draft), changed=changed,
    )  # fmt: skip


def check_not_stale(row: Assignment | BlindRepeat, expected_version: int | None) -> None:
    """Refuse to write on another draft than the one that was looked at, where that is known. Raises StaleVersion."""
    if expected_version is not None and expected_version != row.draft_version:
        raise StaleVersion(N_("This sheet was saved on another device since you opened it here."))

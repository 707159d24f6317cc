"""Score sheets: versions without gaps, totals that can be recounted, codes that fit, and no conflict of interest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from judging.db.models import Assignment, Contest, Entry, Judge, SheetVersion
from judging.db.queries.conflict_gate import clashing
from judging.domain.rules import ContestRules, Round
from judging.domain.sheet_states import SheetState
from judging.domain.structure import digest, from_plain
from judging.domain.totals import as_decimal_string, sheet_total
from judging.errors import RulesError
from judging.services.sheets.versions import sheet_code
from judging.services.upkeep.checks.finding import Finding, look

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

# These have a sheet that counts, counted before or is being mended.
_HAS_VERSIONS = (SheetState.SUBMITTED, SheetState.REOPENED)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pinned:
    """A round as its contest pinned it, and the digest of its rubric."""

    judged: Round
    rubric_digest: str


def check_versions(session: Session) -> Finding:
    """A submitted sheet has a version; versions count 1, 2, 3 … and the reading knows the newest one."""
    return look("sheet-versions", _look_at_versions(session))


def _look_at_versions(session: Session) -> Iterator[str | None]:
    query = (
        select(
            Assignment.id,
            Assignment.state,
            Assignment.sheet_version,
            func.count(SheetVersion.id),
            func.min(SheetVersion.number),
            func.max(SheetVersion.number),
        )
        .outerjoin(SheetVersion, SheetVersion.assignment_id == Assignment.id)
        .group_by(Assignment.id, Assignment.state, Assignment.sheet_version)
    )
    for reading, state, newest, count, lowest, highest in session.execute(query):
        if state in _HAS_VERSIONS and not count:
            yield f"reading {reading}: it is {state} and has no version of its sheet"
        elif count and (lowest != 1 or highest != count):
            yield f"reading {reading}: its {count} versions have a gap between {lowest} and {highest}"
        elif newest != (highest or 0):
            yield f"reading {reading}: version {newest} is said to be the newest, but {highest or 0} is"
        else:
            yield None


def check_totals(session: Session) -> Finding:
    """Each version's total is what its marks add up to under the pinned rubric, and its code fits its content.

    A version given under an earlier rubric keeps its total; only one that still counts must fit the pinned one. The
    code of a sheet whose comments were erased fits nothing any more.
    """
    return look("sheet-totals", _look_at_totals(session, _pinned_rounds(session)))


def _pinned_rounds(session: Session) -> dict[tuple[str, str], _Pinned]:
    pinned = {}
    for contest_id, plain in session.execute(select(Contest.id, Contest.rules)):
        if plain is None:
            continue
        try:
            rules = from_plain(ContestRules, plain)
        except RulesError:  # told by the check of the rules
            continue
        for judged in rules.rounds:
            pinned[contest_id, judged.key] = _Pinned(judged=judged, rubric_digest=digest(judged.rubric))
    return pinned


def _look_at_totals(session: Session, pinned: dict[tuple[str, str], _Pinned]) -> Iterator[str | None]:
    query = (
        select(
            SheetVersion,
            Assignment.contest_id,
            Assignment.round,
            Assignment.state,
            Assignment.sheet_version,
            Entry.erased_at,
        )
        .join(Assignment, Assignment.id == SheetVersion.assignment_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .execution_options(yield_per=500)
    )
    for version, contest_id, round_key, state, newest, erased_at in session.execute(query):
        counts = state == SheetState.SUBMITTED and version.number == newest
        wrong = _wrong_with(version, pinned.get((contest_id, round_key)), counts=counts, erased=erased_at is not None)
        yield f"reading {version.assignment_id}, version {version.number}: {wrong}" if wrong else None


def _wrong_with(version: SheetVersion, pinned: _Pinned | None, *, counts: bool, erased: bool) -> str:
    if not erased and version.code != sheet_code(version):
        return "its code does not fit its content"
    if not version.total:
        return "" if erased else "its marks are gone, but its entry was not erased"
    if pinned is None:
        return "the pinned rules have no such round"
    if version.rubric_digest != pinned.rubric_digest:
        return "it counts, but was given under another rubric" if counts else ""
    try:
        marks = {key: Decimal(mark) for key, mark in version.marks.items()}
        recounted = as_decimal_string(sheet_total(pinned.judged.rubric, marks))
    except (RulesError, InvalidOperation, ValueError) as error:
        return f"its marks cannot be added up ({error})"
    return "" if recounted == version.total else f"its marks add up to {recounted}, but {version.total} is written"


def check_conflicts(session: Session) -> Finding:
    """No sheet counts that was written by a judge with a conflict of interest that stands."""
    counted = session.scalar(
        select(func.count()).select_from(Assignment).where(Assignment.state == SheetState.SUBMITTED)
    )
    query = (
        select(Judge.alias, Entry.alias)
        .select_from(Assignment)
        .join(Judge, Judge.id == Assignment.judge_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .where(clashing(), Assignment.state == SheetState.SUBMITTED)
    )
    broken = look(
        "conflicts",
        (
            f"judge {judge} has a conflict of interest with entry {entry}, and the sheet counts"
            for judge, entry in session.execute(query)
        ),
    )
    return Finding(name="conflicts", count=counted or 0, problems=broken.problems)

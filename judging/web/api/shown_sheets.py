"""A judge's readings and sheets as programs get them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from judging.db.models import Assignment, SheetVersion
from judging.db.queries.api import AssignedRow
from judging.domain.ledger.receipts import short_code
from judging.domain.lifecycle import ContestPhase, SheetState
from judging.domain.rules import ContestRules
from judging.domain.structure import to_plain
from judging.domain.totals import as_decimal_string
from judging.domain.values import Problem
from judging.errors import NotFound
from judging.services.contests.editions import contest_rules, why_suspended
from judging.services.judges.repeats.reading import RepeatReading
from judging.services.score_log.receipts import find_sheet_leaf, just_submitted
from judging.services.sheets.drafts import Draft, criteria_left, draft_total, stored_draft, version_draft
from judging.services.sheets.life import find_version
from judging.services.sheets.readings import OPEN_ROUND, Reading, closed_because, round_deadline
from judging.web.api.schemas.base import FaultAnswer
from judging.web.api.schemas.sheets import AssignedEntry, AssignmentAnswer, Sheet, SheetReceipt, SheetWork
from judging.web.api.shown_contests import show_rubric
from judging.web.context import platform
from judging.web.formats import entry_code, error_sentence, sentence
from judging.web.i18n import show_kind
from judging.web.problems import faults_of
from judging.web.reading_names import name_row
from judging.web.transaction import db

if TYPE_CHECKING:
    from judging.db.models import BlindRepeat

_LOCALE = "en"
_WRITABLE = frozenset({SheetState.ASSIGNED.value, SheetState.DRAFT.value, SheetState.REOPENED.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Submitted:
    """What was submitted last, in the form of a draft, with total and receipt."""

    draft: Draft
    total: str
    receipt: SheetReceipt | None


def show_assignment(found: AssignedRow, *, hidden: bool, own_end: datetime | None = None) -> AssignmentAnswer:
    """One reading in the list of a judge's work; `hidden` says that its entry goes by a code.

    `own_end` is a later end of the round that the judge was given.
    """
    row, stage = found.assignment, found.stage
    contest = row.entry.contest
    show_kind(contest.kind)
    in_judging = contest.phase == ContestPhase.JUDGING.value and stage is not None and stage.state == OPEN_ROUND
    declared = row.judge.conflicts_declared_at
    return AssignmentAnswer(
        id=row.id, contest=contest.slug, round=row.round, state=row.state,
        entry=_entry(row, contest_rules(platform().registry, contest), hidden=hidden),
        deadline=round_deadline(contest, stage, own=own_end),
        open=in_judging and row.state in _WRITABLE and why_suspended(platform().registry, contest) is None,
        must_declare=declared is None or row.assigned_at > declared, aside=found.aside,
    )  # fmt: skip


def show_sheet(reading: Reading | RepeatReading) -> Sheet:
    """One's own sheet as it is stored; the receipt is that of the newest submitted version."""
    submitted = _submitted(reading)
    return Sheet(**_sheet(reading, _shown_draft(reading, submitted), submitted))


def show_work(reading: Reading | RepeatReading) -> SheetWork:
    """The sheet with all that is needed to fill it in."""
    submitted = _submitted(reading)
    suspended = why_suspended(platform().registry, reading.contest)
    closed = closed_because(reading.state, phase=reading.contest.phase, stage=reading.stage)
    return SheetWork(
        **_sheet(reading, _shown_draft(reading, submitted), submitted),
        deadline=reading.deadline,
        closed=error_sentence(suspended) if suspended is not None else sentence(closed),
        must_declare=reading.must_declare,
        rubric=show_rubric(reading.judged),
    )


def show_written(reading: Reading | RepeatReading, draft: Draft, version: SheetVersion | None) -> Sheet:
    """The sheet as it was just written."""
    return Sheet(**_sheet(reading, draft, _submitted(reading, version)))


def sheet_faults(problems: Iterable[Problem]) -> list[FaultAnswer]:
    """What is wrong with a sheet, each at the mark or comment it concerns."""
    return [FaultAnswer(**one.plain()) for one in faults_of(problems, place=sheet_place)]


def sheet_place(problem: Problem) -> str:
    """The place in the body of what a problem of a sheet is about; the overall comment when it names nothing."""
    if not problem.where:
        return "#/comment"
    member = "comments" if problem.code.startswith("comment-") else "marks"
    return f"#/{member}/{problem.where}"


def _sheet(reading: Reading | RepeatReading, draft: Draft, submitted: _Submitted | None) -> dict[str, Any]:
    row = reading.assignment
    locked = row.state == SheetState.SUBMITTED.value
    total = submitted.total if submitted is not None and locked else _text(draft_total(reading.judged, draft))
    return {
        "assignment": row.id, "contest": reading.contest.slug, "round": row.round,
        "entry": _entry(row, reading.rules, hidden=reading.hides_names), "state": row.state,
        "marks": {key: _plain(mark) for key, mark in draft.marks.items()}, "comments": dict(draft.comments),
        "bands": dict(draft.bands), "comment": draft.comment, "total": total,
        "left": 0 if locked else criteria_left(reading.judged, draft), "problems": sheet_faults(draft.problems),
        "receipt": None if submitted is None else submitted.receipt,
    }  # fmt: skip


def _entry(row: Assignment | BlindRepeat, rules: ContestRules, *, hidden: bool) -> AssignedEntry:
    """As the judge's pages name it. By its id two readings of one entry would be known, so this is withheld too."""
    entry = row.entry
    is_repeat = not isinstance(row, Assignment)
    if hidden or is_repeat:
        name = name_row(
            row.id, entry, number=entry.number, prefix=rules.prefix, hidden=hidden, repeat=is_repeat
        )  # fmt: skip
        return AssignedEntry(
            id=row.id if hidden else entry.id, code=name.code, title=name.title, category=entry.category
        )
    return AssignedEntry(
        id=entry.id, code=entry_code(entry.number, rules.prefix), title=entry.title, category=entry.category
    )


def _submitted(reading: Reading | RepeatReading, version: SheetVersion | None = None) -> _Submitted | None:
    if isinstance(reading, RepeatReading):
        row = reading.assignment
        if row.submitted_at is None:
            return None
        receipt = SheetReceipt(
            version=row.sheet_version, code=row.code, time=row.submitted_at, total=row.total, log=None, index=None
        )  # fmt: skip
        return _Submitted(draft=version_draft(row), total=row.total, receipt=receipt)
    found = version if version is not None else _newest(reading)
    if found is None:
        return None
    return _Submitted(
        draft=version_draft(found), total=found.total, receipt=_receipt(found, hidden=reading.hides_names)
    )  # fmt: skip


def _receipt(version: SheetVersion, *, hidden: bool) -> SheetReceipt | None:
    recorded = just_submitted(db(), version.id) or find_sheet_leaf(db(), version.id)
    if recorded is None:
        return None
    return SheetReceipt(
        version=version.number, code=short_code(recorded.hash), time=version.submitted_at, total=version.total,
        log=None if hidden else recorded.origin, index=None if hidden else recorded.index,
    )  # fmt: skip


def _newest(reading: Reading) -> SheetVersion | None:
    try:
        return find_version(db(), assignment=reading.assignment)
    except NotFound:
        return None


def _shown_draft(reading: Reading | RepeatReading, submitted: _Submitted | None) -> Draft:
    if submitted is not None and reading.state is SheetState.SUBMITTED:
        return submitted.draft
    return stored_draft(reading.judged, reading.assignment, locale=_LOCALE)


def _plain(mark: Decimal) -> str:
    return str(to_plain(mark))


def _text(total: Fraction) -> str:
    return as_decimal_string(total)

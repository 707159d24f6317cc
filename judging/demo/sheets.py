"""Score sheets of the demo: when they were submitted, what they say, and the versions that stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from judging.db.models import SheetVersion
from judging.demo.edition import Edition
from judging.demo.marks import Marks
from judging.demo.readings import Reading
from judging.demo.wording import criterion_comment, judge_comment, said
from judging.domain.roles import Role
from judging.domain.rubric import CommentRule, Rubric
from judging.domain.rules import Round
from judging.domain.sheet_states import SheetState
from judging.domain.structure import digest
from judging.domain.totals import as_decimal_string, exact, sheet_total
from judging.domain.values import Ballot
from judging.services.sheets.drafts import canonical_marks
from judging.services.sheets.versions import sheet_code

Window = tuple[datetime, datetime]


def store_sheets(edition: Edition, judged: Round, readings: Sequence[Reading], window: Window) -> list[Ballot]:
    """Make the versions of all sheets with marks, and drafts of those that are begun; return the ballots that count."""
    rubric_digest = digest(judged.rubric)
    loads: dict[str, int] = {}
    for reading in readings:
        loads[reading.row.judge_id] = max(loads.get(reading.row.judge_id, 0), reading.row.position)
    ballots = []
    for reading in readings:
        if reading.row.state != SheetState.ASSIGNED.value:
            continue
        moment = _moment(edition, reading, window, loads[reading.row.judge_id])
        for number, marks in enumerate(reading.versions, start=1):
            at = max(moment, reading.row.assigned_at + timedelta(hours=5))
            if number > 1:
                at = min(at + timedelta(days=3), window[1] - timedelta(hours=1))
                _reopen(edition, reading, at - timedelta(days=1))
            _submit(edition, judged, reading, marks, number=number, at=at, rubric_digest=rubric_digest)
        if reading.versions:
            ballots.append(
                Ballot(
                    judge=reading.seat.judge.alias,
                    entry=reading.entry.alias,
                    marks=reading.versions[-1],
                    consensus=False,
                )
            )
        elif reading.draft:
            reading.row.state = SheetState.DRAFT.value
            reading.row.marks, reading.row.draft_version = canonical_marks(reading.draft), 2
            reading.row.changed_at = moment
    return ballots


def _moment(edition: Edition, reading: Reading, window: Window, load: int) -> datetime:
    """Judges work through their list in its order, one after the other."""
    share = (reading.row.position - 1 + edition.world.draw.random.random()) / (load + 1)
    # The last day of a round is for what was reopened.
    whole = (window[1] - window[0]).total_seconds() * 0.8
    return window[0] + timedelta(seconds=int(whole * share))


def _submit(
    edition: Edition,
    judged: Round,
    reading: Reading,
    marks: Marks,
    *,
    number: int,
    at: datetime,
    rubric_digest: str,
) -> None:
    row, total = reading.row, sheet_total(judged.rubric, marks)
    share = float(total / exact(judged.rubric.maximum))
    row.marks = canonical_marks(marks)
    row.comments = _comments(edition, judged.rubric, marks)
    row.comment = said("comment") if number > 1 else judge_comment(edition.world.draw, share)
    row.state, row.sheet_version, row.changed_at = SheetState.SUBMITTED.value, number, at
    row.draft_version += edition.world.draw.random.randint(1, 4)
    version = SheetVersion(
        assignment_id=row.id, number=number, marks=row.marks, comments=row.comments, comment=row.comment,
        total=as_decimal_string(total), rubric_digest=rubric_digest, consensus=False, submitted_at=at,
        submitted_by_id=reading.seat.judge.account_id,
    )  # fmt: skip
    version.code = sheet_code(version)
    edition.world.rows.add(version)
    _record(edition, reading, "sheet-submitted", at, reading.seat.judge.account_id, version=number, code=version.code)


def _comments(edition: Edition, rubric: Rubric, marks: Mapping[str, Decimal]) -> dict[str, str]:
    draw = edition.world.draw
    comments = {}
    for criterion in rubric.criteria:
        needed = criterion.comment is CommentRule.REQUIRED or criterion.is_comment_only
        if needed or (criterion.comment is not CommentRule.NONE and draw.chance(0.12)):
            given = sum((marks[key] for key, _, _ in criterion.scales), Decimal(0))
            share = float(given / criterion.maximum) if criterion.maximum else 0.7
            comments[criterion.key] = criterion_comment(draw, share)
    return comments


def _reopen(edition: Edition, reading: Reading, at: datetime) -> None:
    chair = next((seat for seat in edition.seats if seat.panel is reading.seat.panel), reading.seat).judge.account_id
    reading.row.reason = said("reopened")
    actor = chair if chair != reading.seat.judge.account_id else edition.world.office.id_of(Role.ORGANISER)
    _record(edition, reading, "sheet-reopened", at, actor, reason=reading.row.reason)


def _record(edition: Edition, reading: Reading, action: str, at: datetime, actor_id: str, **details: object) -> None:
    edition.world.rows.event(
        at, action, "assignment", reading.row.id, actor_id=actor_id, contest_id=edition.contest.id,
        round=reading.row.round, entry=reading.entry.alias, judge=reading.seat.judge.alias, **details,
    )  # fmt: skip

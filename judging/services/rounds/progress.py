"""How far the reading of a round has come: by panel and judge, without marks."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from sqlalchemy import Float, case, cast, func, or_, select
from sqlalchemy.orm import joinedload, subqueryload

from judging.db.models import Assignment, Entry, Judge, Panel, SheetOverride, SheetVersion
from judging.db.queries.counting import APPROVED_OVERRIDE, NEWEST_VERSION
from judging.domain.lifecycle import SETTLED_SHEETS, SheetState
from judging.domain.pace import minutes_left, minutes_of_panel, pace_of, usual_pace
from judging.domain.rules import GapRule
from judging.domain.scoring import ballots_by_entry, gaps_over_limit
from judging.domain.structure import frozen_digest
from judging.domain.totals import sheet_total
from judging.services.results.standings import load_ballots

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from judging.db.models import Contest
    from judging.domain.rules import Round

SILENT_AFTER = timedelta(days=1)
"""A judge with sheets left who has done nothing for this long is called silent (our own default)."""

_MARGIN = 0.001
_GONE = (SheetState.RECUSED, SheetState.REASSIGNED)


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeProgress:
    """One judge's sheets of the round. `last` is when one of them last changed, `minutes` what is left at this pace."""

    judge: Judge
    done: int
    total: int
    written_off: int
    last: datetime | None
    silent: bool
    minutes: int | None = None

    @property
    def left(self) -> int:
        """Sheets that are still awaited."""
        return self.total - self.done - self.written_off


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelProgress:
    """The sheets on the entries of one panel's categories; `panel` is None for entries of no panel."""

    panel: Panel | None
    done: int
    total: int
    silent: int
    gaps: int
    minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """An entry whose judges differ by more than the limit: the totals in points, lowest first, and nobody's name."""

    entry: Entry
    size: Fraction
    totals: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundProgress:
    """A round's sheets: recorded and expected, by panel and by judge, and the gaps of entries that are locked."""

    done: int
    total: int
    judges: tuple[JudgeProgress, ...] = ()
    panels: tuple[PanelProgress, ...] = ()
    gaps: tuple[Gap, ...] = field(default=())

    @property
    def silent(self) -> tuple[JudgeProgress, ...]:
        """Judges who have stopped."""
        return tuple(one for one in self.judges if one.silent)


@dataclass(slots=True)
class _Tally:
    states: Counter[str] = field(default_factory=Counter)
    last: datetime | None = None


def round_progress(
    session: Session, *, contest: Contest, judged: Round, open_since: datetime | None, now: datetime
) -> RoundProgress:
    """Count the sheets of a round, with a number of queries that does not depend on how many there are.

    `open_since` is None unless the round is open now: nobody is silent in a closed round. Gaps are told of locked
    entries only: before that nobody sees what the judges think of an entry.
    """
    by_judge, by_category = _tallies(session, contest, judged.key)
    judges = with_minutes(
        session, contest, judged.key, _judge_rows(session, contest, by_judge, open_since=open_since, now=now)
    )
    gaps = find_gaps(session, contest=contest, judged=judged)
    panels = _panel_rows(session, contest, by_category, judges, gaps)
    return RoundProgress(
        done=sum(one.done for one in judges),
        total=sum(one.total for one in judges),
        judges=judges,
        panels=panels,
        gaps=gaps,
    )


def find_gaps(session: Session, *, contest: Contest, judged: Round) -> tuple[Gap, ...]:
    """The locked entries whose judges differ by more than the round's limit, the widest gap first."""
    if judged.gap_rule is GapRule.OFF:
        return ()
    among = _perhaps_wide(contest, judged)
    ballots = load_ballots(session, contest=contest, round_key=judged.key, only_locked=True, among=among)
    sizes = gaps_over_limit(judged, ballots)
    if not sizes:
        return ()
    query = select(Entry).where(Entry.contest_id == contest.id, Entry.alias.in_(sizes))
    entries = {entry.alias: entry for entry in session.scalars(query)}
    sheets = ballots_by_entry(ballots)
    found = [
        Gap(
            entry=entries[alias],
            size=size,
            totals=tuple(sorted(sheet_total(judged.rubric, one.marks) for one in sheets[alias] if not one.consensus)),
        )
        for alias, size in sizes.items()
    ]
    return tuple(sorted(found, key=lambda gap: (-gap.size, gap.entry.number)))


def _perhaps_wide(contest: Contest, judged: Round) -> Select[str]:
    """The entries whose stored totals lie nearly as far apart as the limit, or whose stored totals prove nothing.

    Stored totals have six places and are compared as floats here, which decides nothing: the sheets of these entries
    are added up exactly. A total under another rubric, from before an amendment, says nothing about this one, and
    nor does that of a sheet that was decided over.
    """
    # An erased total is no number, and no total either.
    total = cast(func.nullif(SheetVersion.total, ""), Float)
    unlike = (SheetVersion.rubric_digest != frozen_digest(judged.rubric)) | SheetOverride.id.is_not(None)
    other = func.sum(case((unlike, 1), else_=0))
    return (
        select(Assignment.entry_id)
        .join(SheetVersion, NEWEST_VERSION)
        .outerjoin(SheetOverride, APPROVED_OVERRIDE)
        .where(
            Assignment.contest_id == contest.id,
            Assignment.round == judged.key,
            Assignment.state == SheetState.SUBMITTED,
        )
        .group_by(Assignment.entry_id)
        .having(or_(func.max(total) - func.min(total) > float(judged.gap_limit) - _MARGIN, other > 0))
    )


def _tallies(session: Session, contest: Contest, round_key: str) -> tuple[dict[str, _Tally], dict[str, Counter[str]]]:
    query = (
        select(Assignment.judge_id, Entry.category, Assignment.state, func.count(), func.max(Assignment.changed_at))
        .join(Entry, Entry.id == Assignment.entry_id)
        .where(Assignment.contest_id == contest.id, Assignment.round == round_key, Assignment.state.not_in(_GONE))
        .group_by(Assignment.judge_id, Entry.category, Assignment.state)
    )
    by_judge: dict[str, _Tally] = defaultdict(_Tally)
    by_category: dict[str, Counter[str]] = defaultdict(Counter)
    for judge_id, category, state, count, last in session.execute(query):
        tally = by_judge[judge_id]
        tally.states[state] += count
        tally.last = last if tally.last is None else max(tally.last, last)
        by_category[category][state] += count
    return by_judge, by_category


def _judge_rows(
    session: Session, contest: Contest, by_judge: dict[str, _Tally], *, open_since: datetime | None, now: datetime
) -> tuple[JudgeProgress, ...]:
    query = (
        select(Judge)
        .where(Judge.contest_id == contest.id, Judge.id.in_(by_judge))
        .options(joinedload(Judge.account), subqueryload(Judge.seats))
    )
    rows = [_judge_row(judge, by_judge[judge.id], open_since=open_since, now=now) for judge in session.scalars(query)]
    return tuple(sorted(rows, key=lambda one: (-one.left, one.judge.account.name, one.judge.alias)))


def with_minutes(
    session: Session, contest: Contest, round_key: str, judges: Sequence[JudgeProgress]
) -> tuple[JudgeProgress, ...]:
    """The same judges with the minutes that they need at their own pace, or at the usual one where that is unknown."""
    query = (
        select(Assignment.judge_id, SheetVersion.submitted_at)
        .join(SheetVersion, SheetVersion.assignment_id == Assignment.id)
        .where(Assignment.contest_id == contest.id, Assignment.round == round_key, SheetVersion.number == 1)
    )
    moments: dict[str, list[datetime]] = defaultdict(list)
    for judge_id, at in session.execute(query):
        moments[judge_id].append(at)
    paces = {judge_id: pace for judge_id, found in moments.items() if (pace := pace_of(found)) is not None}
    usual = usual_pace(paces.values())
    return tuple(replace(one, minutes=minutes_left(one.left, paces.get(one.judge.id, usual))) for one in judges)


def _judge_row(judge: Judge, tally: _Tally, *, open_since: datetime | None, now: datetime) -> JudgeProgress:
    left = sum(count for state, count in tally.states.items() if state not in SETTLED_SHEETS)
    return JudgeProgress(
        judge=judge,
        done=tally.states[SheetState.SUBMITTED],
        total=tally.states.total(),
        written_off=tally.states[SheetState.WRITTEN_OFF],
        last=tally.last,
        silent=bool(left and open_since and now - max(tally.last or open_since, open_since) > SILENT_AFTER),
    )


def _panel_rows(
    session: Session,
    contest: Contest,
    by_category: dict[str, Counter[str]],
    judges: Sequence[JudgeProgress],
    gaps: Sequence[Gap],
) -> tuple[PanelProgress, ...]:
    query = select(Panel).where(Panel.contest_id == contest.id).order_by(Panel.position)
    panels: list[tuple[Panel | None, set[str]]] = [(panel, set(panel.categories)) for panel in session.scalars(query)]
    covered = {category for _, categories in panels for category in categories}
    rest = set(by_category) - covered
    if rest:
        panels.append((None, rest))
    rows = []
    for panel, categories in panels:
        counts = sum((by_category[key] for key in categories if key in by_category), Counter[str]())
        members = [one for one in judges if panel and any(seat.panel_id == panel.id for seat in one.judge.seats)]
        rows.append(
            PanelProgress(
                panel=panel,
                done=counts[SheetState.SUBMITTED],
                total=counts.total(),
                silent=sum(one.silent for one in members),
                gaps=sum(gap.entry.category in categories for gap in gaps),
                minutes=minutes_of_panel([one.minutes for one in members]) if members else None,
            )
        )
    return tuple(rows)

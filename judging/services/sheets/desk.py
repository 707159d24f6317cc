"""The judge's desk: what is to be done over all contests, and how long it will take at one's own pace."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from math import ceil
from statistics import median
from typing import TYPE_CHECKING

from judging.db.queries import judge as queries
from judging.db.queries.round_end import later_ends
from judging.db.queries.warm_up import FirstSheet, first_sheets_to_see_again
from judging.domain.lifecycle import ContestPhase, SheetState
from judging.domain.permissions import can_see_sheets
from judging.errors import ContestSuspended, RulesError
from judging.services.contests.editions import contest_rules, why_suspended
from judging.services.judges.repeats.order import first_unfinished, has_open_repeat, in_one_order, placed_repeats
from judging.services.sheets.readings import OPEN_ROUND, entry_is_locked, round_deadline
from judging.services.sheets.warm_up import awaits_second_look

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Account, Contest, ContestRound
    from judging.domain.permissions import Actor
    from judging.domain.rules import ContestRules, Round
    from judging.plugins import Registry
    from judging.services.judges.repeats.reading import RepeatReading
    from judging.services.sheets.readings import Reading

# A longer pause between two sheets is a break, not the time that an entry took.
LONGEST_SITTING = timedelta(minutes=45)
_RECENT = 20
_FEWEST = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskRound:
    """One round of one contest as its judge meets it.

    `total` counts the readings that the judge still has, `done` those submitted or written off. `next_id` is the first
    unfinished one. `minutes` is what is left at the judge's own pace, None while too few sheets are in to tell.
    `is_open` says whether sheets are taken now; `undeclared` counts entries whose conflicts are not declared yet;
    `again` are the first sheets that are to be looked at once more, when nothing else is left. Repeats count as any.
    """

    contest: Contest
    rules: ContestRules
    judged: Round
    stage: ContestRound
    deadline: datetime | None
    total: int
    done: int
    next_id: str | None
    minutes: int | None
    is_open: bool
    undeclared: int
    again: tuple[FirstSheet, ...] = ()

    @property
    def left(self) -> int:
        """How many sheets are still to be submitted."""
        return self.total - self.done


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceInOrder:
    """Where a reading stands among the judge's readings of its round, counted from 1, and which comes next."""

    position: int
    total: int
    left: int
    next_id: str | None
    minutes: int | None


def list_desk(session: Session, *, registry: Registry, account: Account) -> list[DeskRound]:
    """Every round in which the person has readings, in all contests: open ones with work first, soonest deadline first.

    Always the same number of queries. Contests whose rules cannot be read any more are left out.
    """
    roles = queries.judging_roles(session, account_id=account.id)
    rules = {contest.id: read for _, contest in roles if (read := _readable_rules(registry, contest)) is not None}
    contests = {contest.id: (judge, contest) for judge, contest in roles if contest.id in rules}
    judge_ids = [judge.id for judge, _ in contests.values()]
    counts = _counts(queries.tallies(session, judge_ids=judge_ids))
    following = queries.next_readings(session, judge_ids=judge_ids)
    times = _times(queries.first_sheets(session, judge_ids=judge_ids))
    undeclared = queries.undeclared_counts(session, judge_ids=judge_ids)
    again = _to_see_again(session, rules.values(), judge_ids)
    repeats = placed_repeats(session, judge_ids=judge_ids)
    later = later_ends(session, judge_ids=judge_ids)
    rounds = []
    for stage in queries.stages_of(session, contest_ids=list(contests)):
        judge, contest = contests[stage.contest_id]
        judged = rules[contest.id].find_round(stage.key)
        states = counts.get((judge.id, stage.key))
        if judged is None or not states:
            continue
        shown_twice = repeats[judge.id, stage.key]
        total = sum(states.values()) + len(shown_twice)
        done = _done(states) + sum(one.state == SheetState.SUBMITTED for one in shown_twice)
        is_open = _takes_sheets(registry, contest, stage)
        rounds.append(
            DeskRound(
                contest=contest, rules=rules[contest.id], judged=judged, stage=stage,
                deadline=round_deadline(contest, stage, own=later.get((judge.id, stage.key))), total=total, done=done,
                next_id=first_unfinished(following.get((judge.id, stage.key)), shown_twice),
                minutes=minutes_left(times[judge.id, stage.key], total - done),
                is_open=is_open, undeclared=undeclared.get(judge.id, 0),
                again=_of_round(again[judge.id, stage.key], judged) if is_open and total == done else (),
            )
        )  # fmt: skip
    return sorted(rounds, key=_urgency)


def find_place(session: Session, *, reading: Reading | RepeatReading) -> PlaceInOrder:
    """Where the reading stands in its judge's order, and the next unfinished one after it (or from the beginning)."""
    judge_id, round_key = reading.assignment.judge.id, reading.judged.key
    order = in_one_order(
        queries.readings_in_order(session, judge_id=judge_id, round_key=round_key),
        placed_repeats(session, judge_ids=[judge_id])[judge_id, round_key],
    )
    ids = [one.id for one in order]
    here = ids.index(reading.assignment.id) if reading.assignment.id in ids else len(ids)
    following = [one for one in [*order[here + 1 :], *order[:here]] if one.state in queries.UNFINISHED]
    # What is set aside waits until nothing else is left, wherever the judge stands now.
    unfinished = [one.id for one in sorted(following, key=lambda one: one.aside)]
    left = len(unfinished) + (1 if reading.state in queries.UNFINISHED else 0)
    times = _times(queries.first_sheets(session, judge_ids=[judge_id]))
    return PlaceInOrder(
        position=here + 1,
        total=len(ids),
        left=left,
        next_id=unfinished[0] if unfinished else None,
        minutes=minutes_left(times[judge_id, round_key], left),
    )


def minutes_left(submitted: Sequence[datetime], left: int) -> int | None:
    """How many minutes `left` sheets take at the pace of the sheets submitted at these times; None when unknown.

    The pace is the median time between sheets of one sitting, the latest twenty counted.
    """
    sittings = [
        (later - earlier).total_seconds()
        for earlier, later in pairwise(submitted)
        if timedelta(0) < later - earlier <= LONGEST_SITTING
    ][-_RECENT:]
    if len(sittings) < _FEWEST or left < 1:
        return None
    return max(1, ceil(median(sittings) * left / 60))


def panel_totals(session: Session, *, reading: Reading, actor: Actor) -> list[queries.PanelSheet]:
    """The other judges' totals of this entry: nothing before the entry is locked and one's own second look is over.

    Nothing either while entries may still be shown again in the round, so that no second sheet follows others.
    """
    entry_id, round_key = reading.assignment.entry_id, reading.assignment.round
    locked = entry_is_locked(session, entry_id=entry_id, round_key=round_key)
    if awaits_second_look(session, reading=reading) or has_open_repeat(session, reading=reading):
        return []
    if not can_see_sheets(actor, reading.relation, own=False, locked=locked):
        return []
    return queries.panel_sheets(session, entry_id=entry_id, round_key=round_key, besides=reading.assignment.id)


def _to_see_again(
    session: Session, rules: Iterable[ContestRules], judge_ids: Sequence[str]
) -> defaultdict[tuple[str, str], list[FirstSheet]]:
    """By judge and round, nothing asked where no round has a warm-up; a round may still want fewer of them."""
    found: defaultdict[tuple[str, str], list[FirstSheet]] = defaultdict(list)
    most = max((judged.warm_up for one in rules for judged in one.rounds), default=0)
    if most:
        for sheet in first_sheets_to_see_again(session, judge_ids=judge_ids, most=most):
            found[sheet.judge_id, sheet.round].append(sheet)
    return found


def _of_round(sheets: Iterable[FirstSheet], judged: Round) -> tuple[FirstSheet, ...]:
    return tuple(one for one in sheets if one.place <= judged.warm_up)


def _readable_rules(registry: Registry, contest: Contest) -> ContestRules | None:
    try:
        return contest_rules(registry, contest)
    except (ContestSuspended, RulesError):
        return None


def _takes_sheets(registry: Registry, contest: Contest, stage: ContestRound) -> bool:
    in_judging = contest.phase == ContestPhase.JUDGING and stage.state == OPEN_ROUND
    return in_judging and why_suspended(registry, contest) is None


def _counts(found: Iterable[queries.Tally]) -> Mapping[tuple[str, str], dict[str, int]]:
    counts: defaultdict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for tally in found:
        counts[tally.judge_id, tally.round][tally.state] = tally.number
    return counts


def _times(sheets: Iterable[queries.OwnSheet]) -> defaultdict[tuple[str, str], list[datetime]]:
    times: defaultdict[tuple[str, str], list[datetime]] = defaultdict(list)
    for sheet in sheets:
        times[sheet.judge_id, sheet.round].append(sheet.at)
    return times


def _done(states: Mapping[str, int]) -> int:
    return states.get(SheetState.SUBMITTED.value, 0) + states.get(SheetState.WRITTEN_OFF.value, 0)


def _urgency(work: DeskRound) -> tuple[bool, bool, float, int, str, int]:
    waiting = work.is_open and work.left > 0
    until = work.deadline.timestamp() if work.deadline is not None else float("inf")
    return not waiting, work.deadline is None, until, -work.contest.year, work.contest.id, work.stage.position

"""Two outcomes side by side: what is otherwise in the second."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from judging.domain.awards import AwardPlan
from judging.domain.gates import passes
from judging.domain.leaving_out.ground import Outcome
from judging.domain.leaving_out.values import GatePassed, JudgeEffect, Onward, PrizeChange, PrizePlace, RankChange
from judging.domain.rules import ContestRules
from judging.domain.values import Standing

_NONE = Fraction(0)


def compare(
    rules: ContestRules, before: Outcome, after: Outcome, *, judge: str, sheets: int, most: int | None = None
) -> JudgeEffect:
    """What would be otherwise without the judge. Of the entries that move, the `most` who move furthest are named."""
    changes = list(_rank_changes(before, after))
    moved = sorted((one for one in changes if one.distance), key=furthest)
    shifted = [one for one in changes if one.shift]
    return JudgeEffect(
        judge=judge,
        sheets=sheets,
        ranks=tuple(moved[:most]),
        moved=len(moved),
        distance=sum(one.distance for one in moved),
        largest=min(shifted, key=most_shifted, default=None),
        without_sheet=tuple(sorted(one for one in changes if one.after is None)),
        onward=tuple(_onward(before, after)),
        gates=tuple(_gates(rules, before, after)),
        prizes=prize_changes(rules, before.plan, after.plan) if before.plan and after.plan else (),
    )


def furthest(change: RankChange) -> tuple[int, int, str, str]:
    """Sorts by how far an entry moves, the furthest first."""
    return (-change.distance, change.before, change.round, change.entry)


def most_shifted(change: RankChange) -> tuple[object, ...]:
    """Sorts by how much a score shifts, the most first."""
    return (-abs(change.shift or 0), change.before, change.round, change.entry)


def _rank_changes(before: Outcome, after: Outcome) -> Iterator[RankChange]:
    for key, old in before.standings.items():
        if after.standings[key] is old:
            continue
        new = _by_entry(after.standings[key])
        for one in old:
            now = new.get(one.entry)
            if now is None:
                yield RankChange(key, one.entry, one.rank, None, None)
            elif now is not one:
                shift = _NONE if now.score is one.score else now.score.value - one.score.value
                if shift or now.rank != one.rank:
                    yield RankChange(key, one.entry, one.rank, now.rank, shift)


def _onward(before: Outcome, after: Outcome) -> Iterator[Onward]:
    for key, old in before.onward.items():
        yield from (Onward(key, entry, would=entry not in old) for entry in sorted(old ^ after.onward[key]))


def _gates(rules: ContestRules, before: Outcome, after: Outcome) -> Iterator[GatePassed]:
    """Gates that another side of an entry is on; one left without a sheet has nothing to hold against a gate."""
    for gate in rules.gates:
        judged = rules.find_round(gate.round)
        if judged is None or after.standings[gate.round] is before.standings[gate.round]:
            continue
        new = _by_entry(after.standings[gate.round])
        for one in before.standings[gate.round]:
            now = new.get(one.entry)
            # Where neither sheet nor score changed, what a gate looks at is the very same.
            if now is not None and now.criteria is not one.criteria:
                would = passes(gate, now, judged.rubric)
                if would != passes(gate, one, judged.rubric):
                    yield GatePassed(gate.key, one.entry, would)


def prize_changes(rules: ContestRules, before: AwardPlan, after: AwardPlan) -> tuple[PrizeChange, ...]:
    """Who has another prize in the second plan, the highest level first."""
    levels = {award.key: place for place, award in enumerate(rules.awards)}
    old, new = _places(before), _places(after)
    open_before, open_after = _lowest_open(levels, before), _lowest_open(levels, after)
    changes = []
    for entry in old.keys() | new.keys():
        had, gets = old.get(entry), new.get(entry)
        if had != gets:
            waits = _may_wait(levels, had, gets, open_after) or _may_wait(levels, gets, had, open_before)
            changes.append(PrizeChange(entry, had, gets, waits))
    return tuple(sorted(changes, key=lambda one: (_highest(levels, one), one.entry)))


def _places(plan: AwardPlan) -> dict[str, PrizePlace]:
    return {grant.entry: PrizePlace(grant.level, grant.board) for grant in plan.grants}


def _lowest_open(levels: Mapping[str, int], plan: AwardPlan) -> int:
    """The place of the lowest level on which a tie waits for a vote; -1 when none does."""
    return max((levels[one.where] for one in plan.unresolved if one.where in levels), default=-1)


def _may_wait(levels: Mapping[str, int], here: PrizePlace | None, there: PrizePlace | None, lowest_open: int) -> bool:
    """Whether an entry with a prize here and none there may get one there yet, by the vote that is open there."""
    return here is not None and there is None and levels.get(here.level, 0) <= lowest_open


def _highest(levels: Mapping[str, int], change: PrizeChange) -> int:
    return min(levels.get(place.level, len(levels)) for place in (change.before, change.after) if place)


def _by_entry(standings: Sequence[Standing]) -> Mapping[str, Standing]:
    return {one.entry: one for one in standings}

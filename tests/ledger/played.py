"""Whole contests played by chance from a seed: sheets, new versions, recusals, missing sheets, overrides, votes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from judging.domain.awards import grant_awards
from judging.domain.ledger.leaf_types import Disqualify, Extend, Override, Recuse, Vote, Withdraw
from judging.domain.ledger.recount import recount
from judging.domain.rubric import Rubric
from judging.domain.rules import ContestRules, Round
from judging.domain.values import Grant, Standing
from tests.ledger.log_maker import COMMITTEE, HASH, OFFICE, LogMaker

EVERYTHING = ("versions", "recusals", "missing", "overrides", "removals", "consensus", "votes")


def with_aggregator(rules: ContestRules, aggregator: str) -> ContestRules:
    rounds = (
        replace(one, aggregator=aggregator, judges_per_entry=max(5, one.judges_per_entry)) for one in rules.rounds
    )
    return replace(rules, rounds=tuple(rounds))


def play(
    rules: ContestRules,
    seed: int,
    *,
    entries: int = 12,
    coarse: bool = True,
    events: Sequence[str] = EVERYTHING,
    advance: bool = True,
) -> LogMaker:
    """A contest from its opening to its closing. `coarse` marks lie at the ends of the scales, so that ties abound."""
    chance = Random(seed)
    divisions: list[str | None] = [one.key for one in rules.divisions]
    divisions = divisions or [None]
    boards = {
        f"e-{number:04d}": (chance.choice(rules.categories).key, chance.choice(divisions)) for number in range(entries)
    }
    log = LogMaker(rules=rules, boards=boards)
    judges = [f"j-{number:04d}" for number in range(9)]
    log.open(judges)
    onward = list(boards)
    for judged in rules.rounds:
        _Played(log, judged, chance, judges, coarse=coarse, events=events).run(onward)
        log.close_round(judged.key)
        if "votes" in events:
            _vote(log, judged, chance)
        if judged is not rules.rounds[-1]:
            onward = list(log.advance(judged.key)) if advance else onward
    log.close(_prizes(log))
    return log


class _Played:
    """One round of a contest."""

    def __init__(
        self, log: LogMaker, judged: Round, chance: Random, judges: list[str], *, coarse: bool, events: Sequence[str]
    ) -> None:
        self.log, self.judged, self.chance, self.judges = log, judged, chance, judges
        self.coarse, self.events = coarse, events
        self.submitted: dict[tuple[str, str], int] = {}

    def run(self, entries: Sequence[str]) -> None:
        seats = min(self.judged.judges_per_entry, len(self.judges) - 2)
        plan = [(judge, entry) for entry in entries for judge in self.chance.sample(self.judges, seats)]
        self.chance.shuffle(plan)
        self.log.assign(self.judged.key, plan)
        for judge, entry in plan:
            if "missing" not in self.events or self.chance.random() > 0.05:
                self._submit(judge, entry)
        for (judge, entry), index in list(self.submitted.items()):
            self._happen(judge, entry, index)
        if "consensus" in self.events:
            for entry in self.chance.sample(list(entries), len(entries) // 3):
                self._agree(entry)
        if "removals" in self.events and len(entries) > 3:
            self._remove(*self.chance.sample(list(entries), 2))

    def _submit(self, judge: str, entry: str, *, consensus: bool = False) -> int:
        marks = some_marks(self.judged.rubric, self.chance, coarse=self.coarse)
        index = self.log.sheet(self.judged.key, judge, entry, marks, consensus=consensus)
        self.submitted[judge, entry] = index
        return index

    def _happen(self, judge: str, entry: str, index: int) -> None:
        event = self.chance.choice([*self.events, *(["nothing"] * 20)])
        if event == "versions":
            self._submit(judge, entry)
            if self.chance.random() < 0.3:
                self._submit(judge, entry)
        elif event == "recusals":
            self.log.add(Recuse(judge=judge, entry=entry, reason_sha256=HASH))
            others = sorted(set(self.judges) - self.log.plan[self.judged.key][entry])
            if others:
                self.log.assign(self.judged.key, [(others[0], entry)])
                self._submit(others[0], entry)
        elif event == "overrides":
            self._override(index)
            if self.chance.random() < 0.3:
                self._override(index)

    def _override(self, index: int) -> None:
        said = {"target": index, "reason_sha256": HASH, "by": OFFICE, "approved_by": COMMITTEE}
        if self.chance.random() < 0.5:
            self.log.add(Override(**said, exclude=True))  # type: ignore[arg-type]  # fields shared by both sorts
        else:
            marks = some_marks(self.judged.rubric, self.chance, coarse=self.coarse)
            scores = {key: str(mark) for key, mark in marks.items()}
            self.log.add(Override(**said, scores=scores))  # type: ignore[arg-type]  # fields shared by both sorts

    def _agree(self, entry: str) -> None:
        others = sorted(set(self.judges) - self.log.plan[self.judged.key][entry])
        if others:
            self.log.assign(self.judged.key, [(others[-1], entry)])
            self._submit(others[-1], entry, consensus=True)

    def _remove(self, first: str, second: str) -> None:
        self.log.add(Disqualify(entry=first, reason_sha256=HASH, by=OFFICE, approved_by=COMMITTEE))
        self.log.add(Withdraw(entry=second, reason_sha256=HASH, by=OFFICE, approved_by=OFFICE))
        self.log.add(Extend(what=self.judged.key, old="2026-03-02", new="2026-03-09", by=OFFICE))


def some_marks(rubric: Rubric, chance: Random, *, coarse: bool) -> dict[str, str]:
    marks = {}
    for criterion in rubric.criteria:
        for key, _, scale in criterion.scales:
            steps = int((scale.high - scale.low) / scale.step)
            found = [scale.low + step * scale.step for step in range(steps + 1)]
            if criterion.bands:
                found = [mark for mark in found if criterion.band_of(mark)]
            # `normalize` writes 24 as 2.4E+1; the log holds plain decimals.
            mark = chance.choice(found[-2:]) if coarse else chance.choice(found)
            marks[key] = format(mark.normalize(), "f") if mark else "0"
    return marks


def _vote(log: LogMaker, judged: Round, chance: Random) -> None:
    """The chair parts the first entries that share a rank."""
    standings = recount(log.rules, log.fold.tally()).standings[judged.key]
    shared = [one for one in standings if one.shared]
    if not shared or "chair-vote" not in log.rules.tie_breaks:
        return
    order = [one.entry for one in shared if one.rank == shared[0].rank]
    chance.shuffle(order)
    log.add(Vote(subject="tie", outcome={"round": judged.key, "order": order}, counts={"for": 3}, minutes_sha256=HASH))


def _prizes(log: LogMaker) -> tuple[Grant, ...]:
    standings = recount(log.rules, log.fold.tally()).standings
    last: tuple[Standing, ...] = standings[log.rules.rounds[-1].key]
    by_round = {key: {one.entry: one for one in places} for key, places in standings.items()}
    return grant_awards(log.rules, last, by_round=by_round).grants

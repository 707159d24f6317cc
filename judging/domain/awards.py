"""Prizes from standings: level after level, board after board, never more than planned and never by lot.

A level may stay empty: that is a normal outcome. A tie at a level's last place is left to a vote of the panel chair;
the levels that depend on it wait.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import NamedTuple

from judging.domain.boards import board_label, board_of, boards_of
from judging.domain.gates import gate_problem, passes
from judging.domain.rules import Award, ContestRules, Gate, GateScope
from judging.domain.values import Grant, Problem, Standing
from judging.errors import N_

ByRound = Mapping[str, Mapping[str, Standing]]
"""Standings by round key and entry: what gates on rounds before the last look at."""

Candidates = Callable[[Award, str], Iterable[Sequence[str]]]
"""For a level and a board, the entries that stand there and clear the level's gates, the best first.

Those that nothing parts come together, in the order of their aliases.
"""


class EmptyPlaces(NamedTuple):
    """Places of a level that nobody won on a board."""

    level: str
    board: str
    places: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardPlan:
    """Prizes given, places that stay empty, and what a person must decide before the rest can be given."""

    grants: tuple[Grant, ...] = ()
    empty: tuple[EmptyPlaces, ...] = ()
    unresolved: tuple[Problem, ...] = ()


@dataclass(slots=True)
class _Draft:
    """The plan while it grows: `open` holds the entries whose tie waits for a vote."""

    grants: list[Grant] = field(default_factory=list)
    empty: list[EmptyPlaces] = field(default_factory=list)
    unresolved: list[Problem] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    open: set[str] = field(default_factory=set)


def grant_awards(rules: ContestRules, standings: Sequence[Standing], *, by_round: ByRound | None = None) -> AwardPlan:
    """Fill the ranked prizes in the order of `rules.awards` from the last round's standings.

    No entry gets two ranked levels; one that fails a level's gate may take a lower level. `by_round` gives the
    standings of earlier rounds for gates that name them; without them nobody passes such a gate, and that is reported.
    Side prizes (`special`) are the council's and are left out.
    """
    known = _with_last(rules, standings, by_round)
    order = sorted(standings, key=lambda one: (one.rank, one.entry))

    def candidates(award: Award, board: str) -> Iterator[Sequence[str]]:
        fit = (
            one
            for one in order
            if board_of(rules, award.board, one) == board and _failed_gate(rules, award, one.entry, known) is None
        )
        return ([one.entry for one in share] for _, share in groupby(fit, key=lambda one: one.rank))

    plan = fill_levels(rules, candidates)
    return replace(plan, unresolved=(*_blind_gates(rules, known), *plan.unresolved))


def fill_levels(rules: ContestRules, candidates: Candidates) -> AwardPlan:
    """Fill the ranked prizes from those who may win them; no more of the `candidates` are asked for than it takes."""
    draft = _Draft()
    for award in rules.awards:
        if award.special:
            continue
        for board in boards_of(rules, award.board):
            _fill(rules, award, board, _free(candidates(award, board), draft.taken), draft)
    return AwardPlan(grants=tuple(draft.grants), empty=tuple(draft.empty), unresolved=tuple(draft.unresolved))


def prize_gates(rules: ContestRules, award: Award) -> list[Gate]:
    """The gates that an entry must clear to win the level."""
    return [gate for gate in rules.gates if gate.scope is GateScope.PRIZE or gate.level == award.key]


def check_grants(
    rules: ContestRules, standings: Sequence[Standing], grants: Sequence[Grant], *, by_round: ByRound | None = None
) -> tuple[Problem, ...]:
    """Every reason why these prizes cannot be given, whoever proposed them; empty when they can.

    Checked: known levels and boards, planned numbers, entries with a standing on the board, one ranked level each,
    gates. The order of the standings is not: a council may move an entry. A side prize may go to any entry.
    """
    known = _with_last(rules, standings, by_round)
    by_entry = {standing.entry: standing for standing in standings}
    awards = {award.key: award for award in rules.awards}
    problems: list[Problem] = []
    for grant in grants:
        award = awards.get(grant.level)
        if award is None:
            problems.append(_wrong("level-unknown", N_("There is no prize “%(level)s”."), grant, grant.level))
        elif not award.special:
            problems.extend(_check_ranked(rules, award, grant, by_entry.get(grant.entry), known))
    problems.extend(_too_many(awards, grants))
    problems.extend(_twice(awards, grants))
    return tuple(problems)


def _with_last(rules: ContestRules, standings: Sequence[Standing], by_round: ByRound | None) -> ByRound:
    return {**(by_round or {}), rules.rounds[-1].key: {standing.entry: standing for standing in standings}}


def _failed_gate(rules: ContestRules, award: Award, entry: str, known: ByRound) -> Problem | None:
    for gate in prize_gates(rules, award):
        judged = rules.find_round(gate.round)
        standing = known.get(gate.round, {}).get(entry)
        if judged is None or standing is None:
            message = N_("No score to hold against the gate “%(gate)s”.")
            return Problem(code="gate", message=message, params={"gate": gate.label}, where=gate.key)
        if not passes(gate, standing, judged.rubric):
            return gate_problem(gate, standing, judged.rubric)
    return None


def _blind_gates(rules: ContestRules, known: ByRound) -> Iterator[Problem]:
    for gate in rules.gates:
        judged = rules.find_round(gate.round)
        if gate.scope is not GateScope.ADVANCE and judged is not None and gate.round not in known:
            yield Problem(
                code="gate-without-round",
                message=N_("The gate “%(gate)s” needs the standings of the round “%(round)s”."),
                params={"gate": gate.label, "round": judged.label},
                where=gate.key,
            )


def _free(shares: Iterable[Sequence[str]], taken: Collection[str]) -> Iterator[list[str]]:
    """The shares without those who have a prize."""
    for share in shares:
        free = [entry for entry in share if entry not in taken]
        if free:
            yield free


def _fill(rules: ContestRules, award: Award, board: str, shares: Iterator[list[str]], draft: _Draft) -> None:
    left = award.planned
    for share in shares if left else ():
        waiting = draft.open.intersection(share)
        if waiting or len(share) > left:
            # Whoever comes after the tie may win a place or not, depending on the vote: nothing more is given here.
            draft.unresolved.append(_tie(rules, award, board, share, waits=bool(waiting)))
            draft.open.update(share)
            if waiting:
                # Those who wait may win above, and leave their places here to as many of the next: these wait too.
                draft.open.update(_next_in_line(shares, left))
            return
        draft.grants.extend(Grant(entry=entry, level=award.key, board=board) for entry in share)
        draft.taken.update(share)
        left -= len(share)
        if left == 0:
            return
    if left:
        draft.empty.append(EmptyPlaces(award.key, board, left))


def _next_in_line(shares: Iterator[list[str]], places: int) -> Iterator[str]:
    """The entries of the next ranks, until there are as many as `places`; entries of one rank come together."""
    found = 0
    for share in shares:
        if found >= places:
            return
        found += len(share)
        yield from share


def _tie(rules: ContestRules, award: Award, board: str, entries: Sequence[str], *, waits: bool) -> Problem:
    return Problem(
        code="waits-for-vote" if waits else "tie-at-level",
        message=N_("“%(level)s” waits for the vote on %(entries)s.")
        if waits
        else N_("Nothing parts %(entries)s at the last place of “%(level)s”: the panel chair must vote."),
        params={"level": award.label, "entries": ", ".join(sorted(entries)), "board": board_label(rules, board)},
        where=award.key,
    )


def _wrong(code: str, message: str, grant: Grant, level: str, **more: object) -> Problem:
    return Problem(code=code, message=message, params={"entry": grant.entry, "level": level, **more}, where=grant.entry)


def _check_ranked(
    rules: ContestRules, award: Award, grant: Grant, standing: Standing | None, known: ByRound
) -> Iterator[Problem]:
    if standing is None:
        message = N_("Entry %(entry)s has no standing and cannot win “%(level)s”.")
        yield _wrong("entry-unknown", message, grant, award.label)
        return
    if grant.board not in boards_of(rules, award.board) or board_of(rules, award.board, standing) != grant.board:
        message = N_("Entry %(entry)s does not stand on the board that “%(level)s” is given for.")
        yield _wrong("board-wrong", message, grant, award.label)
    failed = _failed_gate(rules, award, grant.entry, known)
    if failed is not None:
        message = N_("Entry %(entry)s does not pass the gate “%(gate)s” of “%(level)s”.")
        yield _wrong("gate", message, grant, award.label, gate=failed.params["gate"])


def _too_many(awards: Mapping[str, Award], grants: Sequence[Grant]) -> Iterator[Problem]:
    for (level, board), given in Counter((grant.level, grant.board) for grant in grants).items():
        award = awards.get(level)
        if award is not None and given > award.planned:
            yield Problem(
                code="too-many",
                message=N_("“%(level)s” is planned %(planned)s times, not %(given)s."),
                params={"level": award.label, "planned": award.planned, "given": given, "board": board},
                where=level,
            )


def _twice(awards: Mapping[str, Award], grants: Sequence[Grant]) -> Iterator[Problem]:
    ranked = Counter(grant.entry for grant in grants if grant.level in awards and not awards[grant.level].special)
    side = Counter(
        (grant.entry, grant.level) for grant in grants if grant.level in awards and awards[grant.level].special
    )
    entries = [entry for entry, count in ranked.items() if count > 1]
    entries += [entry for (entry, _), count in side.items() if count > 1]
    for entry in sorted(set(entries)):
        yield Problem(
            code="twice", message=N_("Entry %(entry)s is given two prizes."), params={"entry": entry}, where=entry
        )

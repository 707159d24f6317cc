"""Whose scores are compared with whose, and whether judges' scores can be compared at all.

Judges who read no entry in common, not even through a chain of others, may be strict or mild without anybody being able
to tell: a ranking that mixes their scores then ranks judges as much as entries.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations

from judging.domain.rules import Board, ContestRules, Round

Parts = tuple[tuple[str, ...], ...]
"""Judges by alias, in sets that no common entry joins; the largest set first."""


def comparing_board(rules: ContestRules, judged: Round) -> Board:
    """The board on which the round's scores compete: that of its quota, else the widest of the ranked prizes.

    A contest whose ranked prizes are for divisions and for categories at once is compared as a whole.
    """
    boards = {judged.quota.board} if judged.quota else {one.board for one in rules.awards if not one.special}
    if len(boards) != 1:
        return Board.CONTEST
    board = boards.pop()
    return Board.CONTEST if board is Board.DIVISION and not rules.divisions else board


def comparison_groups(
    rules: ContestRules, judged: Round, entries: Iterable[tuple[str, str, str | None]]
) -> dict[str, str]:
    """The key of the board on which each entry (alias, category, division) competes in the round."""
    board = comparing_board(rules, judged)
    if board is Board.CATEGORY:
        return {alias: category for alias, category, _ in entries}
    if board is Board.DIVISION:
        return {alias: division or "" for alias, _, division in entries}
    return dict.fromkeys((alias for alias, _, _ in entries), "")


def judge_parts(readings: Iterable[tuple[str, str]], groups: Mapping[str, str]) -> dict[str, Parts]:
    """The parts of the judges in each group, from readings (judge, entry); entries without a group are left out."""
    by_group: dict[str, dict[str, str]] = defaultdict(dict)
    first: dict[str, str] = {}
    for judge, entry in sorted(set(readings)):
        if entry not in groups:
            continue
        root = by_group[groups[entry]]
        root.setdefault(judge, judge)
        other = first.setdefault(entry, judge)
        root[_root(root, judge)] = _root(root, other)
    return {group: _parts(root) for group, root in sorted(by_group.items())}


def unlinked(parts: Mapping[str, Parts]) -> dict[str, Parts]:
    """The groups whose scores cannot be compared throughout."""
    return {group: found for group, found in parts.items() if len(found) > 1}


def most_meetings(readings: Iterable[tuple[str, str]]) -> tuple[int, tuple[tuple[str, str], ...]]:
    """How many entries those two judges share who share most, and who all these pairs are; 0 without any."""
    by_entry: dict[str, set[str]] = defaultdict(set)
    for judge, entry in readings:
        by_entry[entry].add(judge)
    counts = Counter(pair for judges in by_entry.values() for pair in combinations(sorted(judges), 2))
    most = max(counts.values(), default=0)
    return most, tuple(sorted(pair for pair, count in counts.items() if count == most))


def _root(root: dict[str, str], judge: str) -> str:
    while root[judge] != judge:
        root[judge] = root[root[judge]]
        judge = root[judge]
    return judge


def _parts(root: dict[str, str]) -> Parts:
    sets: dict[str, list[str]] = defaultdict(list)
    for judge in sorted(root):
        sets[_root(root, judge)].append(judge)
    return tuple(sorted((tuple(one) for one in sets.values()), key=lambda one: (-len(one), one)))

"""Whose scores are compared, and which judges no common entry joins."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from judging.domain.comparison import comparing_board, comparison_groups, judge_parts, most_meetings, unlinked
from judging.domain.rules import Award, Board, Quota
from tests.domain.builders import some_rules

_PRIZE = Award(key="first", label="First", planned=1)
_READINGS = st.sets(st.tuples(st.sampled_from("ABCDEFGH"), st.integers(0, 9).map("e{}".format)), max_size=25)


def _reachable(readings: set[tuple[str, str]], start: str) -> set[str]:
    """The judges whom chains of common entries reach, step by step: slow and plain."""
    known = {start}
    while True:
        entries = {entry for judge, entry in readings if judge in known}
        more = {judge for judge, entry in readings if entry in entries}
        if more <= known:
            return known
        known |= more


@given(_READINGS)
def test_judges_are_in_one_part_exactly_when_a_chain_of_entries_joins_them(readings: set[tuple[str, str]]) -> None:
    groups = {entry: "" for _, entry in readings}

    parts = judge_parts(readings, groups).get("", ())

    assert sorted(judge for part in parts for judge in part) == sorted({judge for judge, _ in readings})
    for part in parts:
        assert set(part) == _reachable(readings, part[0])


@given(_READINGS)
def test_each_group_is_looked_at_alone(readings: set[tuple[str, str]]) -> None:
    groups = {entry: str(int(entry[1:]) % 2) for _, entry in readings}

    parts = judge_parts(readings, groups)

    for key in ("0", "1"):
        own = {(judge, entry) for judge, entry in readings if groups[entry] == key}
        assert parts.get(key, ()) == judge_parts(own, groups).get(key, ())


def test_two_panels_on_one_board_are_told_apart_and_one_common_reader_joins_them() -> None:
    readings = {("A", "e1"), ("B", "e1"), ("C", "e2"), ("D", "e2")}
    groups = {"e1": "", "e2": ""}

    assert unlinked(judge_parts(readings, groups)) == {"": (("A", "B"), ("C", "D"))}
    assert unlinked(judge_parts(readings | {("A", "e2")}, groups)) == {}
    assert unlinked(judge_parts(readings, {"e1": "one", "e2": "two"})) == {}


@given(_READINGS)
def test_most_meetings_counts_common_entries(readings: set[tuple[str, str]]) -> None:
    expected: Counter[tuple[str, str]] = Counter()
    for entry in {entry for _, entry in readings}:
        expected.update(combinations(sorted(judge for judge, one in readings if one == entry), 2))

    most, pairs = most_meetings(readings)

    assert most == max(expected.values(), default=0)
    assert set(pairs) == {pair for pair, count in expected.items() if count == most}


def test_round_is_compared_on_the_board_of_its_quota_or_of_the_ranked_prizes() -> None:
    rules = some_rules(awards=[_PRIZE])
    judged = rules.rounds[0]
    by_category = replace(judged, quota=Quota(places=2, board=Board.CATEGORY))
    without = replace(judged, quota=None)
    prizes = replace(rules, awards=tuple(replace(one, board=Board.CATEGORY) for one in rules.awards))

    assert comparing_board(rules, by_category) is Board.CATEGORY
    assert comparing_board(prizes, without) is Board.CATEGORY
    assert comparison_groups(rules, by_category, [("e1", "a", None), ("e2", "b", None)]) == {"e1": "a", "e2": "b"}


def test_contest_with_two_sorts_of_boards_is_compared_as_a_whole() -> None:
    mixed = some_rules(awards=[_PRIZE, replace(_PRIZE, key="second", board=Board.CATEGORY)])

    assert comparing_board(mixed, mixed.rounds[0]) is Board.CONTEST


def test_side_prizes_compare_nobody() -> None:
    side = replace(_PRIZE, key="side", special=True)
    rules = some_rules(awards=[replace(_PRIZE, board=Board.CATEGORY), side])

    assert comparing_board(rules, rules.rounds[0]) is Board.CATEGORY

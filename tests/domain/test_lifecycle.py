"""Lifecycles as tables: everything reachable, ends are ends, a path takes every step."""

from collections.abc import Mapping
from enum import StrEnum
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.lifecycle import (
    CONTEST_LABELS,
    CONTEST_MOVES,
    ENTRY_LABELS,
    ENTRY_MOVES,
    GUARD_LABELS,
    MAIN_LINE,
    PASSABLE_PHASES,
    POSTING_PHASES,
    RESULT_PUBLIC_PHASES,
    SETTLED_SHEETS,
    SHEET_LABELS,
    SHEET_MOVES,
    ContestPhase,
    EntryState,
    Guard,
    Move,
    SheetState,
    find_move,
    is_locked,
    may_move,
    moves_from,
    path,
)
from judging.domain.roles import ROLE_LABELS, Role

LIFECYCLES = [
    pytest.param(CONTEST_MOVES, ContestPhase, CONTEST_LABELS, {"archived", "cancelled"}, id="contest"),
    pytest.param(ENTRY_MOVES, EntryState, ENTRY_LABELS, {"withdrawn", "disqualified"}, id="entry"),
    pytest.param(SHEET_MOVES, SheetState, SHEET_LABELS, {"recused", "reassigned", "written-off"}, id="sheet"),
]


@pytest.mark.parametrize(("table", "states", "labels", "ends"), LIFECYCLES)
def test_every_state_is_reachable_from_the_first(
    table: tuple[Move[Any], ...], states: type[StrEnum], labels: Mapping[StrEnum, str], ends: set[str]
) -> None:
    reached = {next(iter(states))}
    while True:
        more = {move.target for move in table if move.source in reached} - reached
        if not more:
            break
        reached |= more

    assert reached == set(states)


@pytest.mark.parametrize(("table", "states", "labels", "ends"), LIFECYCLES)
def test_no_move_leaves_an_end_and_every_other_state_has_one(
    table: tuple[Move[Any], ...], states: type[StrEnum], labels: Mapping[StrEnum, str], ends: set[str]
) -> None:
    assert {state for state in states if not moves_from(table, state)} == ends


@pytest.mark.parametrize(("table", "states", "labels", "ends"), LIFECYCLES)
def test_every_state_can_still_come_to_an_end(
    table: tuple[Move[Any], ...], states: type[StrEnum], labels: Mapping[StrEnum, str], ends: set[str]
) -> None:
    ending = set(ends)
    while True:
        more = {move.source for move in table if move.target in ending} - ending
        if not more:
            break
        ending |= more

    assert ending == set(states)


@pytest.mark.parametrize(("table", "states", "labels", "ends"), LIFECYCLES)
def test_every_move_is_unique_and_somebody_may_make_it(
    table: tuple[Move[Any], ...], states: type[StrEnum], labels: Mapping[StrEnum, str], ends: set[str]
) -> None:
    assert len({(move.source, move.target) for move in table}) == len(table)
    assert all(move.source != move.target for move in table)
    assert all(move.roles for move in table)
    assert not any(may_move(move, {Role.PUBLIC, Role.AUDITOR, Role.GUARDIAN}) for move in table)
    assert set(labels) == set(states)


def test_every_guard_and_role_has_a_label() -> None:
    assert set(GUARD_LABELS) == set(Guard) - {Guard.NONE}
    assert set(ROLE_LABELS) == set(Role)


def test_path_of_a_contest_passes_every_later_step() -> None:
    steps = path(CONTEST_MOVES, ContestPhase.JUDGING, ContestPhase.PUBLISHED, through=PASSABLE_PHASES)

    assert [move.target for move in steps] == ["deliberation", "approved", "posted", "decided", "published"]
    assert all(may_move(move, {Role.ORGANISER}) for move in steps)


def test_path_does_not_pass_what_may_not_be_passed() -> None:
    assert path(CONTEST_MOVES, ContestPhase.DRAFT, ContestPhase.PUBLISHED, through=PASSABLE_PHASES) == ()
    assert [m.target for m in path(CONTEST_MOVES, ContestPhase.DRAFT, ContestPhase.OPEN, through=PASSABLE_PHASES)] == [
        "announced",
        "open",
    ]


@given(st.sampled_from(MAIN_LINE), st.sampled_from(MAIN_LINE))
def test_path_along_the_main_line_takes_each_step_once_and_never_goes_back(
    source: ContestPhase, target: ContestPhase
) -> None:
    steps = path(CONTEST_MOVES, source, target)

    first, last = MAIN_LINE.index(source), MAIN_LINE.index(target)
    assert [(move.source, move.target) for move in steps] == (
        list(pairwise(MAIN_LINE[first : last + 1])) if first < last else []
    )


def test_path_never_leads_through_side_moves() -> None:
    assert path(CONTEST_MOVES, ContestPhase.OPEN, ContestPhase.CANCELLED) == ()
    assert path(CONTEST_MOVES, ContestPhase.SUSPENDED, ContestPhase.PUBLISHED) == ()


def test_find_move_names_guard_roles_and_reason() -> None:
    returned = find_move(ENTRY_MOVES, EntryState.SUBMITTED, EntryState.RETURNED)

    assert returned is not None
    assert returned.needs_reason
    assert may_move(returned, {Role.SECRETARY})
    assert not may_move(returned, {Role.CONTESTANT, Role.JUDGE})
    assert find_move(ENTRY_MOVES, EntryState.DRAFT, EntryState.AWARDED) is None


def test_a_suspended_contest_can_go_on_wherever_it_can_be_suspended() -> None:
    into = {move.source for move in CONTEST_MOVES if move.target is ContestPhase.SUSPENDED}
    out = {
        move.target
        for move in CONTEST_MOVES
        if move.source is ContestPhase.SUSPENDED and move.guard is Guard.WHERE_IT_WAS
    }

    assert into == out
    assert ContestPhase.PUBLISHED not in into


def test_results_are_public_from_published_and_the_posting_from_posted() -> None:
    assert set(RESULT_PUBLIC_PHASES) == {"published", "archived"}
    assert set(POSTING_PHASES) == {"posted", "decided", "published", "archived"}


@pytest.mark.parametrize(
    ("states", "locked"),
    [
        ([], False),
        (["assigned"], False),
        (["submitted"], True),
        (["submitted", "draft"], False),
        (["submitted", "reopened"], False),
        (["submitted", "recused", "reassigned", "written-off"], True),
        (["recused", "written-off"], False),
    ],
)
def test_is_locked_when_nothing_is_awaited_and_something_is_submitted(states: list[str], locked: bool) -> None:
    assert is_locked(SheetState(state) for state in states) is locked


@given(st.lists(st.sampled_from(SheetState)))
def test_an_unsettled_sheet_keeps_the_entry_unlocked(states: list[SheetState]) -> None:
    for unsettled in set(SheetState) - SETTLED_SHEETS:
        assert not is_locked([*states, unsettled])

"""When a disk has too little room left: the shares and floors, at their edges."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.disk_room import FILES_FLOOR, GIGABYTE, MEGABYTE, SCORES_FLOOR, Room

SIZES = st.integers(min_value=1, max_value=100_000 * GIGABYTE)


@pytest.mark.parametrize(
    ("size", "floor"),
    [
        (500 * GIGABYTE, 25 * GIGABYTE),  # five per cent
        (20 * GIGABYTE, GIGABYTE),  # five per cent are just the floor
        (10 * GIGABYTE, GIGABYTE),
        (4 * GIGABYTE, GIGABYTE),
        (64 * MEGABYTE, 16 * MEGABYTE),  # a quarter of a small disk
    ],
)
def test_files_are_taken_down_to_the_floor(size: int, floor: int) -> None:
    assert Room(size=size, free=floor).takes_files
    assert not Room(size=size, free=floor - 1).takes_files


@pytest.mark.parametrize(
    ("size", "floor"),
    [
        (500 * GIGABYTE, 200 * MEGABYTE),
        (2 * GIGABYTE, 200 * MEGABYTE),
        (50 * MEGABYTE, 5 * MEGABYTE),  # a tenth of a small disk
    ],
)
def test_scores_are_taken_down_to_the_floor(size: int, floor: int) -> None:
    assert Room(size=size, free=floor).takes_scores
    assert not Room(size=size, free=floor - 1).takes_scores


@given(size=SIZES, share=st.fractions(min_value=0, max_value=1))
def test_files_are_refused_before_scores(size: int, share: Fraction) -> None:
    room = Room(size=size, free=int(size * share))
    assert room.takes_scores or not room.takes_files


@given(size=SIZES)
def test_empty_disk_takes_everything_and_a_full_one_nothing(size: int) -> None:
    empty, full = Room(size=size, free=size), Room(size=size, free=0)
    assert (empty.takes_files, empty.takes_scores) == (True, True)
    assert (full.takes_files, full.takes_scores) == (False, False)


@given(size=st.integers(min_value=4 * FILES_FLOOR, max_value=100_000 * GIGABYTE), free=st.integers(min_value=0))
def test_floors_hold_as_they_are_on_disks_of_an_ordinary_size(size: int, free: int) -> None:
    room = Room(size=size, free=free)
    assert room.takes_files is (free >= FILES_FLOOR and 20 * free >= size)
    assert room.takes_scores is (free >= SCORES_FLOOR)

"""The shared clock of a room: what each act does to it, and what it never does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.pitch_clock import ClockAct, ClockPart, PitchClock, move_clock
from judging.errors import Conflict

NINE = datetime(2026, 12, 3, 2, tzinfo=UTC)


def _after(seconds: float) -> datetime:
    return NINE + timedelta(seconds=seconds)


def test_presentation_pause_and_questions() -> None:
    clock = move_clock(PitchClock(), ClockAct.START, now=NINE)
    assert clock.part is ClockPart.PRESENTATION
    clock = move_clock(clock, ClockAct.PAUSE, now=_after(100))
    assert clock.passed(_after(900)) == timedelta(seconds=100)
    clock = move_clock(clock, ClockAct.START, now=_after(1000))
    assert clock.passed(_after(1010)) == timedelta(seconds=110)
    clock = move_clock(clock, ClockAct.QUESTIONS, now=_after(1020))
    assert (clock.part, clock.passed(_after(1021))) == (ClockPart.QUESTIONS, timedelta(seconds=1))
    assert move_clock(clock, ClockAct.RESET, now=_after(1030)) == PitchClock()


@pytest.mark.parametrize(
    ("before", "act"),
    [([], ClockAct.PAUSE), ([ClockAct.START], ClockAct.START), ([ClockAct.QUESTIONS], ClockAct.QUESTIONS)],
)
def test_an_act_that_means_nothing_is_refused(before: list[ClockAct], act: ClockAct) -> None:
    clock = PitchClock()
    for one in before:
        clock = move_clock(clock, one, now=NINE)
    with pytest.raises(Conflict):
        move_clock(clock, act, now=NINE)


def test_a_server_clock_set_back_takes_no_time_away() -> None:
    clock = move_clock(PitchClock(), ClockAct.START, now=NINE)
    assert clock.passed(_after(-5)) == timedelta()
    assert move_clock(clock, ClockAct.PAUSE, now=_after(-5)).spent_ms == 0


@given(st.lists(st.tuples(st.sampled_from(list(ClockAct)), st.integers(0, 5_000)), max_size=12))
def test_time_that_passed_is_time_that_ran(acts: list[tuple[ClockAct, int]]) -> None:
    clock, now, ran = PitchClock(), NINE, timedelta()
    for act, wait in acts:
        step = timedelta(milliseconds=wait)
        ran += step if clock.since is not None else timedelta()
        now += step
        try:
            clock = move_clock(clock, act, now=now)
        except Conflict:
            continue
        if act in (ClockAct.RESET, ClockAct.QUESTIONS):
            ran = timedelta()
    assert clock.passed(now) == ran
    assert (clock.part is ClockPart.IDLE) == (clock == PitchClock())

"""Requests are counted by key and window, and what is over is forgotten."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from judging.web import limit_memory
from judging.web.limit_memory import WindowMemory

NOON = datetime(2021, 6, 1, 12, 0, tzinfo=UTC)


def test_incr_counts_each_key_until_its_window_ends() -> None:
    memory = WindowMemory()
    with time_machine.travel(NOON, tick=False) as clock:
        assert [memory.incr("a", 60), memory.incr("a", 60), memory.incr("b", 60)] == [1, 2, 1]
        assert memory.get_expiry("a") == (NOON + timedelta(seconds=60)).timestamp()
        clock.shift(59)
        assert (memory.incr("a", 60), memory.get("a")) == (3, 3)
        clock.shift(1)
        assert (memory.get("a"), memory.incr("a", 60)) == (0, 1)


def test_clear_forgets_one_key_and_reset_all() -> None:
    memory = WindowMemory()
    for key in ("a", "b", "c"):
        memory.incr(key, 60)

    memory.clear("a")

    assert [memory.get(key) for key in ("a", "b", "c")] == [0, 1, 1]
    assert memory.reset() == 2
    assert memory.get("b") == 0


def test_many_keys_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limit_memory, "_MOST", 3)
    memory = WindowMemory()
    with time_machine.travel(NOON, tick=False) as clock:
        for number in range(9):
            memory.incr(f"old-{number}", 60)
            clock.shift(61)

    assert len(memory._windows) <= 4


def test_counting_starts_no_thread_and_loses_no_count() -> None:
    memory = WindowMemory()
    before = threading.active_count()
    memory.incr("a", 60)
    assert threading.active_count() == before

    def count() -> None:
        for _ in range(500):
            memory.incr("a", 60)

    threads = [threading.Thread(target=count) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert memory.get("a") == 2001

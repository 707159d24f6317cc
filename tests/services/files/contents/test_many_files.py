"""Many files are opened by forks of one process: each with bounds of its own, and none in the way of the next."""

from __future__ import annotations

import io
import os
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from judging.services.files.sandbox.many import CAN_FORK, many_parsers
from judging.services.files.sandbox.running import LOOKING, ParserStopped, run_parser
from tests.services.files.contents import samples
from tools.bench.planted import draw_picture

if TYPE_CHECKING:
    from collections.abc import Sequence

forks = pytest.mark.skipif(not CAN_FORK, reason="here each file has a process that loads its parsers itself")


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Sequence[subprocess.Popen[bytes]]:
    """The processes that were started meanwhile."""
    found: list[subprocess.Popen[bytes]] = []

    class Noted(subprocess.Popen[bytes]):
        def __init__(self, *given: Any, **more: Any) -> None:
            super().__init__(*given, **more)
            found.append(self)

    monkeypatch.setattr(subprocess, "Popen", Noted)
    return found


def _paper() -> io.BytesIO:
    return io.BytesIO(samples.pdf(2))


def test_files_tell_the_same_as_each_in_a_process_that_loads_its_parsers() -> None:
    asked = [
        ("look", "application/pdf", samples.pdf(2)),
        ("look", "application/pdf", samples.armed_pdf(samples.ARMS[0])),
        ("tell", "application/pdf", samples.pdf(2)),
        ("tell", "image/png", draw_picture(3)),
        ("tell", "image/png", b"no picture"),
    ]
    with many_parsers() as run:
        told = [run(act, kind, io.BytesIO(data), limits=LOOKING) for act, kind, data in asked]
    assert told == [run_parser(act, kind, io.BytesIO(data), limits=LOOKING) for act, kind, data in asked]


@forks
def test_one_process_is_started_for_all_files_and_ends_with_them(started: Sequence[subprocess.Popen[bytes]]) -> None:
    with many_parsers() as run:
        assert not started
        for _ in range(3):
            assert run("look", "application/pdf", _paper(), limits=LOOKING)["pages"] == 2
        assert [one.poll() for one in started] == [None]
    assert [one.poll() for one in started] != [None]


@forks
def test_file_that_is_too_much_for_its_bounds_is_stopped_and_the_next_is_opened() -> None:
    with many_parsers() as run:
        with pytest.raises(ParserStopped):
            run("look", "application/pdf", _paper(), limits=replace(LOOKING, memory=1))
        assert run("look", "application/pdf", _paper(), limits=LOOKING)["pages"] == 2


@forks
def test_file_that_takes_too_long_is_stopped_with_all_that_was_started_and_the_next_is_opened(
    started: Sequence[subprocess.Popen[bytes]],
) -> None:
    with many_parsers() as run:
        with pytest.raises(ParserStopped) as stopped:
            run("look", "application/pdf", _paper(), limits=replace(LOOKING, seconds=0))
        assert stopped.value.out_of_bounds
        assert started[0].poll() is not None
        assert run("look", "application/pdf", _paper(), limits=LOOKING)["pages"] == 2
    assert len(started) == 2


@forks
def test_process_that_was_killed_is_started_anew(started: Sequence[subprocess.Popen[bytes]]) -> None:
    with many_parsers() as run:
        run("look", "application/pdf", _paper(), limits=LOOKING)
        started[0].kill()
        started[0].wait()
        with pytest.raises(ParserStopped) as stopped:
            run("look", "application/pdf", _paper(), limits=LOOKING)
        assert not stopped.value.out_of_bounds
        assert run("look", "application/pdf", _paper(), limits=LOOKING)["pages"] == 2


@forks
def test_nothing_stays_open() -> None:
    def count() -> int:
        return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - names are enough

    before = count()
    with many_parsers() as run:
        for _ in range(3):
            run("look", "application/pdf", _paper(), limits=LOOKING)
        with pytest.raises(ParserStopped):
            run("look", "application/pdf", _paper(), limits=replace(LOOKING, memory=1))
    assert count() == before
